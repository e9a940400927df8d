import { beforeEach, describe, expect, it } from '@jest/globals';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { JobStore } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/jobStore';
import { openState } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import type { InputName } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUT_LABELS } from '../../../nodes/WaveSpeedInfiniteTalk/errors/inputNames';
import { INPUTS_FOR } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { FileMedia, FittedRequest } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/request';
import { Uploads } from '../../../nodes/WaveSpeedInfiniteTalk/transfer/uploadFiles';
import {
	ONE_STEP_URL,
	TICKET_URL,
	createResponse,
	createClient,
	createRefusal,
	createReset,
	createSuccess,
	createUnreachable,
} from '../support/api';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { type SeenRequest, ScriptedHttp } from '../support/http';
import { type TestFile, PNG, createFitted, createPicture, createVoice } from '../support/job';

const STORAGE = /^https:\/\/storage\.example\/put\/\d+\?sig=secret$/;
const HEADERS = { 'Content-Type': 'image/png', 'If-None-Match': '*' };

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const uploads = fresh(() => createUploads());
let store: { state?: unknown };
let tickets: number;

beforeEach(() => {
	store = {};
	tickets = 0;
});

/** What a new try of the node has: new objects over the same store, in which the usual files are. */
function createUploads(base?: string): Uploads {
	const client = createClient(http, clock, base);
	const jobStore = new JobStore(openState(store), clock.now, 'account');
	for (const input of INPUTS_FOR.two) jobStore.writeUpload(input, `https://files.example/${input}`);
	return new Uploads(client, http, jobStore, new PatientCalls(clock));
}

/** The next ticket, with addresses of its own. */
function createTicket(more: Record<string, unknown> = {}, upload: Record<string, unknown> = {}) {
	const number = ++tickets;
	return createSuccess({
		download_url: `https://files.example/${number}`,
		upload: {
			method: 'PUT',
			url: `https://storage.example/put/${number}?sig=secret`,
			headers: HEADERS,
			...upload,
		},
		...more,
	});
}

function media(file: TestFile, type = 'image/png'): FileMedia {
	return { file, type };
}

/** An item whose image is this file. */
function withImage(file: TestFile): FittedRequest {
	return createFitted({ media: { ...createFitted().media, image: media(file) } });
}

/** An item of three files. */
function withFiles(...files: [TestFile, TestFile, TestFile]): FittedRequest {
	const [image, leftAudio, rightAudio] = files.map((file) => media(file));
	return createFitted({
		media: { image: image!, leftAudio: leftAudio!, rightAudio: rightAudio! },
	});
}

/** Uploads the image of an item. */
async function upload(file = createPicture()) {
	return await uploads.mediaUrls(withImage(file));
}

function giveTickets(): void {
	http.always('POST', TICKET_URL, () => createTicket());
}

function acceptAll(): void {
	giveTickets();
	http.always('PUT', STORAGE, createResponse(200, ''));
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
		const files = [createPicture(), createVoice({}, 'left'), createVoice({}, 'right!')] as const;
		http.always('POST', TICKET_URL, ({ text }) => {
			const { size } = JSON.parse(text) as { size: number };
			return createTicket({ download_url: `https://files.example/of-${size}` });
		});
		http.always('PUT', STORAGE, createResponse(201, ''));
		expect(await uploads.mediaUrls(withFiles(...files))).toEqual({
			image: `https://files.example/of-${files[0].size}`,
			left_audio: `https://files.example/of-${files[1].size}`,
			right_audio: `https://files.example/of-${files[2].size}`,
		});
	});
});

describe('an upload by ticket', () => {
	it('asks with name, size and type, and puts the exact bytes', async () => {
		const file = createPicture({ name: 'my pair.png' });
		acceptAll();
		const { image } = await upload(file);
		expect(image).toBe('https://files.example/1');
		expect(JSON.parse(http.to('POST', TICKET_URL)[0]!.text)).toEqual({
			filename: 'my pair.png',
			size: PNG.length,
			content_type: 'image/png',
		});
		expect(puts()[0]).toMatchObject({ announced: PNG.length, bytes: PNG });
	});

	it('sends the headers of the ticket only, never the key, and gives up a silent storage', async () => {
		acceptAll();
		await upload();
		expect(puts()[0]).toMatchObject({ authenticated: false, idleTimeoutMs: 60_000 });
		expect(puts()[0]?.headers).toEqual(HEADERS);
		// A long transfer may go on.
		expect(puts()[0]).not.toHaveProperty('timeoutMs');
	});

	it.each([200, 201, 204])('takes HTTP %i of the storage for a success', async (status) => {
		http.on('POST', TICKET_URL, createTicket());
		http.on('PUT', STORAGE, createResponse(status, '<ok/>'));
		expect((await upload()).image).toMatch(/files/);
	});
});

