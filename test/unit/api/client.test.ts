/** What each call sends, and how its answer is read. */
import { describe, expect, it } from '@jest/globals';
import {
	API,
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

const BALANCE_URL = `${API}/balance`;

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

	it('goes below the base URL, path and all', async () => {
		const base = 'https://proxy.example/wavespeed';
		http.on('GET', `${base}/api/v3/balance`, createSuccess({ balance: 1 }));
		expect(await createClient(http, clock, base).balance()).toBe(1);
	});

	it('passes on errors that are not about the answer', async () => {
		const bug = new TypeError('bug');
		http.on('GET', resultUrl(JOB), bug);
		await expect(client.result(JOB)).rejects.toBe(bug);
	});

	it("tells the service's clock, also by a refusal, but not by a date that is none", async () => {
		expect(client.toServerTime(START)).toBe(START);
		const refusal = createRefusal(500, 'x', { date: 'Thu, 01 Jan 2026 01:00:00 GMT' });
		http.on('GET', BALANCE_URL, refusal, createSuccess({}, { date: 'yesterday' }));
		await apiErrorOf(client.balance());
		await client.balance();
		expect(client.toServerTime(START)).toBe(START + 3_600_000);
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

	it.each([199, 300, 403, 500])('is not what comes with HTTP %i', async (status) => {
		http.on('GET', resultUrl(JOB), createResponse(status, { code: 200, data: createCompleted() }));
		expect((await apiErrorOf(client.result(JOB))).details).toMatchObject({ status });
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
		for (let time = 0; time < 3; time++) await client.result(JOB);
		expect(http.requests).toHaveLength(4);
	});

	it.each([
		[200, 400],
		[300, 404],
		[500, 404],
		[403, 403],
	])('is not read the older way after HTTP %i with the code %i', async (status, code) => {
		http.on('GET', resultUrl(JOB), createResponse(status, { code, message: 'No' }));
		expect((await apiErrorOf(client.result(JOB))).message).toBe('No');
	});

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
	const ask = { page: 1, model: MODEL };

	it('is asked for by page, model and time, with inputs', async () => {
		http.on('POST', HISTORY_URL, createPage([]), createPage([]));
		await client.history({ page: 2, model: MODEL, createdAfter: START });
		await client.history({ page: 1, model: 'another/model' });
		const created_after = '2026-01-01T00:00:00.000Z';
		expect(http.json()).toEqual([
			{ page: 2, page_size: 100, model: MODEL, include_inputs: true, created_after },
			{ page: 1, page_size: 100, model: 'another/model', include_inputs: true },
		]);
	});

	it('lists jobs by status and time, of all models', async () => {
		http.on('POST', HISTORY_URL, createPage([createJob(), createJob()]));
		const query = { status: 'failed', createdAfter: START, createdBefore: START + 1_000 };
		const paging = { page: 3, pageSize: 2, includeInputs: false };
		const page = await client.listPredictions({ ...query, ...paging });
		expect(page).toMatchObject({ items: [{ id: JOB }, { id: JOB }], full: true });
		expect(http.json()[0]).toEqual({
			...{ page: 3, page_size: 2, status: 'failed', include_inputs: false },
			created_after: '2026-01-01T00:00:00.000Z',
			created_before: '2026-01-01T00:00:01.000Z',
		});
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
		const page = await client.history(ask);
		expect([page.items.map(({ id }) => id), page.full]).toEqual([ids, full]);
	});
});
