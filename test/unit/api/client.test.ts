import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import {
	API,
	BASE,
	HISTORY_URL,
	JOB,
	MODEL,
	MODEL_URL,
	ONE_STEP_URL,
	TICKET_URL,
	createResponse,
	createBody,
	createClient,
	createCompleted,
	createJob,
	createRefusal,
	createReset,
	createSuccess,
	createUnreachable,
	olderResultUrl,
	resultUrl,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { apiErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const client = fresh(() => createClient(http, clock));

const JOB_TEXT = JSON.stringify(createJob());
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

/** Submits a job, which is answered so. */
async function submit(answer: HttpResponse | Error) {
	http.on('POST', MODEL_URL, answer);
	return await client.submit(MODEL, createBody());
}

describe('submit', () => {
	it('posts the six documented keys to the model, slashes and all', async () => {
		http.on('POST', MODEL_URL, createSuccess(createJob()));
		const body = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });
		expect(await client.submit(MODEL, body)).toMatchObject({ id: JOB, status: 'created' });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			image: 'https://files.example/pair.png',
			left_audio: 'https://files.example/left.wav',
			right_audio: 'https://files.example/right.wav',
			prompt: 'They talk',
			order: 'left_right',
			seed: 7,
		});
	});

	it('is allowed to finish when the execution is stopped', async () => {
		await submit(createSuccess(createJob()));
		expect(http.requests[0]).toMatchObject({ cancellable: false, authenticated: true });
	});

	it('puts the webhook into the query, percent-encoded, and not into the body', async () => {
		const webhook = 'https://n8n.example/webhook-waiting/7?signature=a&b=c d#é';
		const url = `${MODEL_URL}?webhook=${encodeURIComponent(webhook)}`;
		http.on('POST', url, createSuccess(createJob()));
		await client.submit(MODEL, createBody(), webhook);
		const sent = http.requests[0]!;
		expect(new URL(sent.url).searchParams.get('webhook')).toBe(webhook);
		expect(sent.url.slice(MODEL_URL.length + 1)).not.toMatch(/[&#\s]/);
		expect(sent.text).not.toContain('webhook');
	});

	it('sends a job once, whatever goes wrong', async () => {
		for (const reply of [createReset(), createRefusal(504, 'gateway'), createSuccess(null)]) {
			const once = new ScriptedHttp().on('POST', MODEL_URL, reply);
			const failure = await apiErrorOf(createClient(once, clock).submit(MODEL, createBody()));
			expect(failure.details.notProcessed).toBe(false);
			expect(once.requests).toHaveLength(1);
		}
	});

	it('is certain that nothing happened when the connection was refused', async () => {
		const failure = await apiErrorOf(submit(createUnreachable()));
		expect(failure).toMatchObject({ kind: 'noAnswer', details: { notProcessed: true } });
	});

	it.each([
		['no data', createSuccess(undefined)],
		['no ID', createSuccess(createJob({ id: undefined, urls: undefined }))],
		['an empty ID', createSuccess(createJob({ id: '', urls: undefined }))],
		['an ID that climbs', createSuccess(createJob({ id: '../balance' }))],
		['a list of two jobs', createSuccess([createJob(), createJob({ id: 'another' })])],
		['a job as a prototype', createResponse(200, `{"code":200,"data":{"__proto__":${JOB_TEXT}}}`)],
		['NUL bytes', createResponse(200, '\0\0\0')],
		[
			'100,000 levels',
			createResponse(200, `${'{"error":'.repeat(1e5)}${JOB_TEXT}${'}'.repeat(1e5)}`),
		],
	])('takes a success with %s for a job that may exist', async (_what, answer) => {
		const failure = await apiErrorOf(submit(answer));
		expect(failure).toMatchObject({ kind: 'unreadable', details: { notProcessed: false } });
	});

	it('takes an answer that has ended already', async () => {
		expect(await submit(createSuccess(createCompleted()))).toMatchObject({ status: 'completed' });
	});
});

