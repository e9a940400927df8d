import { describe, expect, it } from '@jest/globals';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { ByInput } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
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
import { type TestFile, PNG, createPicture, createVoice } from '../support/job';

const { calls, client, clock, http, jobStore } = freshApi();

const STORAGE = /^https:\/\/storage\.example\/put\/\d+\?sig=secret$/;
const HEADERS = { 'Content-Type': 'image/png', 'If-None-Match': '*' };
const STORED = createResponse(200, '');

const uploads = fresh(() => new Uploads(client, http, jobStore, calls));

/** Uploads an item of these files. */
async function upload(files: ByInput<TestFile> = { image: createPicture() }, by = uploads) {
	const media = Object.entries(files).map(([input, file]) => {
		return [input, { file, type: file.declaredType }] as const;
	});
	return await by.mediaUrls({ media: Object.fromEntries(media) });
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

const puts = () => http.to('PUT', /./);

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
		// Whatever it means to the API: the storage is not the API.
		['HTTP 404', createResponse(404, '')],
		['HTTP 405', createResponse(405, '')],
		['HTTP 429', createResponse(429, '')],
		['HTTP 503', createResponse(503, '')],
		['a reset', createReset()],
		['a refused connection', createUnreachable()],
	])('(%s) is repeated with a new ticket and a new stream', async (_what, reply) => {
		const image = createPicture();
		http.always('POST', TICKET_URL, giveTicket()).on('PUT', STORAGE, reply, STORED);
		expect(await upload({ image })).toMatchObject({ image: 'https://files.example/2' });
		expect(puts()).toMatchObject([
			{ url: 'https://storage.example/put/1?sig=secret', bytes: PNG },
			{ url: 'https://storage.example/put/2?sig=secret', bytes: PNG },
		]);
		expect(image.opened).toBe(2);
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

	it('may be tried again by another item, and leaves no other upload unwatched', async () => {
		http.on('POST', TICKET_URL, createRefusal(400, 'Unsupported file'));
		http.always('PUT', STORAGE, STORED).always('POST', TICKET_URL, async () => {
			await clock.until(1_000);
			return giveTicket()();
		});
		const image = createPicture();
		await jobErrorOf(upload({ image, leftAudio: createVoice(), rightAudio: createVoice() }));
		expect(puts()).toHaveLength(2);
		expect(await upload({ image })).toMatchObject({ image: 'https://files.example/4' });
	});

	it('ends with the execution', async () => {
		http.on('POST', TICKET_URL, giveTicket()).on('PUT', STORAGE, new CancelledError());
		await expect(upload()).rejects.toBeInstanceOf(CancelledError);
	});
});

it('a refused ticket is told at once', async () => {
	http.on('POST', TICKET_URL, createRefusal(429, 'Upload quota exceeded'));
	const failure = await jobErrorOf(upload({ rightAudio: createVoice() }));
	expect(failure.message).toBe('Right Audio: Upload quota exceeded');
	expect(failure.details).toEqual({ step: 'upload', input: 'rightAudio', http_status: 429 });
	expect(clock.sleeps).toEqual([]);
});

describe('an address that must not be used', () => {
	it.each([
		['upload to http', 'is not https', giveTicket({}, { url: 'http://storage.example/put/1' })],
		[
			'upload into a network',
			'points to a private',
			giveTicket({}, { url: 'https://10.0.0.5/put/1' }),
		],
		['download from http', 'is not https', giveTicket({ download_url: 'http://files.example/1' })],
	])('(%s) gets no bytes, and the input is named', async (_what, reason, ticket) => {
		const image = createPicture();
		http.on('POST', TICKET_URL, ticket);
		const { message, advice, details } = await jobErrorOf(upload({ image }));
		expect(message).toContain(`Image: WaveSpeed returned an upload URL that ${reason}`);
		expect(details).toEqual({ step: 'upload', input: 'image' });
		expect(advice).not.toBe('');
		expect([image.opened, puts()]).toEqual([0, []]);
	});

	it('is one of this machine, unless the API is there, too', async () => {
		const base = 'http://127.0.0.1:8080';
		const [url, download_url] = [`${base}/put/1`, `${base}/files/1`];
		http.on('POST', `${base}/api/v3/media/uploads`, giveTicket({ download_url }, { url }));
		http.on('PUT', url, STORED);
		const local = new Uploads(createClient(http, clock, base), http, jobStore, calls);
		expect(await upload(undefined, local)).toMatchObject({ image: download_url });
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
			expect(await upload({ image: file })).toMatchObject({ image });
			expect(file.opened).toBe(3);
			const [sent] = http.to('POST', ONE_STEP_URL);
			expect(sent).toMatchObject({ authenticated: true, idleTimeoutMs: 60_000 });
			expect(sent).not.toHaveProperty('timeoutMs');
			expect(sent!.headers).toEqual({
				'Content-Type': expect.stringMatching(/^multipart\/form-data; boundary=/),
			});
			expect(sent!.announced).toBe(sent!.bytes.length);
			expect(sent!.bytes.includes(PNG)).toBe(true);
			expect(sent!.text).toContain('name="file"; filename="pair.png"');
		},
	);

	it('is remembered, so that the next file asks for no ticket', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No such page'));
		http.on('POST', ONE_STEP_URL, taken, taken);
		expect(await upload()).toMatchObject({ image });
		expect(await upload()).toMatchObject({ image });
	});

	it('that does not exist either leaves the first answer, and is not remembered', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No tickets'), giveTicket());
		http.on('POST', ONE_STEP_URL, createRefusal(405, 'No such page'));
		http.on('PUT', STORAGE, STORED);
		expect((await jobErrorOf(upload())).message).toBe('Image: No tickets');
		await upload();
	});

	it.each([
		['http://files.example/1', /^Image: .* is not https/],
		['', /^Image: WaveSpeed accepted the upload but returned no URL for it/],
	])('with the address %j is refused', async (download_url, message) => {
		http.on('POST', TICKET_URL, createRefusal(404, 'x'));
		http.always('POST', ONE_STEP_URL, createSuccess({ download_url }));
		expect((await jobErrorOf(upload())).message).toMatch(message);
	});
});

it('a file that is needed more than once is uploaded once, by all fields, items and tries', async () => {
	const [image, voice] = [createPicture(), createVoice()];
	const files = { image, leftAudio: voice, rightAudio: voice };
	acceptAll();
	const sent = await Promise.all([1, 2, 3].map(async () => await upload(files)));
	sent.push(await upload(files, new Uploads(client, http, jobStore, calls)));
	const [one, two] = ['https://files.example/1', 'https://files.example/2'];
	expect(sent).toEqual(Array(4).fill({ image: one, left_audio: two, right_audio: two }));
	expect([puts().length, image.opened, voice.opened]).toEqual([2, 1, 1]);
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
	await Promise.all(Array.from({ length: 12 }, async () => await upload()));
	// Fewer together would take longer, more not so long.
	expect(clock.elapsed).toBe(4 * 1_100);
});
