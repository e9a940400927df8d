/** Jobs with the same inputs, as the history of the account shows them. */
import { describe, expect, it } from '@jest/globals';
import { JobHistory } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/history';
import type { JobQuery } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/matching';
import {
	MODEL,
	HISTORY_URL,
	createBody,
	createCompleted,
	createPage,
	createRefusal,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { fresh } from '../support/fresh';
import { jsonOf } from '../support/http';
import { createQuery } from '../support/records';

const { client, clock, http } = freshApi();

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SEED = 123_456;
const QUERY = createQuery({ seed: SEED });

const history = fresh(() => new JobHistory(client, clock));

/** A job with the seed of the query, made so long ago by the service's clock. */
function createMatch(id: string, ageMs = HOUR, more: Record<string, unknown> = {}) {
	const created_at = new Date(START - ageMs).toISOString();
	return createCompleted({ id, created_at, inputs: createBody({ seed: SEED }), ...more });
}

async function idsOf(query: Partial<JobQuery> = {}): Promise<string[]> {
	const ids: string[] = [];
	for await (const { id } of history.candidates({ ...QUERY, ...query })) ids.push(id);
	return ids;
}

const onPages = (...pages: object[][]) =>
	http.on('POST', HISTORY_URL, ...pages.map((items) => createPage(items)));
const pagesRead = () => http.json(HISTORY_URL).map(({ page }) => page);

describe('jobs with the same inputs', () => {
	it('are found, the newest first, running and completed ones, also without what is the default', async () => {
		const running = createMatch('job-new', MINUTE, { status: 'processing', outputs: [] });
		const { image, left_audio, right_audio } = createBody();
		const inputs = { image, left_audio, right_audio, seed: SEED };
		const bare = createMatch('job-bare', HOUR, { inputs, model: undefined });
		onPages([bare, createMatch('job-old', DAY), running]);
		expect(await idsOf()).toEqual(['job-new', 'job-bare', 'job-old']);
	});

	it.each<[string, Record<string, unknown>]>([
		['another seed', { inputs: createBody({ seed: 1 }) }],
		['no seed', { inputs: { ...createBody(), seed: undefined } }],
		['no inputs', { inputs: undefined }],
		['a failure', { status: 'failed' }],
	])('are not those with %s', async (_what, more) => {
		onPages([createMatch('job-a', HOUR, more)]);
		expect(await idsOf()).toEqual([]);
	});
});

it.each([-10, 0, 10])(
	'seven days less an hour count by the clock of the service, which is %i minutes ahead',
	async (minutes) => {
		const date = new Date(START + minutes * MINUTE).toUTCString();
		const limit = 7 * DAY - HOUR - minutes * MINUTE;
		const jobs = [createMatch('young', limit), createMatch('old', limit + 1)];
		http.on('POST', HISTORY_URL, createPage(jobs, { date }));
		expect(await idsOf()).toEqual(['young']);
		// Nothing tells the service's clock before its first answer.
		const created_after = new Date(START - 7 * DAY + HOUR).toISOString();
		const query = { page: 1, model: MODEL, include_inputs: true, created_after };
		expect(http.json()).toMatchObject([query]);
	},
);

describe('the history is read', () => {
	const createOthers = (name: string) =>
		Array.from({ length: 100 }, (_none, index) =>
			createMatch(`${name}${index}`, HOUR, { inputs: createBody({ seed: 1 }) }),
		);
	const strangers = createOthers('stranger');
	const withMatch = (id: string, ageMs?: number) => [...strangers.slice(1), createMatch(id, ageMs)];

	it('once for all items that ask within three seconds, also at the same time', async () => {
		onPages([createMatch('job-a')]);
		const found = await Promise.all([idsOf(), idsOf(), idsOf({ seed: 5 })]);
		expect(found).toEqual([['job-a'], ['job-a'], []]);
		await clock.until(3_000);
		expect(await idsOf()).toEqual(['job-a']);
	});

	it('again after that, as far as it has new jobs', async () => {
		const first = withMatch('job-a');
		onPages(first, [createMatch('job-old', DAY)]);
		expect(await idsOf()).toEqual(['job-a', 'job-old']);
		await clock.until(3_001);
		const [moved, ...later] = createOthers('later');
		onPages([...later, createMatch('job-new', MINUTE)], [moved!, ...first.slice(0, 99)]);
		expect(await idsOf()).toEqual(['job-new', 'job-a', 'job-old']);
		expect(pagesRead()).toEqual([1, 2, 1, 2]);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('no further than to the job that is taken', async () => {
		onPages(withMatch('job-a'));
		for await (const { id } of history.candidates(QUERY)) {
			expect(id).toBe('job-a');
			break;
		}
		expect(pagesRead()).toEqual([1]);
	});

	it('to its last page, without counting a job twice that moves on to the next one', async () => {
		onPages(strangers, withMatch('job-a'), [createMatch('job-a')]);
		expect(await idsOf()).toEqual(['job-a']);
		expect(pagesRead()).toEqual([1, 2, 3]);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('for a hundred pages at most, and says so', async () => {
		http.always('POST', HISTORY_URL, createPage(strangers));
		expect(await idsOf()).toEqual([]);
		expect(pagesRead()).toHaveLength(100);
		expect(history.gap(MODEL)).toContain('An older job with the same inputs may have been missed');
	});

	it('for six seconds at most; what it has shown by then counts, the next look goes on', async () => {
		http.always('POST', HISTORY_URL, async (request) => {
			await clock.until(2_500);
			const page = Number(jsonOf(request).page);
			return createPage(withMatch(`job-${page}`, page * MINUTE));
		});
		expect(await idsOf()).toEqual(['job-1', 'job-2', 'job-3']);
		expect(http.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([6_000, 3_500, 1_000]);
		expect(history.gap(MODEL)).toMatch(/^Only the latest 102 jobs of WaveSpeed's history could/);
		expect(await idsOf()).toEqual(['job-1', 'job-2', 'job-3', 'job-4', 'job-5']);
		expect(pagesRead()).toEqual([1, 2, 3, 1, 4, 5]);
	});

	it('and counts as empty after a failure, which the next look forgets', async () => {
		http.on('POST', HISTORY_URL, createRefusal(403, 'No history for you'));
		expect(await Promise.all([idsOf(), idsOf()])).toEqual([[], []]);
		expect(history.gap(MODEL)).toContain('could not be read (No history for you)');
		await clock.until(3_001);
		onPages([createMatch('job-a')]);
		expect(await idsOf()).toEqual(['job-a']);
		expect(history.gap(MODEL)).toBeUndefined();
	});

	it('without a hole where a later look breaks off, and what is in front of it counts', async () => {
		onPages([createMatch('job-old', DAY)]);
		await idsOf();
		await clock.until(3_001);
		onPages(withMatch('job-a')).on('POST', HISTORY_URL, createRefusal(502, 'down'));
		expect(await idsOf()).toEqual(['job-a', 'job-old']);
		expect(history.gap(MODEL)).toMatch(/^Only the latest 101 jobs .* \(down\)\. An older job/);
		await clock.until(3_001);
		onPages(strangers, [createMatch('hidden', 2 * HOUR), createMatch('job-old', DAY)]);
		expect(await idsOf()).toEqual(['job-a', 'job-old', 'hidden']);
		expect(history.gap(MODEL)).toBeUndefined();
	});
});

it('a history that does not show the inputs of any job says so', async () => {
	const bare = createCompleted({ id: 'bare' });
	onPages([bare]);
	await idsOf();
	expect(history.gap(MODEL)).toContain('does not show the inputs of jobs');
	await clock.until(3_001);
	onPages([createMatch('job-a'), bare]);
	await idsOf();
	expect(history.gap(MODEL)).toBeUndefined();
});
