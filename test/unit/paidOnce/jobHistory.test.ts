/** Jobs with the same inputs, as the history of the account shows them. */
import { describe, expect, it } from '@jest/globals';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { type ReuseQuery, JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import {
	MODEL,
	HISTORY_URL,
	createBody,
	createClient,
	createCompleted,
	createJob,
	createRefusal,
	createSuccess,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { apiFailureOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SEED = 123_456;
const QUERY: ReuseQuery = {
	model: MODEL,
	resolution: undefined,
	seed: SEED,
	order: 'meanwhile',
	prompt: '',
	urls: {},
};

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());
const history = fresh(() => new JobHistory(createClient(http, clock), clock));

/** A job with the seed of the query, made so long ago by the service's clock. */
function createMatch(id: string, ageMs = HOUR, more: Record<string, unknown> = {}) {
	const created_at = new Date(START - ageMs).toISOString();
	return createCompleted({ id, created_at, inputs: { ...createBody({ seed: SEED }) }, ...more });
}

function page(items: object[], headers = {}) {
	return createSuccess({ page: 1, items }, headers);
}

async function idsOf(query: Partial<ReuseQuery> = {}): Promise<string[]> {
	return (await history.find({ ...QUERY, ...query })).map(({ id }) => id);
}

function pagesRead(): number[] {
	return http
		.to('POST', HISTORY_URL)
		.map(({ text }) => Number((JSON.parse(text) as { page: number }).page));
}

describe('jobs with the same inputs', () => {
	it('are found, the newest first, running and completed ones', async () => {
		const running = createMatch('job-new', MINUTE, { status: 'processing', outputs: [] });
		http.on('POST', HISTORY_URL, page([createMatch('job-old', DAY), running]));
		expect(await idsOf()).toEqual(['job-new', 'job-old']);
	});

	it.each<[string, Record<string, unknown>]>([
		['another seed', { inputs: { ...createBody({ seed: 1 }) } }],
		['no seed', { inputs: { ...createBody(), seed: undefined } }],
		['the seed as a text', { inputs: { ...createBody(), seed: String(SEED) } }],
		['another order', { inputs: { ...createBody({ seed: SEED, order: 'left_right' }) } }],
		['a prompt', { inputs: { ...createBody({ seed: SEED, prompt: 'x' }) } }],
		['no inputs', { inputs: undefined }],
		['another resolution', { inputs: { ...createBody({ seed: SEED, resolution: '720p' }) } }],
		['another model', { model: 'wavespeed-ai/infinitetalk/multi' }],
		['a failure', { status: 'failed' }],
	])('are not those with %s', async (_what, more) => {
		http.on('POST', HISTORY_URL, page([createMatch('job-a', HOUR, more)]));
		expect(await idsOf()).toEqual([]);
	});

	it('may leave out what is the default', async () => {
		const { image, left_audio, right_audio } = createBody();
		const inputs = { image, left_audio, right_audio, seed: SEED };
		http.on('POST', HISTORY_URL, page([createMatch('job-a', HOUR, { inputs, model: undefined })]));
		expect(await idsOf()).toEqual(['job-a']);
	});

	it.each([
		[{ image: createBody().image }, ['job-a']],
		[{ image: 'https://files.example/other.png' }, []],
	])('have the URLs %j', async (urls, expected) => {
		http.on('POST', HISTORY_URL, page([createMatch('job-a')]));
		expect(await idsOf({ urls })).toEqual(expected);
	});
});

describe('seven days', () => {
	it('are what the service is asked for, less an hour to download the video', async () => {
		http.on('POST', HISTORY_URL, page([]));
		await idsOf();
		expect(JSON.parse(http.requests[0]!.text)).toMatchObject({
			page: 1,
			model: MODEL,
			include_inputs: true,
			created_after: new Date(START - 7 * DAY + HOUR).toISOString(),
		});
	});

	it('hold also when the service lists older jobs', async () => {
		const [young, old] = [7 * DAY - HOUR, 7 * DAY - HOUR + 1];
		http.on('POST', HISTORY_URL, page([createMatch('young', young), createMatch('old', old)]));
		expect(await idsOf()).toEqual(['young']);
	});

	it.each([-10, 10])(
		'go by the clock of the service, which is %i minutes ahead of this one',
		async (minutes) => {
			const date = new Date(START + minutes * MINUTE).toUTCString();
			const limit = 7 * DAY - HOUR - minutes * MINUTE;
			const jobs = [createMatch('young', limit), createMatch('old', limit + 1)];
			http.on('POST', HISTORY_URL, page(jobs, { date }));
			expect(await idsOf()).toEqual(['young']);
		},
	);
});

describe('the history is read', () => {
	const strangers = Array.from({ length: 100 }, (_none, index) =>
		createMatch(`stranger${index}`, HOUR, { inputs: { ...createBody({ seed: 1 }) } }),
	);

	it('once in a run, however many items ask, also at the same time', async () => {
		http.on('POST', HISTORY_URL, page([createMatch('job-a')]));
		expect(await Promise.all([idsOf(), idsOf(), idsOf({ seed: 5 })])).toEqual([
			['job-a'],
			['job-a'],
			[],
		]);
		expect(await idsOf()).toEqual(['job-a']);
	});

	it('to its last page', async () => {
		http.on('POST', HISTORY_URL, page(strangers), page(strangers), page([createMatch('job-a')]));
		expect(await idsOf()).toEqual(['job-a']);
		expect(pagesRead()).toEqual([1, 2, 3]);
	});

	it('for ten pages at most', async () => {
		http.always('POST', HISTORY_URL, page(strangers));
		expect(await idsOf()).toEqual([]);
		expect(pagesRead()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
	});

	it('without counting a job twice that moves on to the next page meanwhile', async () => {
		const first = [...strangers.slice(1), createMatch('job-a')];
		http.on('POST', HISTORY_URL, page(first), page([createMatch('job-a')]));
		expect(await idsOf()).toEqual(['job-a']);
	});

	it('for six seconds at most; what it has shown by then counts', async () => {
		http.always('POST', HISTORY_URL, async () => {
			await clock.until(2_500);
			return page([...strangers.slice(1), createMatch('job-a')]);
		});
		expect(await idsOf()).toEqual(['job-a']);
		expect(pagesRead()).toEqual([1, 2, 3]);
		const limits = http.requests.map(({ timeoutMs }) => timeoutMs);
		expect(limits).toEqual([6_000, 3_500, 1_000]);
	});

	it.each([
		['HTTP 403', createRefusal(403, 'No history for you')],
		['HTTP 502', createRefusal(502, 'down')],
		['silence', new NoResponseError('TIMEOUT', 'no answer in time')],
	])('and %s is told as it is, once for all items', async (_what, reply) => {
		http.on('POST', HISTORY_URL, reply);
		const [first, second] = await Promise.all([apiFailureOf(idsOf()), apiFailureOf(idsOf())]);
		expect(second).toBe(first);
	});

	it('and no model is mistaken for another', async () => {
		const other = 'wavespeed-ai/infinitetalk/multi';
		http.on('POST', HISTORY_URL, page([]), page([createJob({ model: other })]));
		expect(await idsOf()).toEqual([]);
		expect(await idsOf({ model: other })).toEqual([]);
		const models = http.requests.map(({ text }) => (JSON.parse(text) as { model: string }).model);
		expect(models).toEqual([MODEL, other]);
	});
});

describe('a history', () => {
	it.each([
		['without jobs', [], true],
		['with inputs of one job', [createMatch('job-1'), createCompleted({ id: 'job-2' })], true],
		['without inputs of any', [createCompleted({ id: 'job-1', inputs: undefined })], false],
	])('%s: whether it shows inputs', async (_name, items, expected) => {
		http.on('POST', HISTORY_URL, page(items));
		expect(await history.showsInputs(MODEL)).toBe(expected);
	});
});