describe('an odd answer to a submission', () => {
	const job = createJob();

	it.each<[string, HttpResponse]>([
		['without a status', createSuccess(createJob({ status: undefined }))],
		['with a status that is a list', createSuccess({ ...job, status: ['created'] })],
		['with only an ID', createSuccess({ id: JOB })],
		...[0, 429, 1000, 1400, 1999, 5000].map((code): [string, HttpResponse] => [
			`with the code ${code}`,
			createResponse(200, { code, message: 'x', data: job }),
		]),
		['with a code that is a text', createResponse(200, { code: '200', data: job })],
		['without an envelope', createResponse(200, job)],
		['without an envelope and status', createResponse(201, { id: JOB })],
		['in a list of one', createSuccess([job])],
		['under HTTP 202', createResponse(202, { code: 202, data: job })],
		['without an envelope under HTTP 299', createResponse(299, { id: JOB })],
		['under HTTP 300', createResponse(300, { code: 200, data: job })],
		['without an envelope under HTTP 500', createResponse(500, job)],
		['under HTTP 500', createResponse(500, { code: 500, data: job })],
		['under HTTP 504', createResponse(504, { code: 504, message: 'x', data: job })],
	])('(%s) is a submission, as it names the job', async (_what, answer) => {
		expect(await submit(answer)).toMatchObject({
			id: JOB,
			status: 'created',
			state: 'unfinished',
		});
	});

	it.each(['pred.2026:7~a', 'x', '7', 'A'.repeat(256)])('may name the job %s', async (id) => {
		expect(await submit(createSuccess({ id }))).toMatchObject({ id });
		http.on('GET', resultUrl(encodeURIComponent(id)), createSuccess(createCompleted({ id })));
		expect(await client.result(id)).toMatchObject({ id, state: 'completed' });
	});

	it.each([199, 300, 302, 500])('only with an ID is none under HTTP %i', async (status) => {
		const { details } = await apiErrorOf(submit(createResponse(status, { id: JOB })));
		expect(details).toMatchObject({ status, notProcessed: false, possibleId: JOB });
	});

	it.each([400, 402, 404, 429, 499])('is none under HTTP %i', async (status) => {
		const { details } = await apiErrorOf(submit(createResponse(status, { code: 200, data: job })));
		expect(details).toMatchObject({ status, notProcessed: true, possibleId: JOB });
	});

	it.each<[string, unknown, string]>([
		['data.task_id', { code: 200, data: { task_id: 'task\n7' } }, 'task 7'],
		['data.task_id', { code: 200, data: { task_id: 'task/7' } }, 'task/7'],
		['data.uuid', { code: 200, data: { uuid: 'u-7' } }, 'u-7'],
		['data.predictionId', { code: 1500, data: { predictionId: 'p-7' } }, 'p-7'],
		['prediction.id', { code: 200, data: { prediction: { id: 'p-7' } } }, 'p-7'],
		['an ID that is a number', { code: 200, data: { id: 7 } }, '7'],
		['an ID with a slash', { code: 200, data: { id: ' a/b\n' } }, 'a/b'],
		['data itself', { code: 200, data: JOB }, JOB],
		['a long ID', { code: 200, data: { id: `${'a'.repeat(255)}/` } }, `${'a'.repeat(255)}/`],
		['an ID with blanks', { code: 200, data: { id: 'a \t b' } }, 'a b'],
		['an ID behind an unusable one', { code: 200, data: { id: {}, job_id: 'a/b' } }, 'a/b'],
		['an ID four levels down', { a: [{ id: 'a/b' }] }, 'a/b'],
		['its address', { code: 200, data: { urls: { get: resultUrl(JOB) } } }, JOB],
		['an error with the job of a list', { code: 500, data: [job, {}] }, JOB],
	])('(%s) that cannot be used is told', async (_what, body, id) => {
		const { details } = await apiErrorOf(submit(createResponse(200, body)));
		expect(details).toMatchObject({ possibleId: id, notProcessed: false });
	});

	it('without anything like an ID tells none', async () => {
		const far = [[[[{ id: 'a/b' }]]]];
		const urls = { get: 'https://api.wavespeed.ai/no' };
		const data = { ids: [], id: '', identity: 'x', uuid: `${'a'.repeat(256)}/`, urls, far };
		const body = { code: 1400, message: 'seed', request_id: 'r-7', data };
		const { details } = await apiErrorOf(submit(createResponse(200, body)));
		expect(details).not.toHaveProperty('possibleId');
		expect(details.notProcessed).toBe(true);
	});
});

