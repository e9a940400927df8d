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

const JOB_TEXT = JSON.stringify(createJob());

/** Submits a job, which is answered so. */
async function submit(answer: HttpResponse | Error) {
	http.on('POST', MODEL_URL, answer);
	return await client.submit(MODEL, createBody());
}

it('posts the six documented keys to the model, and may finish when the execution is stopped', async () => {
	http.on('POST', MODEL_URL, createSuccess(createJob()));
	const body = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });
	expect(await client.submit(MODEL, body)).toMatchObject({ id: JOB, status: 'created' });
	expect(http.json()).toEqual([body]);
	expect(http.requests[0]).toMatchObject({ cancellable: false, authenticated: true });
});

it('puts the webhook into the query, percent-encoded, and not into the body', async () => {
	const model = 'wavespeed-ai/infinitetalk/multi';
	const webhook = 'https://n8n.example/webhook-waiting/7?signature=a&b=c d#é';
	const url = `${API}/${model}?webhook=${encodeURIComponent(webhook)}`;
	http.on('POST', url, createSuccess(createJob()));
	await client.submit(model, createBody({ resolution: '720p' }), webhook);
	expect(new URL(http.requests[0]!.url).searchParams.get('webhook')).toBe(webhook);
	expect(http.json()).toEqual([createBody({ resolution: '720p' })]);
});

it.each([createReset(), createRefusal(504, 'gateway'), createSuccess(null)])(
	'sends a job once, whatever goes wrong',
	async (reply) => {
		expect((await apiErrorOf(submit(reply))).details.notProcessed).toBe(false);
		expect(http.requests).toHaveLength(1);
	},
);

it('is certain that nothing happened when the connection was refused', async () => {
	const failure = await apiErrorOf(submit(createUnreachable()));
	expect(failure).toMatchObject({ kind: 'noAnswer', details: { notProcessed: true } });
});

it.each([
	['no data', createSuccess(undefined)],
	['no ID', createSuccess(createJob({ id: undefined, urls: undefined }))],
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

describe('an odd answer to a submission', () => {
	const data = createJob();

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

	it('that names a job that has ended already is one as well', async () => {
		expect(await submit(createSuccess(createCompleted()))).toMatchObject({ status: 'completed' });
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

	it.each([400, 429, 499])('is none under HTTP %i', async (status) => {
		const { details } = await apiErrorOf(submit(createResponse(status, { code: 200, data })));
		expect(details).toMatchObject({ status, notProcessed: true, possibleId: JOB });
	});

	it.each<[string, unknown, string]>([
		['data.task_id', { code: 200, data: { task_id: 'task\n7' } }, 'task 7'],
		['data.uuid', { code: 200, data: { uuid: 'u-7' } }, 'u-7'],
		['data.predictionId', { code: 1500, data: { predictionId: 'p-7' } }, 'p-7'],
		['prediction.id', { code: 200, data: { prediction: { id: 'p-7' } } }, 'p-7'],
		['an ID that is a number', { code: 200, data: { id: 7 } }, '7'],
		['an ID with a slash', { code: 200, data: { id: ' a/b \t c\n' } }, 'a/b c'],
		['data itself', { code: 200, data: JOB }, JOB],
		['a long ID', { code: 200, data: { id: `${'a'.repeat(255)}/` } }, `${'a'.repeat(255)}/`],
		['an ID behind an unusable one', { code: 200, data: { id: {}, job_id: 'a/b' } }, 'a/b'],
		['an ID four levels down', { a: [{ id: 'a/b' }] }, 'a/b'],
		['its address', { code: 200, data: { urls: { get: resultUrl(JOB) } } }, JOB],
		['an error with the job of a list', { code: 500, data: [data, {}] }, JOB],
	])('(%s) that cannot be used is told', async (_what, body, id) => {
		const { details } = await apiErrorOf(submit(createResponse(200, body)));
		expect(details).toMatchObject({ possibleId: id, notProcessed: false });
	});

	it('without anything like an ID tells none', async () => {
		const urls = { get: 'https://api.wavespeed.ai/no' };
		const long = `${'a'.repeat(256)}/`;
		const others = { ids: [], id: '', identity: 'x', uuid: long, urls, far: [[{ id: 'a/b' }]] };
		const body = { code: 1400, message: 'seed', request_id: 'r-7', data: others };
		const { details } = await apiErrorOf(submit(createResponse(200, body)));
		expect(details).not.toHaveProperty('possibleId');
		expect(details.notProcessed).toBe(true);
	});
});