describe('a failed upload', () => {
	it.each([
		['HTTP 403', createResponse(403, '<Error>expired</Error>')],
		['HTTP 412', createResponse(412, '')],
		['HTTP 400', createResponse(400, '')],
		['HTTP 404', createResponse(404, '')],
		['HTTP 429', createResponse(429, '')],
		['HTTP 500', createResponse(500, '')],
		['HTTP 503', createResponse(503, '')],
		['a reset', createReset()],
		['a stall', new NoResponseError('TIMEOUT', 'the request timed out')],
		['a refused connection', createUnreachable()],
	])('(%s) is repeated with a new ticket and a new stream', async (_what, reply) => {
		const file = createPicture();
		giveTickets();
		http.on('PUT', STORAGE, reply, createResponse(200, ''));
		const { image } = await upload(file);
		expect(image).toBe('https://files.example/2');
		expect(puts().map(({ url }) => url)).toEqual([
			'https://storage.example/put/1?sig=secret',
			'https://storage.example/put/2?sig=secret',
		]);
		expect(puts().map(({ bytes }) => bytes)).toEqual([PNG, PNG]);
		expect(file.opened).toBe(2);
	});

	it('is tried four times with growing pauses, then told with the input', async () => {
		giveTickets();
		http.always('PUT', STORAGE, createResponse(403, ''));
		const failure = await jobErrorOf(upload());
		expect(puts()).toHaveLength(4);
		const pauses = clock.sleeps.map((ms) => Math.round(Math.log2(ms / 4_500)));
		expect(pauses).toEqual([0, 1, 2]);
		expect(failure.message).toBe('Image: storage.example returned HTTP 403');
		expect(failure.details).toEqual({ step: 'upload', input: 'image', http_status: 403 });
		expect(failure.advice).not.toBe('');
		// Nor is the signed address told.
		expect(failure.advice).not.toContain('secret');
	});

	it('may be tried again by another item', async () => {
		const item = withImage(createPicture());
		http.on('POST', TICKET_URL, createRefusal(400, 'Unsupported file'));
		await jobErrorOf(uploads.mediaUrls(item));
		acceptAll();
		expect((await uploads.mediaUrls(item)).image).toBe('https://files.example/1');
	});

	it('does not leave the other uploads of the item unwatched', async () => {
		http.always('POST', TICKET_URL, async ({ text }) => {
			const { filename } = JSON.parse(text) as { filename: string };
			if (filename === 'bad.png') return createRefusal(400, 'Unsupported file');
			await clock.until(1_000);
			return createTicket();
		});
		http.always('PUT', STORAGE, createResponse(200, ''));
		const item = withFiles(createPicture({ name: 'bad.png' }), createVoice(), createVoice());
		await jobErrorOf(uploads.mediaUrls(item));
		expect(puts()).toHaveLength(2);
	});

	it('ends with the execution', async () => {
		http.on('POST', TICKET_URL, createTicket());
		http.on('PUT', STORAGE, new CancelledError());
		const work = upload();
		await expect(work).rejects.toBeInstanceOf(CancelledError);
	});
});

