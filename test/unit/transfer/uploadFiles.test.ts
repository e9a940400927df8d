import { describe, expect, it } from '@jest/globals';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { ByInput } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { FittedRequest } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { Uploads } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/uploadFiles';
import {
	ONE_STEP_URL,
	TICKET_URL,
	createClient,
	createRefusal,
	createReset,
	createResponse,
	createSuccess,
	createUnreachable,
	freshApi,
} from '../support/api';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { type SeenRequest, jsonOf } from '../support/http';
import { type TestFile, PNG, createFitted, createMedia } from '../support/job';
import { createPicture, createVoice } from '../support/job';

const { calls, clock, http } = freshApi();

const STORAGE = /^https:\/\/storage\.example\/put\/\d+\?sig=secret$/;
const HEADERS = { 'Content-Type': 'image/png', 'If-None-Match': '*' };
const STORED = createResponse(200, '');

const store = fresh((): { state?: unknown } => ({}));
const uploads = fresh(() => createUploads());

/** What a new try of the node has: new objects over the same store, in which the usual files are. */
function createUploads(base?: string, stored = store): Uploads {
	const jobStore = new JobStore(openState(stored), clock.now, 'account');
	for (const input of INPUTS_FOR.two) jobStore.writeUpload(input, `https://files.example/${input}`);
	return new Uploads(createClient(http, clock, base), http, jobStore, calls);
}

/** An item of these files; its others are uploaded already. */
function createItem(files: ByInput<TestFile>): FittedRequest {
	const given = Object.entries(files).map(([input, file]) => [
		input,
		{ file, type: file.declaredType },
	]);
	return createFitted({ media: { ...createMedia(), ...Object.fromEntries(given) } });
}

async function upload(image = createPicture()) {
	return await uploads.mediaUrls(createItem({ image }));
}

/** Gives a ticket with addresses of its own. */
function giveTicket(data: Record<string, unknown> = {}, put: Record<string, unknown> = {}) {
	return () => {
		const number = http.to('POST', TICKET_URL).length;
		const url = `https://storage.example/put/${number}?sig=secret`;
		const download_url = `https://files.example/${number}`;
		const ticket = { method: 'PUT', url, headers: HEADERS, ...put };
		return createSuccess({ download_url, upload: ticket, ...data });
	};
}

function acceptAll(): void {
	http.always('POST', TICKET_URL, giveTicket()).always('PUT', STORAGE, STORED);
}

function puts(): SeenRequest[] {
	return http.requests.filter(({ method }) => method === 'PUT');
}

describe('an item', () => {
	it('whose files are uploaded already needs no upload', async () => {
		expect(await uploads.mediaUrls(createFitted())).toEqual({
			image: 'https://files.example/image',
			left_audio: 'https://files.example/leftAudio',
			right_audio: 'https://files.example/rightAudio',
		});
		expect(http.requests).toEqual([]);
	});

	it('of three files uploads each into its place', async () => {
		http.always('POST', TICKET_URL, (request) => {
			const download_url = `https://files.example/of-${String(jsonOf(request).filename)}`;
			return giveTicket({ download_url })();
		});
		http.always('PUT', STORAGE, createResponse(201, ''));
		const leftAudio = createVoice({ name: 'left' });
		const rightAudio = createVoice({ name: 'right' });
		const item = createItem({ image: createPicture(), leftAudio, rightAudio });
		expect(await uploads.mediaUrls(item)).toEqual({
			image: 'https://files.example/of-pair.png',
			left_audio: 'https://files.example/of-left',
			right_audio: 'https://files.example/of-right',
		});
	});
});

it('an upload asks for a ticket with name, size and type, and puts the bytes without the key', async () => {
	acceptAll();
	expect(await upload()).toMatchObject({ image: 'https://files.example/1' });
	const asked = { filename: 'pair.png', size: PNG.length, content_type: 'image/png' };
	expect(http.json(TICKET_URL)).toEqual([asked]);
	const [put] = puts();
	expect(put).toMatchObject({ announced: PNG.length, bytes: PNG });
	expect(put).toMatchObject({ authenticated: false, headers: HEADERS, idleTimeoutMs: 60_000 });
	// A long transfer may go on.
	expect(put).not.toHaveProperty('timeoutMs');
});

