/** What each call sends, and how its answer is read. */
import { describe, expect, it } from '@jest/globals';
import {
	HISTORY_URL,
	JOB,
	MODEL,
	createBody,
	createClient,
	createCompleted,
	createJob,
	createPage,
	createRefusal,
	createReset,
	createResponse,
	createSuccess,
	olderResultUrl,
	resultUrl,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { apiErrorOf } from '../support/failures';

const { http, clock, client } = freshApi();

describe('every call', () => {
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
	])('(%s) is given up after 30 s of silence and 90 s in all', async (_what, ask) => {
		http.always('POST', /./, createReset());
		http.always('GET', /./, createReset());
		await apiErrorOf(ask());
		const [request] = http.requests;
		expect(request).toMatchObject({ idleTimeoutMs: 30_000, timeoutMs: 90_000 });
		expect(request).toMatchObject({ authenticated: true });
		// The key is left to whoever sends it.
		expect(Object.keys(request!.headers!).sort()).toEqual(
			request!.method === 'POST' ? ['Accept', 'Content-Type'] : ['Accept'],
		);
	});

	it('passes on errors that are not about the answer', async () => {
		const bug = new TypeError('bug');
		http.on('GET', resultUrl(JOB), bug);
		await expect(client.result(JOB)).rejects.toBe(bug);
	});

	it("goes below the base URL, and tells the service's clock, if its date is one", async () => {
		const base = 'https://proxy.example/wavespeed';
		const below = createClient(http, clock, base);
		expect(below.toServerTime(START)).toBe(START);
		const refusal = createRefusal(500, 'x', { date: 'Thu, 01 Jan 2026 01:00:00 GMT' });
		const answer = createSuccess({ balance: 1 }, { date: 'yesterday' });
		http.on('GET', `${base}/api/v3/balance`, refusal, answer);
		await apiErrorOf(below.balance());
		expect(await below.balance()).toBe(1);
		expect(below.toServerTime(START)).toBe(START + 3_600_000);
	});
});

describe('a result', () => {
	const unknown = createRefusal(404, 'Prediction not found');

	it('is read at an address built from the ID, whatever urls.get says', async () => {
		const job = createCompleted({ urls: { get: 'https://evil.example/x' } });
		http.on('GET', resultUrl(JOB), createSuccess(job));
		expect(await client.result(JOB, 7_000)).toMatchObject({ status: 'completed' });
		expect(http.requests[0]).toMatchObject({ text: '', idleTimeoutMs: 7_000, timeoutMs: 7_000 });
	});

	it.each([
		['about another job', createJob({ id: 'another-job' }), 'another-job'],
		['without a job', {}, 'no readable job'],
	])('is not taken from an answer %s, which may pass', async (_what, data, words) => {
		http.on('GET', resultUrl(JOB), createSuccess(data));
		const failure = await apiErrorOf(client.result(JOB));
		expect(failure.message).toContain(words);
		expect(failure.transient).toBe(true);
	});

	it.each<[string, number, unknown]>([
		['without an envelope', 200, createCompleted()],
		['with the code 0', 200, { code: 0, data: createCompleted() }],
		['in a list of one', 200, { code: 200, data: [createCompleted()] }],
		['under HTTP 299', 299, createCompleted()],
	])('may come %s', async (_what, status, body) => {
		http.on('GET', resultUrl(JOB), createResponse(status, body));
		expect(await client.result(JOB)).toMatchObject({ state: 'completed' });
	});

	it.each([
		[404, 404],
		[405, 200],
		[404, 500],
		[200, 404],
		[200, 405],
	])('is read the older way after HTTP %i with the code %i', async (status, code) => {
		http.on('GET', resultUrl(JOB), createResponse(status, { code, message: 'No such page' }));
		http.on('GET', olderResultUrl(JOB), ...Array(3).fill(createSuccess(createJob())));
		for (let time = 0; time < 3; time++)
			expect(await client.result(JOB)).toMatchObject({ id: JOB });
		expect(http.requests).toHaveLength(4);
	});

	it.each([
		[200, 400],
		[300, 404],
		[500, 404],
		...[199, 300, 403, 500].map((status) => [status, 200]),
	])(
		'is not what comes with HTTP %i and the code %i, nor asked for again',
		async (status, code) => {
			const data = code === 200 ? createCompleted() : undefined;
			http.on('GET', resultUrl(JOB), createResponse(status, { code, message: 'No', data }));
			expect((await apiErrorOf(client.result(JOB))).message).toBe('No');
		},
	);

	it('of an unknown job is unknown in both ways, until an answer shows which way is right', async () => {
		http.on('GET', resultUrl(JOB), unknown, createSuccess(createJob()), unknown);
		http.on('GET', olderResultUrl(JOB), createRefusal(404, 'No such page'));
		expect((await apiErrorOf(client.result(JOB))).message).toBe('Prediction not found');
		expect(await client.result(JOB)).toMatchObject({ id: JOB });
		expect((await apiErrorOf(client.result(JOB))).kind).toBe('notFound');
	});

	it('may be read later when the older way stumbles', async () => {
		http.on('GET', resultUrl(JOB), unknown);
		http.on('GET', olderResultUrl(JOB), createRefusal(502, 'Bad Gateway'));
		expect((await apiErrorOf(client.result(JOB))).transient).toBe(true);
	});
});

describe('the history', () => {
	it('is asked for by page, model and time, with inputs; a list by status and times', async () => {
		http.on('POST', HISTORY_URL, createPage([]), createPage([createJob(), createJob()]));
		await client.history({ page: 1, model: MODEL });
		const query = { status: 'failed', createdAfter: START, createdBefore: START + 1_000 };
		const paging = { page: 3, pageSize: 2, includeInputs: false };
		const page = await client.listPredictions({ ...query, ...paging });
		expect(page).toMatchObject({ items: [{ id: JOB }, { id: JOB }], full: true });
		expect(http.json()).toEqual([
			{ page: 1, page_size: 100, model: MODEL, include_inputs: true },
			{
				...{ page: 3, page_size: 2, status: 'failed', include_inputs: false },
				created_after: '2026-01-01T00:00:00.000Z',
				created_before: '2026-01-01T00:00:01.000Z',
			},
		]);
	});

	it.each([
		[{ items: [null, 7, {}, createJob(), { id: 'x' }] }, [JOB], false],
		// As long as was asked for, so that there may be another page.
		[{ items: Array(100).fill({}) }, [], true],
		...[undefined, null, {}, { items: null }, { items: 'x' }, []].map(
			(data) => [data, [], false] as const,
		),
	])('is read from %j without what cannot be read', async (data, ids, full) => {
		http.on('POST', HISTORY_URL, createSuccess(data));
		const page = await client.history({ page: 1, model: MODEL });
		expect([page.items.map(({ id }) => id), page.full]).toEqual([ids, full]);
	});
});