describe('a refused ticket', () => {
	it.each([
		[400, 'Unsupported file', 'Image: Unsupported file'],
		[413, 'Too large', 'Image: Too large'],
		[429, 'Upload quota exceeded', 'Image: Upload quota exceeded'],
		// The account's trouble, not that of this file.
		[401, 'Unauthorized', 'Unauthorized'],
		[402, 'Pay', 'Pay'],
		[403, 'No right', 'No right'],
	])('with HTTP %i (%s) is told at once as %j', async (status, sentence, message) => {
		http.on('POST', TICKET_URL, createRefusal(status, sentence));
		const failure = await jobErrorOf(upload());
		expect(failure.message).toBe(message);
		expect(failure.details).toEqual({ step: 'upload', input: 'image', http_status: status });
		expect(clock.sleeps).toEqual([]);
	});

	it.each([
		['HTTP 429', createRefusal(429, 'Too many requests')],
		['HTTP 500', createRefusal(500, 'x')],
		['HTTP 502', createRefusal(502, 'x')],
		['a reset', createReset()],
		['a page', createResponse(200, '<html>')],
		['the code 500', createResponse(200, { code: 500, message: 'x' })],
	])('with %s is asked for again', async (_what, reply) => {
		http.on('POST', TICKET_URL, reply);
		acceptAll();
		expect((await upload()).image).toMatch(/files/);
	});

	it('for being one of too many holds back all files, for a minute and more', async () => {
		http.always('POST', TICKET_URL, () =>
			clock.elapsed < 75_000 ? createRefusal(429, 'Too many requests') : createTicket(),
		);
		http.always('PUT', STORAGE, createResponse(200, ''));
		const item = withFiles(createPicture(), createVoice({}, 'a'), createVoice({}, 'b'));
		await uploads.mediaUrls(item);
		expect(puts()).toHaveLength(3);
		expect(http.to('POST', TICKET_URL).length).toBeLessThanOrEqual(15);
	});

	it.each([
		['17', 17_000],
		['86400', 120_000],
	])(
		'that asks to wait for %s s is asked for again after two minutes at most',
		async (asked, ms) => {
			http.on('POST', TICKET_URL, createRefusal(503, 'busy', { 'retry-after': asked }));
			acceptAll();
			await upload();
			expect(clock.sleeps).toEqual([ms]);
		},
	);

	it.each(INPUTS_FOR.two)('names %s when that is the one', async (input: InputName) => {
		http.on('POST', TICKET_URL, createRefusal(400, 'Unsupported file'));
		const item = createFitted({
			media: { ...createFitted().media, [input]: media(createVoice()) },
		});
		const failure = await jobErrorOf(uploads.mediaUrls(item));
		expect(failure.message).toBe(`${INPUT_LABELS[input]}: Unsupported file`);
	});
});

const NOT_HTTPS = 'not https';
const PRIVATE = 'points to a private network';

describe('a ticket with an address that must not be used', () => {
	it.each([
		['upload to http', NOT_HTTPS, {}, { url: 'http://storage.example/put/1' }],
		['upload to this machine', NOT_HTTPS, {}, { url: 'http://127.0.0.1/put/1' }],
		['upload to a file', NOT_HTTPS, {}, { url: 'file:///tmp/x' }],
		['upload to nowhere', NOT_HTTPS, {}, { url: 'put/1' }],
		['upload into a network', PRIVATE, {}, { url: 'https://169.254.169.254/put/1' }],
		['download from http', NOT_HTTPS, { download_url: 'http://files.example/1' }, {}],
		['download from this machine', NOT_HTTPS, { download_url: 'http://localhost/1' }, {}],
		['download from a network', PRIVATE, { download_url: 'https://[::ffff:10.0.0.5]/1' }, {}],
	])('(%s) gets no bytes, and the input is named', async (_what, reason, data, put) => {
		const file = createPicture();
		http.on('POST', TICKET_URL, createTicket(data, put));
		const failure = await jobErrorOf(upload(file));
		expect(failure.message).toMatch(/^Image: /);
		expect(failure.message).toContain(reason);
		expect(failure.details).toEqual({ step: 'upload', input: 'image' });
		expect(failure.advice).not.toBe('');
		expect(file.opened).toBe(0);
		expect(puts()).toEqual([]);
	});

	it('is fine on this machine when the API is there, too', async () => {
		const base = 'http://127.0.0.1:8080';
		const url = 'http://127.0.0.1:8080/put/1';
		const download_url = 'http://127.0.0.1:8080/files/1';
		http.on('POST', `${base}/api/v3/media/uploads`, createTicket({ download_url }, { url }));
		http.on('PUT', url, createResponse(200, ''));
		const { image } = await createUploads(base).mediaUrls(withImage(createPicture()));
		expect(image).toBe(download_url);
	});
});

