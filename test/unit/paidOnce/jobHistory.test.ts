/** Jobs with the same inputs, as the history of the account shows them. */
import { describe, expect, it } from '@jest/globals';
import { NoResponseError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import type { JobQuery } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/matching';
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
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SEED = 123_456;
const QUERY: JobQuery = {
	model: MODEL,
	resolution: undefined,
	seed: SEED,
	order: 'meanwhile',
	prompt: '',
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

async function idsOf(query: Partial<JobQuery> = {}): Promise<string[]> {
	const ids: string[] = [];
	for await (const { id } of history.candidates({ ...QUERY, ...query })) ids.push(id);
	return ids;
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
	const createOther = (id: string) =>
		createMatch(id, HOUR, { inputs: { ...createBody({ seed: 1 }) } });
	const strangers = Array.from({ length: 100 }, (_none, index) => createOther(`stranger${index}`));

	it('once for all items that ask within three seconds, also at the same time', async () => {
		http.on('POST', HISTORY_URL, page([createMatch('job-a')]));
		expect(await Promise.all([idsOf(), idsOf(), idsOf({ seed: 5 })])).toEqual([
			['job-a'],
			['job-a'],
			[],
		]);
		await clock.until(3_000);
		expect(await idsOf()).toEqual(['job-a']);
	});

	it('again after that, as far as it has new jobs', async () => {
		const first = [...strangers.slice(1), createMatch('job-a')];
		http.on('POST', HISTORY_URL, page(first), page([createMatch('job-old', DAY)]));
		expect(await idsOf()).toEqual(['job-a', 'job-old']);
		await clock.until(3_001);
		const later = Array.from({ length: 100 }, (_none, index) => createOther(`later${index}`));
		const next = [...later.slice(1), createMatch('job-new', MINUTE)];
		http.on('POST', HISTORY_URL, page(next), page([createOther('later0'), ...first.slice(0, 99)]));
		expect(await idsOf()).toEqual(['job-new', 'job-a', 'job-old']);
		expect(pagesRead()).toEqual([1, 2, 1, 2]);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('no further than to the job that is taken', async () => {
		http.on('POST', HISTORY_URL, page([...strangers.slice(1), createMatch('job-a')]));
		for await (const { id } of history.candidates(QUERY)) {
			expect(id).toBe('job-a');
			break;
		}
		expect(pagesRead()).toEqual([1]);
	});

	it('to its last page', async () => {
		http.on('POST', HISTORY_URL, page(strangers), page(strangers), page([createMatch('job-a')]));
		expect(await idsOf()).toEqual(['job-a']);
		expect(pagesRead()).toEqual([1, 2, 3]);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('for a hundred pages at most, and says so', async () => {
		http.always('POST', HISTORY_URL, page(strangers));
		expect(await idsOf()).toEqual([]);
		expect(pagesRead()).toHaveLength(100);
		expect(history.gap(MODEL)).toContain('An older job with the same inputs may have been missed');
	});

	it('without counting a job twice that moves on to the next page meanwhile', async () => {
		const first = [...strangers.slice(1), createMatch('job-a')];
		http.on('POST', HISTORY_URL, page(first), page([createMatch('job-a')]));
		expect(await idsOf()).toEqual(['job-a']);
	});

	it('for six seconds at most; what it has shown by then counts, the next look goes on', async () => {
		http.always('POST', HISTORY_URL, async ({ text }) => {
			await clock.until(2_500);
			const { page: number } = JSON.parse(text) as { page: number };
			return page([...strangers.slice(1), createMatch(`job-${number}`, number * MINUTE)]);
		});
		expect(await idsOf()).toEqual(['job-1', 'job-2', 'job-3']);
		expect(pagesRead()).toEqual([1, 2, 3]);
		const limits = http.requests.map(({ timeoutMs }) => timeoutMs);
		expect(limits).toEqual([6_000, 3_500, 1_000]);
		expect(history.gap(MODEL)).toMatch(/^Only the latest 102 jobs of WaveSpeed's history could/);
		expect(await idsOf()).toEqual(['job-1', 'job-2', 'job-3', 'job-4', 'job-5']);
		expect(pagesRead()).toEqual([1, 2, 3, 1, 4, 5]);
	});

	it.each([
		['HTTP 403', createRefusal(403, 'No history for you'), 'No history for you'],
		['HTTP 502', createRefusal(502, 'down'), 'down'],
		['silence', new NoResponseError('TIMEOUT', 'the request timed out'), 'the request timed out'],
	])('and counts as empty after %s, which the next look forgets', async (_what, reply, words) => {
		http.on('POST', HISTORY_URL, reply);
		expect(await Promise.all([idsOf(), idsOf()])).toEqual([[], []]);
		expect(history.gap(MODEL)).toContain(`could not be read (${words})`);
		await clock.until(3_001);
		http.on('POST', HISTORY_URL, page([createMatch('job-a')]));
		expect(await idsOf()).toEqual(['job-a']);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('and what is in front of a page that fails counts', async () => {
		const first = page([...strangers.slice(1), createMatch('job-a')]);
		http.on('POST', HISTORY_URL, first, createRefusal(502, 'down'));
		expect(await idsOf()).toEqual(['job-a']);
		expect(history.gap(MODEL)).toMatch(/^Only the latest 100 jobs .* \(down\)\. An older job/);
	});

	it('without a hole where a later look breaks off', async () => {
		http.on('POST', HISTORY_URL, page([createMatch('job-old', DAY)]));
		await idsOf();
		await clock.until(3_001);
		http.on('POST', HISTORY_URL, page(strangers), createRefusal(502, 'down'));
		await idsOf();
		expect(history.gap(MODEL)).toContain('down');
		await clock.until(3_001);
		const hidden = createMatch('hidden', 2 * HOUR);
		http.on('POST', HISTORY_URL, page(strangers), page([hidden, createMatch('job-old', DAY)]));
		expect(await idsOf()).toEqual(['job-old', 'hidden']);
		expect(history.gap(MODEL)).toBeUndefined();
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
		['without jobs', [], undefined],
		['with inputs of one job', [createMatch('job-1'), createCompleted({ id: 'job-2' })], undefined],
		[
			'without inputs of any',
			[createCompleted({ id: 'job-1', inputs: undefined })],
			expect.stringContaining('does not show the inputs of jobs'),
		],
	])('%s: what it cannot tell', async (_name, items, gap) => {
		http.on('POST', HISTORY_URL, page(items));
		await idsOf();
		expect(history.gap(MODEL)).toEqual(gap);
	});
});
