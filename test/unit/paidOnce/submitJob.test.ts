/**
 * The step that costs money; the judge of every test is the number of submitting requests. What the emulator's bill
 * shows is proved in `test/engine/paid-once` and `test/engine/rate-limit.test.ts`; the other rules of "paid once"
 * are tested here and in:
 *
 * - `lostJob.test.ts`, `matching.test.ts`: which job of the history is the one that was sent
 * - `reuse.test.ts`, `jobHistory.test.ts`, `proof.test.ts`: a job of other executions with the same inputs
 * - `roundHistory.test.ts`: the jobs of a lost round
 * - `jobStore.test.ts`, `storedState.test.ts`, `inputsDigest.test.ts`: what is stored, under which name
 * - `../operations/startJob.test.ts`: all of them in their order
 */
import { describe, expect, it } from '@jest/globals';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Submission } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { Submissions } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import {
	HISTORY_URL,
	JOB,
	MODEL,
	MODEL_URL,
	createBody,
	createJob,
	createPage,
	createRefusal,
	createReset,
	createSuccess,
	freshApi,
} from '../support/api';
import { START } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { createIdentity, createUnconfirmed } from '../support/records';

const { calls, client, clock, notes, http, jobStore, state } = freshApi();

const MINUTE = 60_000;
const KEY = '0.0.print';
const BODY = createBody();
/** The job of {@link BODY}, as the history shows it. */
const FITTING = createJob({ inputs: { ...BODY } });
const RECOVERED = { state: 'submitted', id: JOB, recovered: true };
const ITEM = { key: KEY, model: MODEL, identity: createIdentity(), seedIsDerived: false };

/** What a try of the node has: new objects over the same store. */
function newTry(): Submissions {
	const addNote = (note: string) => notes.push(note);
	return new Submissions(client, jobStore, calls, () => {}, addNote);
}

const submissions = fresh(newTry);

/** Submits the job of an item: the same job each time, unless more is given. */
async function submit(more: Partial<Submission> = {}) {
	const look = async () => undefined;
	const item = { ...ITEM, body: BODY, look, deadline: START + 60 * MINUTE };
	return await submissions.submit({ ...item, ...more });
}

/** What a later try finds of the item. */
const resume = async () => await newTry().resume(ITEM);
/** What is stored of the item. */
const record = () => state.jobs[KEY];
const sent = () => http.to('POST', MODEL_URL).length;

const CALLED = { webhookExecutionId: '7' };

it.each([
	['of this execution is kept for a later try', createSuccess(createJob()), '7', CALLED],
	['of the user’s own wakes no execution', createSuccess(createJob()), undefined, {}],
	['is kept when the response was lost', createReset(), '7', { ...CALLED, recovered: true }],
])('a callback address that %s', async (_what, reply, executionId, kept) => {
	const url = 'https://n8n.example/w';
	http.on('POST', `${MODEL_URL}?webhook=${encodeURIComponent(url)}`, reply);
	if ('recovered' in kept) http.on('POST', HISTORY_URL, createPage([FITTING]));
	const { recovered, ...called } = { recovered: false, ...kept };
	const origin = recovered ? 'recovered' : 'submitted';
	const prediction = expect.objectContaining({ id: JOB });
	const webhook = { url, ...(executionId && { executionId }) };
	expect(await submit({ webhook })).toEqual({ id: JOB, ...called, origin, prediction });
	expect(record()).toEqual({ state: 'submitted', id: JOB, ...kept });
	const resumed = recovered ? 'recovered' : 'resumed';
	expect(await resume()).toEqual({ id: JOB, ...called, origin: resumed });
});

it.each([
	['a bug leaves the record, since nobody knows what happened', new TypeError('bug'), 'submitting'],
	['a stop before the request left removes the record', new CancelledError(), undefined],
])('%s', async (_what, error, recorded) => {
	http.on('POST', MODEL_URL, error);
	await expect(submit()).rejects.toBe(error);
	expect(record()?.state).toBe(recorded);
});