it('another model is another address', async () => {
	const model = 'wavespeed-ai/infinitetalk/multi';
	http.on('POST', `${API}/${model}?webhook=https%3A%2F%2Fn8n.example`, createSuccess(createJob()));
	await client.submit(model, createBody({ resolution: '720p' }), 'https://n8n.example');
	expect(JSON.parse(http.requests[0]!.text)).toMatchObject({ resolution: '720p' });
});

it.each<[string, () => Promise<unknown>]>([
	['a submission', async () => await client.submit(MODEL, createBody())],
	['a poll', async () => await client.result(JOB)],
	['a list', async () => await client.listPredictions({ page: 1, pageSize: 1 })],
	['a deletion', async () => await client.deletePredictions([JOB])],
	['a price', async () => await client.price(MODEL, {})],
	['the charges', async () => await client.billings([JOB])],
	['an upload ticket', async () => await client.uploadTicket({ name: 'x', size: 1 })],
	['the balance', async () => await client.balance()],
	['the secret', async () => await client.webhookSecret()],
])('%s is given up after 30 s of silence and 90 s in all', async (_what, ask) => {
	http.always('POST', /./, createReset());
	http.always('GET', /./, createReset());
	await apiErrorOf(ask());
	expect(http.requests[0]).toMatchObject({ idleTimeoutMs: 30_000, timeoutMs: 90_000 });
});

describe('result', () => {
	it('builds the address from the ID and ignores urls.get', async () => {
		const job = createCompleted({ urls: { get: 'https://evil.example/x' } });
		http.on('GET', resultUrl(JOB), createSuccess(job));
		expect(await client.result(JOB)).toMatchObject({ status: 'completed' });
		expect(http.requests[0]).toMatchObject({ authenticated: true, text: '' });
		expect(http.requests[0]!.headers).toEqual({ Accept: 'application/json' });
	});

	it('gives up a stalled answer within the time it is given', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob()));
		await client.result(JOB, 7_000);
		expect(http.requests[0]).toMatchObject({ idleTimeoutMs: 7_000, timeoutMs: 7_000 });
	});

	it('does not take the answer about another job for this one', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob({ id: 'another-job' })));
		const failure = await apiErrorOf(client.result(JOB));
		expect(failure.message).toContain('another-job');
		expect(failure.transient).toBe(true);
	});

	it.each<[string, HttpResponse]>([
		['without an envelope', createResponse(200, createCompleted())],
		['with the code 0', createResponse(200, { code: 0, data: createCompleted() })],
		['in a list of one', createSuccess([createCompleted()])],
		['under HTTP 299', createResponse(299, createCompleted())],
	])('takes an answer %s', async (_what, answer) => {
		http.on('GET', resultUrl(JOB), answer);
		expect(await client.result(JOB)).toMatchObject({ state: 'completed' });
	});

	it.each([199, 300, 403, 500])('is not what comes with HTTP %i', async (status) => {
		http.on('GET', resultUrl(JOB), createResponse(status, { code: 200, data: createCompleted() }));
		expect((await apiErrorOf(client.result(JOB))).details).toMatchObject({ status });
	});

	it.each([404, 405])('is read the older way when the address answers %i', async (status) => {
		http.on('GET', resultUrl(JOB), createRefusal(status, 'No such page'));
		http.on('GET', olderResultUrl(JOB), ...Array(3).fill(createSuccess(createJob())));
		for (let time = 0; time < 3; time++) await client.result(JOB);
		expect(http.requests).toHaveLength(4);
	});

	it('is never read the older way after an answer of the current one', async () => {
		const unknown = createRefusal(404, 'Prediction not found');
		http.on('GET', resultUrl(JOB), createSuccess(createJob()), unknown);
		await client.result(JOB);
		expect((await apiErrorOf(client.result(JOB))).kind).toBe('notFound');
	});

	it('of an unknown job is unknown in both ways, each time', async () => {
		const unknown = createRefusal(404, 'Prediction not found');
		http.on('GET', resultUrl(JOB), unknown, createSuccess(createJob()));
		http.on('GET', olderResultUrl(JOB), createRefusal(404, 'No such page'));
		expect((await apiErrorOf(client.result(JOB))).message).toBe('Prediction not found');
		expect(await client.result(JOB)).toMatchObject({ id: JOB });
	});

	it('may be read later when the older way stumbles', async () => {
		http.on('GET', resultUrl(JOB), createRefusal(404, 'x'));
		http.on('GET', olderResultUrl(JOB), createRefusal(502, 'Bad Gateway'));
		expect((await apiErrorOf(client.result(JOB))).transient).toBe(true);
	});

	it('takes an answer without a job for a transient failure', async () => {
		http.on('GET', resultUrl(JOB), createSuccess({}));
		expect((await apiErrorOf(client.result(JOB))).transient).toBe(true);
	});
});

