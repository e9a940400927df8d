/** The search in the history for the job of a submission whose response was lost. */
import { expect, it } from '@jest/globals';
import type { SubmissionSearch } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/lostJob';
import { findSubmission } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/lostJob';
import {
	HISTORY_URL,
	MODEL,
	createBody,
	createJob,
	createPage,
	createRefusal,
	createReset,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { apiErrorOf } from '../support/failures';

const { http, clock, client } = freshApi();

const HOUR = 3_600_000;
const BODY = createBody({ seed: 5 });

const job = (id: string, more = {}) => createJob({ id, inputs: BODY, ...more });
const createdAt = (ms: number) => ({ created_at: new Date(ms).toISOString() });

async function search(more: Partial<SubmissionSearch> = {}): Promise<string[]> {
	const known = () => new Set(['known']);
	const query = { model: MODEL, body: BODY, since: START, seedIsDerived: false, known, ...more };
	return (await findSubmission(client, query, clock)).map(({ id }) => id);
}

// A gateway may give up before the job is made.
it('asks for a minute for this model’s jobs from half a minute before the submission', async () => {
	http.on('POST', HISTORY_URL, ...Array(5).fill(createPage([])), createPage([job('late')]));
	expect(await search()).toEqual(['late']);
	expect(clock.sleeps).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 30_000]);
	const created_after = new Date(START - 30_000).toISOString();
	const query = { model: MODEL, page: 1, include_inputs: true, created_after };
	expect(http.json()[0]).toMatchObject(query);
});

it('survives failures that pass, and ends with another', async () => {
	const passing = [createReset(), createRefusal(429, 'busy'), createRefusal(502, 'x')];
	http.on('POST', HISTORY_URL, ...passing, createRefusal(403, 'No history for you'));
	expect((await apiErrorOf(search())).message).toBe('No history for you');
});

it.each([
	['belongs to another item', job('known')],
	['is older than the submission', job('old', createdAt(START - 30_001))],
	['has no date', job('undated', { created_at: undefined })],
	['has another picture', job('other', { inputs: { ...BODY, image: 'https://a.b/other' } })],
])('a job that is listed all the same is not taken when it %s', async (_what, other) => {
	http.on('POST', HISTORY_URL, createPage([other]), createPage([other, job('a')]));
	expect(await search()).toEqual(['a']);
});

it('reads five pages, where a job that is shown twice counts once', async () => {
	const strangers = Array.from({ length: 99 }, (_, index) => job(`${index}`, { inputs: {} }));
	const pages = ['a', 'a', 'b', 'c', 'd'].map((id) => createPage([...strangers, job(id)]));
	http.on('POST', HISTORY_URL, ...pages);
	expect(await search()).toEqual(['a', 'b', 'c', 'd']);
});

it('any job with a seed made of the inputs is the one that was sent, unless it failed', async () => {
	const items = ['failed', 'processing', 'completed'].map((status) =>
		job(status, { status, ...createdAt(START - HOUR) }),
	);
	http.on('POST', HISTORY_URL, createPage(items));
	expect(await search({ seedIsDerived: true })).toEqual(['processing']);
});