describe('a failed upload', () => {
	it.each([
		['HTTP 403', createResponse(403, '<Error>expired</Error>')],
		['HTTP 429', createResponse(429, '')],
		['HTTP 503', createResponse(503, '')],
		['a reset', createReset()],
		['a refused connection', createUnreachable()],
	])('(%s) is repeated with a new ticket and a new stream', async (_what, reply) => {
		const file = createPicture();
		http.always('POST', TICKET_URL, giveTicket()).on('PUT', STORAGE, reply, STORED);
		expect(await upload(file)).toMatchObject({ image: 'https://files.example/2' });
		expect(puts()).toMatchObject([
			{ url: 'https://storage.example/put/1?sig=secret', bytes: PNG },
			{ url: 'https://storage.example/put/2?sig=secret', bytes: PNG },
		]);
		expect(file.opened).toBe(2);
	});

	it('is tried four times, then told with the input and without the signed address', async () => {
		http.always('POST', TICKET_URL, giveTicket());
		http.always('PUT', STORAGE, createResponse(403, ''));
		const { message, advice, details } = await jobErrorOf(upload());
		expect(puts()).toHaveLength(4);
		expect(message).toBe('Image: storage.example returned HTTP 403');
		expect(details).toEqual({ step: 'upload', input: 'image', http_status: 403 });
		expect(advice).toMatch(/^(?!.*secret)./);
	});

	it('may be tried again by another item', async () => {
		const item = createItem({ image: createPicture() });
		http.on('POST', TICKET_URL, createRefusal(400, 'Unsupported file'));
		await jobErrorOf(uploads.mediaUrls(item));
		acceptAll();
		expect(await uploads.mediaUrls(item)).toMatchObject({ image: 'https://files.example/2' });
	});

	it('does not leave the other uploads of the item unwatched', async () => {
		http.always('POST', TICKET_URL, async (request) => {
			if (jsonOf(request).filename === 'bad.png') return createRefusal(400, 'Unsupported file');
			await clock.until(1_000);
			return giveTicket()();
		});
		http.always('PUT', STORAGE, STORED);
		const voices = { leftAudio: createVoice(), rightAudio: createVoice() };
		const item = createItem({ image: createPicture({ name: 'bad.png' }), ...voices });
		await jobErrorOf(uploads.mediaUrls(item));
		expect(puts()).toHaveLength(2);
	});

	it('ends with the execution', async () => {
		http.on('POST', TICKET_URL, giveTicket()).on('PUT', STORAGE, new CancelledError());
		await expect(upload()).rejects.toBeInstanceOf(CancelledError);
	});
});

describe('a refused ticket', () => {
	it.each([
		[400, 'Unsupported file', 'Right Audio: Unsupported file'],
		[429, 'Upload quota exceeded', 'Right Audio: Upload quota exceeded'],
		// The account's trouble, not that of this file.
		[401, 'Unauthorized', 'Unauthorized'],
	])('with HTTP %i (%s) is told at once as %j', async (http_status, sentence, message) => {
		http.on('POST', TICKET_URL, createRefusal(http_status, sentence));
		const failure = await jobErrorOf(uploads.mediaUrls(createItem({ rightAudio: createVoice() })));
		expect(failure.message).toBe(message);
		expect(failure.details).toEqual({ step: 'upload', input: 'rightAudio', http_status });
		expect(clock.sleeps).toEqual([]);
	});

	it('that may be had later is asked for again', async () => {
		http.on('POST', TICKET_URL, createRefusal(502, 'x'));
		acceptAll();
		expect(await upload()).toMatchObject({ image: 'https://files.example/2' });
	});
});