describe('the one-step upload', () => {
	const taken = createSuccess({ download_url: 'https://files.example/one-step' });

	it.each([404, 405])('is the way out when the API answers HTTP %i', async (status) => {
		http.on('POST', TICKET_URL, createRefusal(status, 'No such page'));
		http.on('POST', ONE_STEP_URL, taken);
		const { image } = await upload(createPicture({ name: 'p.png' }));
		expect(image).toBe('https://files.example/one-step');
		const sent = http.to('POST', ONE_STEP_URL)[0]!;
		expect(sent.headers).toEqual({
			'Content-Type': expect.stringMatching(/^multipart\/form-data; boundary=/),
		});
		expect(sent.announced).toBe(sent.bytes.length);
		expect(sent.bytes.includes(PNG)).toBe(true);
		expect(sent.text).toContain('name="file"; filename="p.png"');
	});

	it('is remembered, so that the next file asks for no ticket', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No such page'));
		http.on('POST', ONE_STEP_URL, taken, taken);
		await upload();
		await upload();
	});

	it('is not taken when the storage answers 404 or 405', async () => {
		giveTickets();
		http.on(
			'PUT',
			STORAGE,
			createResponse(404, ''),
			createResponse(405, ''),
			createResponse(200, ''),
		);
		expect((await upload()).image).toMatch(/\/3$/);
	});

	it.each([400, 403, 413, 422])('is not taken when the API answers %i', async (status) => {
		http.on('POST', TICKET_URL, createRefusal(status, 'x'));
		await jobErrorOf(upload());
	});

	it('is repeated with a new stream', async () => {
		const file = createPicture();
		http.on('POST', TICKET_URL, createRefusal(405, 'No such page'));
		http.on('POST', ONE_STEP_URL, createReset(), createRefusal(500, 'x'), taken);
		await upload(file);
		expect(file.opened).toBe(3);
	});

	it('that does not exist either leaves the first answer, and is not remembered', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'No tickets'), createTicket());
		http.on('POST', ONE_STEP_URL, createRefusal(405, 'No such page'));
		http.on('PUT', STORAGE, createResponse(200, ''));
		const item = withImage(createPicture());
		expect((await jobErrorOf(uploads.mediaUrls(item))).message).toBe('Image: No tickets');
		expect((await uploads.mediaUrls(item)).image).toBe('https://files.example/1');
	});

	it('with an address that is not https is refused', async () => {
		http.on('POST', TICKET_URL, createRefusal(404, 'x'));
		http.on('POST', ONE_STEP_URL, createSuccess({ download_url: 'http://files.example/1' }));
		const failure = await jobErrorOf(upload());
		expect(failure.message).toMatch(/^Image: /);
	});
});

describe('a file that is needed more than once', () => {
	it('is uploaded once for all fields of an item', async () => {
		const voice = createVoice();
		acceptAll();
		const sent = await uploads.mediaUrls(withFiles(createPicture(), voice, voice));
		expect(sent.left_audio).toBe(sent.right_audio);
		expect(puts()).toHaveLength(2);
		expect(voice.opened).toBe(1);
	});

	it('is uploaded once for all items, also when they come together', async () => {
		const file = createPicture();
		acceptAll();
		const items = [withImage(file), withImage(file), withImage(file)];
		const sent = await Promise.all(items.map(async (item) => await uploads.mediaUrls(item)));
		expect(new Set(sent.map(({ image }) => image)).size).toBe(1);
		expect(puts()).toHaveLength(1);
	});

	it('is not uploaded again by the next try', async () => {
		const file = createPicture();
		acceptAll();
		const first = await upload(file);
		store = JSON.parse(JSON.stringify(store)) as typeof store;
		const next = createUploads();
		expect(await next.mediaUrls(withImage(file))).toEqual(first);
		expect(puts()).toHaveLength(1);
	});
});

it('at most three files are on their way together', async () => {
	http.always('POST', TICKET_URL, async () => {
		await clock.until(100);
		return createTicket();
	});
	http.always('PUT', STORAGE, async () => {
		await clock.until(1_000);
		return createResponse(200, '');
	});
	const items = Array.from({ length: 4 }, () =>
		withFiles(createPicture(), createVoice(), createVoice()),
	);
	await Promise.all(items.map(async (item) => await uploads.mediaUrls(item)));
	expect(http.mostAtOnce).toBe(3);
	expect(puts()).toHaveLength(12);
	expect(clock.elapsed).toBe(4 * 1_100);
});