describe('history', () => {
	it('posts the page, the model and the time, and asks for inputs', async () => {
		http.on('POST', HISTORY_URL, createSuccess({ page: 2, items: [] }));
		await client.history({ page: 2, model: MODEL, createdAfter: START });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			page: 2,
			page_size: 100,
			model: MODEL,
			include_inputs: true,
			created_after: '2026-01-01T00:00:00.000Z',
		});
	});

	it('lists jobs by status and time, of all models', async () => {
		http.on('POST', HISTORY_URL, createSuccess({ items: [createJob(), createJob()] }));
		const page = await client.listPredictions({
			status: 'failed',
			createdAfter: START,
			createdBefore: START + 1_000,
			page: 3,
			pageSize: 2,
			includeInputs: false,
		});
		expect(page).toMatchObject({ items: [{ id: JOB }, { id: JOB }], full: true });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			page: 3,
			page_size: 2,
			status: 'failed',
			include_inputs: false,
			created_after: '2026-01-01T00:00:00.000Z',
			created_before: '2026-01-01T00:00:01.000Z',
		});
	});

	it('leaves the time out when there is none, for any model', async () => {
		http.on('POST', HISTORY_URL, createSuccess({ items: [] }));
		await client.history({ page: 1, model: 'another/model' });
		const asked = { page: 1, page_size: 100, model: 'another/model', include_inputs: true };
		expect(JSON.parse(http.requests[0]!.text)).toEqual(asked);
	});

	it('leaves out entries that cannot be read', async () => {
		const items = [null, 7, {}, createJob(), { id: 'x' }];
		http.on('POST', HISTORY_URL, createSuccess({ items }));
		const { items: read, full } = await client.history({ page: 1, model: MODEL });
		expect(read.map((item) => item.id)).toEqual([JOB]);
		expect(full).toBe(false);
	});

	it('says when the page is full, and there may be another', async () => {
		const items = Array.from({ length: 100 }, () => ({}));
		http.on('POST', HISTORY_URL, createSuccess({ items }));
		expect(await client.history({ page: 1, model: MODEL })).toEqual({ items: [], full: true });
	});

	it.each([undefined, null, {}, { items: null }, { items: 'x' }, []])(
		'is empty for the data %j',
		async (data) => {
			http.on('POST', HISTORY_URL, createSuccess(data));
			expect(await client.history({ page: 1, model: MODEL })).toEqual({ items: [], full: false });
		},
	);
});

