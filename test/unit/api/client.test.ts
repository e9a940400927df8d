import { beforeEach, describe, expect, test } from '@jest/globals';
import type { WaveSpeedClient } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import {
	API,
	BASE,
	HISTORY_URL,
	JOB,
	MODEL_URL,
	ONE_STEP_URL,
	TICKET_URL,
	createBody,
	createClient,
	createCompleted,
	createJob,
	createRefusal,
	createReset,
	createSuccess,
	createUnreachable,
	resultUrl,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { apiFailureOf } from '../support/failures';
import { ScriptedHttp } from '../support/http';

let http: ScriptedHttp;
let clock: VirtualClock;
let client: WaveSpeedClient;

beforeEach(() => {
	http = new ScriptedHttp();
	clock = new VirtualClock();
	client = createClient(http, clock);
});

const TICKET = {
	type: 'audio',
	download_url: 'https://files.example/left.wav',
	filename: 'left.wav',
	size: 3,
	upload: {
		method: 'PUT',
		url: 'https://storage.example/put?sig=1',
		headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' },
		expires_at: '2026-01-01T00:15:00Z',
	},
};

describe('submit', () => {
	test('posts the six documented keys to the model, slashes and all', async () => {
		http.on('POST', MODEL_URL, createSuccess(createJob()));
		const body = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });
		expect(await client.submit(body)).toMatchObject({ id: JOB, status: 'created' });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			image: 'https://files.example/pair.png',
			left_audio: 'https://files.example/left.wav',
			right_audio: 'https://files.example/right.wav',
			prompt: 'They talk',
			order: 'left_right',
			seed: 7,
		});
	});

	test('is allowed to finish when the execution is stopped', async () => {
		http.on('POST', MODEL_URL, createSuccess(createJob()));
		await client.submit(createBody());
		expect(http.requests[0]).toMatchObject({ cancellable: false, authenticated: true });
	});

	test('puts the webhook into the query, percent-encoded, and not into the body', async () => {
		const webhook = 'https://n8n.example/webhook-waiting/7?signature=a&b=c d#é';
		const url = `${MODEL_URL}?webhook=${encodeURIComponent(webhook)}`;
		http.on('POST', url, createSuccess(createJob()));
		await client.submit(createBody(), webhook);
		const sent = http.requests[0]!;
		expect(new URL(sent.url).searchParams.get('webhook')).toBe(webhook);
		expect(sent.url.slice(MODEL_URL.length + 1)).not.toMatch(/[&#\s]/);
		expect(sent.text).not.toContain('webhook');
	});

	test('sends a job once, whatever goes wrong', async () => {
		for (const reply of [createReset(), createRefusal(504, 'gateway'), createSuccess(null)]) {
			const once = new ScriptedHttp().on('POST', MODEL_URL, reply);
			const failure = await apiFailureOf(createClient(once, clock).submit(createBody()));
			expect(failure.details.notProcessed).toBe(false);
			expect(once.requests).toHaveLength(1);
		}
	});

	test('is certain that nothing happened when the connection was refused', async () => {
		http.on('POST', MODEL_URL, createUnreachable());
		const failure = await apiFailureOf(client.submit(createBody()));
		expect(failure).toMatchObject({ kind: 'noAnswer', details: { notProcessed: true } });
	});

	test.each([
		['no data', undefined],
		['no ID', createJob({ id: undefined })],
		['an empty ID', createJob({ id: '' })],
		['a number for an ID', createJob({ id: 7 })],
		['no status', createJob({ status: undefined })],
		['a list', [createJob()]],
	])('takes a success with %s for a job that may exist', async (_what, data) => {
		http.on('POST', MODEL_URL, createSuccess(data));
		const failure = await apiFailureOf(client.submit(createBody()));
		expect(failure).toMatchObject({ kind: 'unreadable', details: { notProcessed: false } });
	});

	test('takes an answer that has ended already', async () => {
		http.on('POST', MODEL_URL, createSuccess(createCompleted()));
		expect(await client.submit(createBody())).toMatchObject({ status: 'completed' });
	});
});