describe('a ticket with an address that must not be used', () => {
	it.each([
		['upload to http', 'is not https', {}, { url: 'http://storage.example/put/1' }],
		['upload into a network', 'points to a private', {}, { url: 'https://10.0.0.5/put/1' }],
		['download from http', 'is not https', { download_url: 'http://files.example/1' }, {}],
	])('(%s) gets no bytes, and the input is named', async (_what, reason, data, put) => {
		const file = createPicture();
		http.on('POST', TICKET_URL, giveTicket(data, put));
		const { message, advice, details } = await jobErrorOf(upload(file));
		expect(message).toContain(`Image: WaveSpeed returned an upload URL that ${reason}`);
		expect(details).toEqual({ step: 'upload', input: 'image' });
		expect(advice).not.toBe('');
		expect([file.opened, puts()]).toEqual([0, []]);
	});

	it('is fine on this machine when the API is there, too', async () => {
		const base = 'http://127.0.0.1:8080';
		const [url, download_url] = [`${base}/put/1`, `${base}/files/1`];
		http.on('POST', `${base}/api/v3/media/uploads`, giveTicket({ download_url }, { url }));
		http.on('PUT', url, STORED);
		const item = createItem({ image: createPicture() });
		expect(await createUploads(base).mediaUrls(item)).toMatchObject({ image: download_url });
	});
});

describe('the one-step upload', () => {
	const image = 'https://files.example/one-step';
	const taken = createSuccess({ download_url: image });

	it.each([404, 405])(
		'is the way out when the API answers HTTP %i, also repeated',
		async (status) => {
			const file = createPicture();
			http.on('POST', TICKET_URL, createRefusal(status, 'No such page'));
			http.on('POST', ONE_STEP_URL, createReset(), createRefusal(500, 'x'), taken);
			expect(await upload(file)).toMatchObject({ image });
			expect(file.opened).toBe(3);
			const sent = http.to('POST', ONE_STEP_URL)[0]!;
			expect(sent.headers).toEqual({
				'Content-Type': expect.stringMatching(/^multipart\/form-data; boundary=/),
			});
			expect(sent.announced).toBe(sent.bytes.length);
			expect(sent.bytes.includes(PNG)).toBe(true);
			expect(sent.text).toContain('name="file"; filename="pair.png"');
		},
	);

	it('is remembered, so that the next file asks for no ticket', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No such page'));
		http.on('POST', ONE_STEP_URL, taken, taken);
		await upload();
		await upload();
	});

	it('is not taken when the storage answers 404 or 405', async () => {
		const missing = [404, 405].map((status) => createResponse(status, ''));
		http.always('POST', TICKET_URL, giveTicket()).on('PUT', STORAGE, ...missing, STORED);
		expect(await upload()).toMatchObject({ image: 'https://files.example/3' });
	});

	it('that does not exist either leaves the first answer, and is not remembered', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No tickets'), giveTicket());
		http.on('POST', ONE_STEP_URL, createRefusal(405, 'No such page'));
		http.on('PUT', STORAGE, STORED);
		expect((await jobErrorOf(upload())).message).toBe('Image: No tickets');
		await upload();
	});

	it('with an address that is not https is refused', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'x'));
		http.on('POST', ONE_STEP_URL, createSuccess({ download_url: 'http://files.example/1' }));
		expect((await jobErrorOf(upload())).message).toMatch(/^Image: .* is not https/);
	});
});

describe('a file that is needed more than once is uploaded once', () => {
	it('for all fields of an item', async () => {
		const voice = createVoice();
		acceptAll();
		const sent = await uploads.mediaUrls(createItem({ leftAudio: voice, rightAudio: voice }));
		expect(sent.left_audio).toBe(sent.right_audio);
		expect([puts().length, voice.opened]).toEqual([1, 1]);
	});

	it('for all items that come together, and for the next try', async () => {
		const file = createPicture();
		acceptAll();
		const sent = await Promise.all([1, 2, 3].map(async () => await upload(file)));
		const stored = JSON.parse(JSON.stringify({ state: store.state })) as { state?: unknown };
		sent.push(await createUploads(undefined, stored).mediaUrls(createItem({ image: file })));
		expect(sent.map(({ image }) => image)).toEqual(Array(4).fill('https://files.example/1'));
		expect(puts()).toHaveLength(1);
	});
});

it('at most three files are on their way together', async () => {
	http.always('POST', TICKET_URL, async () => {
		await clock.until(100);
		return giveTicket()();
	});
	http.always('PUT', STORAGE, async () => {
		await clock.until(1_000);
		return STORED;
	});
	const work = Array.from({ length: 12 }, async () => await upload());
	await Promise.all(work);
	expect([http.mostAtOnce, puts().length]).toEqual([3, 12]);
	expect(clock.elapsed).toBe(4 * 1_100);
});