describe('an upload ticket', () => {
	it('is asked for with name, size and type', async () => {
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

	it('is asked for without a type that is not known', async () => {
		http.on('POST', TICKET_URL, createSuccess(TICKET));
		await client.uploadTicket({ name: 'x', size: 3, type: '' });
		expect(JSON.parse(http.requests[0]!.text)).toEqual({ filename: 'x', size: 3 });
	});

	it.each([
		['without upload', { ...TICKET, upload: undefined }],
		['without an address', { ...TICKET, upload: { ...TICKET.upload, url: undefined } }],
		['without a download address', { ...TICKET, download_url: undefined }],
		['that is null', null],
		['for POST', { ...TICKET, upload: { ...TICKET.upload, method: 'POST' } }],
		['for DELETE', { ...TICKET, upload: { ...TICKET.upload, method: 'DELETE' } }],
		['with an empty address', { ...TICKET, download_url: '', url: 7 }],
	])('%s is refused', async (what, data) => {
		http.on('POST', TICKET_URL, createSuccess(data));
		const method = /^for (.*)/.exec(what)?.[1];
		expect(await apiErrorOf(client.uploadTicket({ name: 'x', size: 3 }))).toMatchObject({
			kind: method ? 'refused' : 'unreadable',
			message: method
				? `WaveSpeed asked for an upload by ${method}, which this node does not support`
				: 'WaveSpeed returned no upload URL',
			details: { notProcessed: false },
		});
	});

	it('may name PUT in small letters, have no headers, and call the address "url"', async () => {
		const { download_url: url, ...rest } = TICKET;
		const upload = { method: 'put', url: TICKET.upload.url };
		http.on('POST', TICKET_URL, createSuccess({ ...rest, url, upload }));
		expect(await client.uploadTicket({ name: 'x', size: 3 })).toEqual({
			putUrl: TICKET.upload.url,
			headers: {},
			downloadUrl: url,
		});
	});

	it('has as headers what can be sent as text', async () => {
		const headers = { a: 'x', b: 1, c: true, d: null, e: { toString: 1 }, f: ['x'] };
		const upload = { ...TICKET.upload, headers };
		http.on('POST', TICKET_URL, createSuccess({ ...TICKET, upload }));
		const ticket = await client.uploadTicket({ name: 'x', size: 3 });
		expect(ticket.headers).toEqual({ a: 'x', b: '1', c: 'true' });
	});
});

describe('the one-step upload', () => {
	const form = { body: { size: 2, open: async () => Buffer.from('ab') }, contentType: 'x/form' };

	it('sends the form with the key and gives the address', async () => {
		const addresses = { download_url: 'https://f/1', url: 'https://f/2' };
		http.on('POST', ONE_STEP_URL, createSuccess(addresses));
		expect(await client.uploadOneStep(form, { idleTimeoutMs: 60_000 })).toBe('https://f/1');
		expect(http.requests[0]).toMatchObject({
			authenticated: true,
			headers: { 'Content-Type': 'x/form' },
			announced: 2,
			text: 'ab',
			idleTimeoutMs: 60_000,
		});
		expect(http.requests[0]).not.toHaveProperty('timeoutMs');
	});

	it('takes the address of the older answer', async () => {
		http.on('POST', ONE_STEP_URL, createSuccess({ url: 'https://f/2' }));
		expect(await client.uploadOneStep(form, { idleTimeoutMs: 1 })).toBe('https://f/2');
	});

	it.each([null, {}, { download_url: '' }, { download_url: 7 }])(
		'refuses the answer %j',
		async (data) => {
			http.on('POST', ONE_STEP_URL, createSuccess(data));
			expect((await apiErrorOf(client.uploadOneStep(form, { idleTimeoutMs: 1 }))).kind).toBe(
				'unreadable',
			);
		},
	);
});

describe('balance', () => {
	it.each<[unknown, number | undefined]>([
		[{ balance: 12.5, currency: 'USD' }, 12.5],
		[{ balance: 0 }, 0],
		[{ balance: '12' }, undefined],
		[null, undefined],
	])('of %j is %j', async (data, dollars) => {
		http.on('GET', `${API}/balance`, createSuccess(data));
		expect(await client.balance()).toBe(dollars);
	});

	it('without end is none', async () => {
		http.on('GET', `${API}/balance`, createResponse(200, '{"code":200,"data":{"balance":1e999}}'));
		expect(await client.balance()).toBeUndefined();
	});
});

describe('every call', () => {
	it('goes below the base URL, path and all', async () => {
		const base = 'https://proxy.example/wavespeed';
		http.on('GET', `${base}/api/v3/balance`, createSuccess({ balance: 1 }));
		expect(await createClient(http, clock, base).balance()).toBe(1);
	});

	it('leaves the key to whoever sends it', async () => {
		await submit(createSuccess(createJob()));
		const names = Object.keys(http.requests[0]!.headers ?? {}).map((name) => name.toLowerCase());
		expect(names).not.toContain('authorization');
	});

	it('passes on errors that are not about the answer', async () => {
		const bug = new TypeError('bug');
		http.on('GET', `${API}/balance`, bug);
		await expect(client.balance()).rejects.toBe(bug);
	});
});

describe("the service's clock", () => {
	it('is this machine’s until an answer tells', () => {
		expect(client.toServerTime(START)).toBe(START);
	});

	it('is learned from the answers, also from refusals', async () => {
		const date = 'Thu, 01 Jan 2026 01:00:00 GMT';
		http.on('GET', `${BASE}/api/v3/balance`, createRefusal(500, 'x', { date }));
		await apiErrorOf(client.balance());
		expect(client.toServerTime(START)).toBe(START + 3_600_000);
	});

	it('is not disturbed by a date that is none', async () => {
		http.on('GET', `${API}/balance`, createSuccess({}, { date: 'yesterday' }));
		await client.balance();
		expect(client.toServerTime(START)).toBe(START);
	});
});