describe('result', () => {
	test('builds the address from the ID and ignores urls.get', async () => {
		const job = createCompleted({ urls: { get: 'https://evil.example/x' } });
		http.on('GET', resultUrl(JOB), createSuccess(job));
		expect(await client.result(JOB)).toMatchObject({ status: 'completed' });
		expect(http.requests[0]).toMatchObject({ authenticated: true, text: '' });
		expect(http.requests[0]!.headers).not.toHaveProperty('Content-Type');
	});

	test('gives up a stalled answer after 30 s of silence and 90 s in all', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob()));
		await client.result(JOB);
		expect(http.requests[0]).toMatchObject({ idleTimeoutMs: 30_000, timeoutMs: 90_000 });
	});

	test('gives up a stalled answer within the time it is given', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob()));
		await client.result(JOB, 7_000);
		expect(http.requests[0]).toMatchObject({ idleTimeoutMs: 7_000, timeoutMs: 7_000 });
	});

	test('does not take the answer about another job for this one', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob({ id: 'another-job' })));
		const failure = await apiFailureOf(client.result(JOB));
		expect(failure.message).toContain('another-job');
		expect(failure.transient).toBe(true);
	});

	test('takes an answer without a job for a transient failure', async () => {
		http.on('GET', resultUrl(JOB), createSuccess({}));
		expect((await apiFailureOf(client.result(JOB))).transient).toBe(true);
	});
});

describe('history', () => {
	test('posts the page, the model and the time, and asks for inputs', async () => {
		http.on('POST', HISTORY_URL, createSuccess({ page: 2, items: [] }));
		await client.history({ page: 2, createdAfter: START });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			page: 2,
			page_size: 100,
			model: 'wavespeed-ai/infinitetalk-fast/multi',
			include_inputs: true,
			created_after: '2026-01-01T00:00:00.000Z',
		});
	});

	test('leaves the time out when there is none', async () => {
		http.on('POST', HISTORY_URL, createSuccess({ items: [] }));
		await client.history({ page: 1 });
		expect(JSON.parse(http.requests[0]!.text)).not.toHaveProperty('created_after');
	});

	test('leaves out entries that cannot be read', async () => {
		const items = [null, 7, {}, createJob(), { id: 'x' }];
		http.on('POST', HISTORY_URL, createSuccess({ items }));
		const { items: read, full } = await client.history({ page: 1 });
		expect(read.map((item) => item.id)).toEqual([JOB]);
		expect(full).toBe(false);
	});

	test('says when the page is full, and there may be another', async () => {
		const items = Array.from({ length: 100 }, () => ({}));
		http.on('POST', HISTORY_URL, createSuccess({ items }));
		expect(await client.history({ page: 1 })).toEqual({ items: [], full: true });
	});

	test.each([undefined, null, {}, { items: null }, { items: 'x' }, []])(
		'is empty for the data %j',
		async (data) => {
			http.on('POST', HISTORY_URL, createSuccess(data));
			expect(await client.history({ page: 1 })).toEqual({ items: [], full: false });
		},
	);
});

describe('an upload ticket', () => {
	test('is asked for with name, size and type', async () => {
		http.on('POST', TICKET_URL, createSuccess(TICKET));
		const ticket = await client.uploadTicket({ name: 'left.wav', size: 3, type: 'audio/wav' });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			filename: 'left.wav',
			size: 3,
			content_type: 'audio/wav',
		});
		expect(ticket).toEqual({
			putUrl: 'https://storage.example/put?sig=1',
			headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' },
			downloadUrl: 'https://files.example/left.wav',
		});
	});

	test('is asked for without a type that is not known', async () => {
		http.on('POST', TICKET_URL, createSuccess(TICKET));
		await client.uploadTicket({ name: 'x', size: 3, type: '' });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({ filename: 'x', size: 3 });
	});

	test.each([
		['without upload', { ...TICKET, upload: undefined }],
		['without an address', { ...TICKET, upload: { ...TICKET.upload, url: undefined } }],
		['without a download address', { ...TICKET, download_url: undefined }],
		['that is null', null],
		['for POST', { ...TICKET, upload: { ...TICKET.upload, method: 'POST' } }],
		['for DELETE', { ...TICKET, upload: { ...TICKET.upload, method: 'DELETE' } }],
	])('%s is refused', async (_what, data) => {
		http.on('POST', TICKET_URL, createSuccess(data));
		await apiFailureOf(client.uploadTicket({ name: 'x', size: 3 }));
	});

	test('may name PUT in small letters, have no headers, and call the address "url"', async () => {
		const { download_url: url, ...rest } = TICKET;
		const upload = { method: 'put', url: TICKET.upload.url };
		http.on('POST', TICKET_URL, createSuccess({ ...rest, url, upload }));
		expect(await client.uploadTicket({ name: 'x', size: 3 })).toEqual({
			putUrl: TICKET.upload.url,
			headers: {},
			downloadUrl: url,
		});
	});
});

