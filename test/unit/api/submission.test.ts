/** A submission is sent once, and whatever names its job is taken for it. */
import { describe, expect, it } from '@jest/globals';
import type { HttpResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import {
	API,
	JOB,
	MODEL,
	MODEL_URL,
	createBody,
	createCompleted,
	createJob,
	createRefusal,
	createReset,
	createResponse,
	createSuccess,
	createUnreachable,
	resultUrl,
	freshApi,
} from '../support/api';
import { apiErrorOf } from '../support/failures';

const { http, client } = freshApi();

const data = createJob();

/** Submits a job, which is answered so. */
async function submit(answer: HttpResponse | Error) {
	http.on('POST', MODEL_URL, answer);
	return await client.submit(MODEL, createBody());
}

it('posts the six documented keys to the model, and may finish when the execution is stopped', async () => {
	http.on('POST', MODEL_URL, createSuccess(data));
	const body = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });
	expect(await client.submit(MODEL, body)).toMatchObject({ id: JOB, status: 'created' });
	expect(http.json()).toEqual([body]);
	expect(http.requests[0]).toMatchObject({ cancellable: false, authenticated: true });
});

it('puts the webhook into the query, percent-encoded, and not into the body', async () => {
	const model = 'wavespeed-ai/infinitetalk/multi';
	const webhook = 'https://n8n.example/webhook-waiting/7?signature=a&b=c d#é';
	const url = `${API}/${model}?webhook=${encodeURIComponent(webhook)}`;
	http.on('POST', url, createSuccess(data));
	await client.submit(model, createBody({ resolution: '720p' }), webhook);
	expect(new URL(http.requests[0]!.url).searchParams.get('webhook')).toBe(webhook);
	expect(http.json()).toEqual([createBody({ resolution: '720p' })]);
});

describe('without a usable ID', () => {
	const text = JSON.stringify(data);
	const prototype = `{"code":200,"data":{"__proto__":${text}}}`;
	const deep = `${'{"error":'.repeat(1e5)}${text}${'}'.repeat(1e5)}`;

	it.each([
		['no response', 'noAnswer', createReset()],
		['HTTP 504', 'server', createRefusal(504, 'gateway')],
		['no data', 'unreadable', createSuccess(undefined)],
		['no ID', 'unreadable', createSuccess(createJob({ id: undefined, urls: undefined }))],
		['an ID that climbs', 'unreadable', createSuccess(createJob({ id: '../balance' }))],
		['a list of two jobs', 'unreadable', createSuccess([data, createJob({ id: 'another' })])],
		['a job as a prototype', 'unreadable', createResponse(200, prototype)],
		['NUL bytes', 'unreadable', createResponse(200, '\0\0\0')],
		['100,000 levels', 'unreadable', createResponse(200, deep)],
	])('(%s) a job may exist, and is not sent again', async (_what, kind, answer) => {
		const failure = await apiErrorOf(submit(answer));
		expect(failure).toMatchObject({ kind, details: { notProcessed: false } });
		expect(http.requests).toHaveLength(1);
	});

	it('nothing happened for certain when the connection was refused', async () => {
		const failure = await apiErrorOf(submit(createUnreachable()));
		expect(failure).toMatchObject({ kind: 'noAnswer', details: { notProcessed: true } });
	});

	const long = `${'a'.repeat(255)}/`;

	it.each<[number, object, string]>([
		...[199, 300, 302, 500].map((status): [number, object, string] => [status, { id: JOB }, JOB]),
		...[400, 429, 499].map((status): [number, object, string] => [status, { data }, JOB]),
		[200, { code: 200, data: { task_id: 'task\n7' } }, 'task 7'],
		[200, { code: 200, data: { uuid: 'u-7' } }, 'u-7'],
		[200, { code: 1500, data: { predictionId: 'p-7' } }, 'p-7'],
		[200, { code: 200, data: { prediction: { id: 'p-7' } } }, 'p-7'],
		[200, { code: 200, data: { id: 7 } }, '7'],
		[200, { code: 200, data: { id: ' a/b \t c\n' } }, 'a/b c'],
		[200, { code: 200, data: JOB }, JOB],
		[200, { code: 200, data: { id: long } }, long],
		[200, { code: 200, data: { id: {}, job_id: 'a/b' } }, 'a/b'],
		[200, { a: [{ id: 'a/b' }] }, 'a/b'],
		[200, { code: 200, data: { urls: { get: resultUrl(JOB) } } }, JOB],
		[200, { code: 500, data: [data, {}] }, JOB],
	])('what may be one is told (HTTP %i, %j): %s', async (status, body, possibleId) => {
		const { details } = await apiErrorOf(submit(createResponse(status, body)));
		const notProcessed = status >= 400 && status < 500;
		expect(details).toMatchObject({ status, possibleId, notProcessed });
	});

	it('nothing is told where nothing is like one', async () => {
		const urls = { get: 'https://api.wavespeed.ai/no' };
		const long = `${'a'.repeat(256)}/`;
		const others = { ids: [], id: '', identity: 'x', uuid: long, urls, far: [[{ id: 'a/b' }]] };
		const body = { code: 1400, message: 'seed', request_id: 'r-7', data: others };
		const { details } = await apiErrorOf(submit(createResponse(200, body)));
		expect(details).not.toHaveProperty('possibleId');
		expect(details.notProcessed).toBe(true);
	});
});

describe('an odd answer to a submission', () => {
	it.each<[string, number, unknown]>([
		['without a status of the job', 200, { code: 200, data: createJob({ status: undefined }) }],
		['with a status that is a list', 200, { code: 200, data: { ...data, status: ['created'] } }],
		['with only an ID', 200, { code: 200, data: { id: JOB } }],
		['with the code 0', 200, { code: 0, data }],
		['with the code 1400', 200, { code: 1400, message: 'x', data }],
		['with a code that is a text', 200, { code: '200', data }],
		['without an envelope', 200, data],
		['without an envelope and status', 201, { id: JOB }],
		['in a list of one', 200, { code: 200, data: [data] }],
		['under HTTP 202', 202, { code: 202, data }],
		['without an envelope under HTTP 299', 299, { id: JOB }],
		['under HTTP 300', 300, { code: 200, data }],
		['without an envelope under HTTP 500', 500, data],
		['under HTTP 504', 504, { code: 504, message: 'x', data }],
	])('(%s) is a submission, as it names the job', async (_what, status, body) => {
		const created = { id: JOB, status: 'created', state: 'unfinished' };
		expect(await submit(createResponse(status, body))).toMatchObject(created);
	});

	it.each(['pred.2026:7~a', 'x', 'A'.repeat(256)])('may name the job %s', async (id) => {
		const completed = createSuccess(createCompleted({ id }));
		expect(await submit(completed)).toMatchObject({ id, state: 'completed' });
		http.on('GET', resultUrl(encodeURIComponent(id)), completed);
		expect(await client.result(id)).toMatchObject({ id, state: 'completed' });
	});
});