describe('a job whose response was lost', () => {
	it.each([
		['that is refused', createRefusal(403, 'No history'), 'could not be read (No history)'],
		[
			'of several such jobs',
			createPage([FITTING, createJob({ id: 'other', inputs: BODY })]),
			'2 jobs',
		],
	])('may exist after a look at a history %s', async (_what, reply, words) => {
		state.jobs[KEY] = createUnconfirmed();
		http.on('POST', HISTORY_URL, reply);
		const { advice, details } = await jobErrorOf(resume());
		expect(details).toMatchObject({ step: 'submit', may_exist: true });
		expect(advice).toContain(words);
		expect(record()).toMatchObject({ state: 'submitting' });
	});

	it('is looked for no longer than the execution runs', async () => {
		state.jobs[KEY] = createUnconfirmed();
		http.on('POST', HISTORY_URL, new CancelledError());
		await expect(resume()).rejects.toBeInstanceOf(CancelledError);
		expect(record()).toMatchObject({ state: 'submitting' });
	});
});

describe('too many requests', () => {
	const busy = createRefusal(429, 'Too many requests');
	/** The history shows the job when so many submissions were sent; none unless a number is given. */
	const onHistory = (times = Infinity) =>
		http.always('POST', HISTORY_URL, () => createPage(sent() >= times ? [FITTING] : []));

	it.each([
		['that have created a job all the same are not repeated', [busy]],
		['do not turn into a second job when the repetition is lost', [busy, createReset()]],
	])('%s', async (_what, replies) => {
		onHistory(replies.length);
		http.on('POST', MODEL_URL, ...replies);
		expect(await submit()).toMatchObject({ id: JOB, origin: 'recovered' });
		expect(record()).toEqual(RECOVERED);
	});

	it('are not repeated when another job is there by then', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy);
		const other = { id: 'other', origin: 'reused' as const };
		const look = async () => await Promise.resolve(sent() > 0 ? other : undefined);
		expect(await submit({ look })).toEqual(other);
		expect(record()).toBeUndefined();
	});

	it('are repeated where the history cannot be read, and a hint says so', async () => {
		http.on('POST', MODEL_URL, busy, createSuccess(createJob()));
		http.on('POST', HISTORY_URL, createRefusal(403, 'No history for you'));
		expect(await submit()).toMatchObject({ origin: 'submitted' });
		expect([...notes]).toEqual([expect.stringContaining('No history for you')]);
	});

	it('are waited out longer each time, and leave no record meanwhile', async () => {
		onHistory();
		http.on('POST', MODEL_URL, busy, busy, createSuccess(createJob()));
		const running = submit();
		await clock.until(2_000);
		expect(record()).toBeUndefined();
		await running;
		expect(clock.elapsed).toBe(10_000 + 20_000);
	});
});

describe('several items', () => {
	it('that differ in their seeds at most, all answers lost, adopt one job each', async () => {
		const jobs: object[] = [];
		http.always('POST', MODEL_URL, () => {
			// The seed is the one that was drawn, or is not shown.
			jobs.push(createJob({ id: `job-${jobs.length + 1}`, inputs: { ...BODY, seed: undefined } }));
			return createReset();
		});
		http.always('POST', HISTORY_URL, () => createPage(jobs));
		const ids = [-1, -1, 5].map(async (seed, item) => {
			return (await submit({ key: `0.${item}.x`, body: createBody({ seed }) })).id;
		});
		expect(await Promise.all(ids)).toEqual(['job-1', 'job-2', 'job-3']);
		expect(sent()).toBe(3);
	});

	it('behind an equal one wait until their own deadline, and are not sent then', async () => {
		http.on('POST', MODEL_URL, async () => {
			await clock.until(5 * MINUTE);
			return createSuccess(createJob());
		});
		const first = submit();
		const failure = await jobErrorOf(submit({ key: 'b', deadline: START + 6_000 }));
		expect(failure.message).toContain('Timeout passed while this item waited');
		expect(clock.elapsed).toBe(6_000);
		await first;
		expect(sent()).toBe(1);
	});

	it('with different bodies are sent together, four at most', async () => {
		http.always('POST', MODEL_URL, async () => {
			await clock.until(1_000);
			return createSuccess(createJob());
		});
		const prompts = Array.from({ length: 9 }, (_none, item) => `video ${item}`);
		await Promise.all(
			prompts.map(async (prompt) => await submit({ body: createBody({ prompt }) })),
		);
		expect(http.mostAtOnce).toBe(4);
		expect(clock.elapsed).toBe(3_000);
	});
});

it('a later try resumes a reused job as reused, without asking anybody', async () => {
	const reusedFrom = '2026-01-01T00:00:00Z';
	state.jobs[KEY] = { state: 'submitted', id: JOB, reusedFrom };
	expect(await resume()).toEqual({ id: JOB, origin: 'reused', reusedFrom });
});