describe('the one-step upload', () => {
	const form = { body: { size: 2, open: async () => Buffer.from('ab') }, contentType: 'x/form' };

	test('sends the form with the key and gives the address', async () => {
		http.on(
			'POST',
			ONE_STEP_URL,
			createSuccess({ download_url: 'https://f/1', url: 'https://f/2' }),
		);
		expect(await client.uploadOneStep(form, 60_000)).toBe('https://f/1');
		expect(http.requests[0]).toMatchObject({
			authenticated: true,
			headers: { 'Content-Type': 'x/form' },
			announced: 2,
			text: 'ab',
			idleTimeoutMs: 60_000,
		});
		expect(http.requests[0]).not.toHaveProperty('timeoutMs');
	});

	test('takes the address of the older answer', async () => {
		http.on('POST', ONE_STEP_URL, createSuccess({ url: 'https://f/2' }));
		expect(await client.uploadOneStep(form, 1)).toBe('https://f/2');
	});

	test.each([null, {}, { download_url: '' }, { download_url: 7 }])(
		'refuses the answer %j',
		async (data) => {
			http.on('POST', ONE_STEP_URL, createSuccess(data));
			expect((await apiFailureOf(client.uploadOneStep(form, 1))).kind).toBe('unreadable');
		},
	);
});

describe('balance', () => {
	test.each<[unknown, number | undefined]>([
		[{ balance: 12.5, currency: 'USD' }, 12.5],
		[{ balance: 0 }, 0],
		[{ balance: '12' }, undefined],
		[null, undefined],
	])('of %j is %j', async (data, dollars) => {
		http.on('GET', `${API}/balance`, createSuccess(data));
		expect(await client.balance()).toBe(dollars);
	});
});

describe('every call', () => {
	test('goes below the base URL, path and all', async () => {
		const base = 'https://proxy.example/wavespeed';
		http.on('GET', `${base}/api/v3/balance`, createSuccess({ balance: 1 }));
		expect(await createClient(http, clock, base).balance()).toBe(1);
	});

	test('leaves the key to whoever sends it', async () => {
		http.on('POST', MODEL_URL, createSuccess(createJob()));
		await client.submit(createBody());
		const names = Object.keys(http.requests[0]!.headers ?? {}).map((name) => name.toLowerCase());
		expect(names).not.toContain('authorization');
	});

	test('passes on errors that are not about the answer', async () => {
		const bug = new TypeError('bug');
		http.on('GET', `${API}/balance`, bug);
		await expect(client.balance()).rejects.toBe(bug);
	});
});

describe("the service's clock", () => {
	test('is this machine’s until an answer tells', () => {
		expect(client.toServerTime(START)).toBe(START);
	});

	test('is learned from the answers, also from refusals', async () => {
		const date = 'Thu, 01 Jan 2026 01:00:00 GMT';
		http.on('GET', `${BASE}/api/v3/balance`, createRefusal(500, 'x', { date }));
		await apiFailureOf(client.balance());
		expect(client.toServerTime(START)).toBe(START + 3_600_000);
	});

	test('is not disturbed by a date that is none', async () => {
		http.on('GET', `${API}/balance`, createSuccess({}, { date: 'yesterday' }));
		await client.balance();
		expect(client.toServerTime(START)).toBe(START);
	});
});
