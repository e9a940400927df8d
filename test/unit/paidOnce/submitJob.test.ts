/**
 * The step that costs money; the judge of every test is the number of submitting requests. Each rule of
 * "paid once" that needs no n8n is tested here and in:
 *
 * - `submitAgain.test.ts`: after a lost response or a refusal for too many requests
 * - `lostJob.test.ts`, `matching.test.ts`: which job of the history is the one that was sent
 * - `reuse.test.ts`, `jobHistory.test.ts`, `proof.test.ts`: a job of other executions with the same inputs
 * - `roundHistory.test.ts`: the jobs of a lost round
 * - `jobStore.test.ts`, `storedState.test.ts`, `inputsDigest.test.ts`: what is stored, under which name
 * - `../operations/startJob.test.ts`: all of them in their order
 */
import { describe, expect, it } from '@jest/globals';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import {
	HISTORY_URL,
	JOB,
	MODEL_URL,
	createBody,
	createJob,
	createPage,
	createRefusal,
	createReset,
	createResponse,
	createSuccess,
	createUnreachable,
} from '../support/api';
import { START } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import type { SeenRequest } from '../support/http';
import { jsonOf } from '../support/http';
import { createUnconfirmed } from '../support/records';
import {
	BODY,
	FITTING,
	KEY,
	MINUTE,
	clock,
	http,
	record,
	resume,
	state,
	submit,
	submitSeed,
} from './support/submissions';

const WEBHOOK = { url: 'https://n8n.example/w', executionId: '7' };
const CALLING_URL = `${MODEL_URL}?webhook=${encodeURIComponent(WEBHOOK.url)}`;

/** The service takes a second for a job, whose ID tells the seed. */
async function createBySeed(request: SeenRequest) {
	await clock.until(1_000);
	return createSuccess(createJob({ id: `job-${String(jsonOf(request).seed)}` }));
}

describe('a submission', () => {
	it('is written down before it is sent, and with its job afterwards', async () => {
		http.on('POST', MODEL_URL, () => {
			expect(record()).toEqual(createUnconfirmed());
			return createSuccess(createJob());
		});
		const prediction = { status: 'created' };
		expect(await submit()).toMatchObject({ id: JOB, origin: 'submitted', prediction });
		expect(record()).toEqual({ state: 'submitted', id: JOB });
	});

	it.each([
		[
			'of this execution, which its record keeps for a later try',
			WEBHOOK,
			{ webhookExecutionId: '7' },
		],
		['of the user’s own, which wakes no execution', { url: WEBHOOK.url }, {}],
	])('carries the callback address %s', async (_what, webhook, called) => {
		http.on('POST', CALLING_URL, createSuccess(createJob()));
		const job = { id: JOB, ...called };
		const prediction = expect.objectContaining({ id: JOB });
		expect(await submit({ webhook })).toEqual({ ...job, origin: 'submitted', prediction });
		expect(record()).toEqual({ ...job, state: 'submitted' });
		expect(await resume()).toEqual({ ...job, origin: 'resumed' });
	});

	it('whose answer was lost keeps its callback when it is recovered', async () => {
		http.on('POST', CALLING_URL, createReset());
		http.on('POST', HISTORY_URL, createPage([FITTING]));
		const recovered = { webhookExecutionId: '7' };
		expect(await submit({ webhook: WEBHOOK })).toMatchObject({ origin: 'recovered', ...recovered });
		expect(record()).toMatchObject({ recovered: true, ...recovered });
	});
});

it.each([
	['HTTP 400', createRefusal(400, 'seed is wrong'), 'seed is wrong'],
	['HTTP 402', createRefusal(402, 'Pay'), 'Pay'],
	['the code 400', createResponse(200, { code: 400, message: 'bad' }), 'bad'],
	['lack of credit', createRefusal(500, 'Insufficient credits'), 'Insufficient credits'],
	['a refused connection', createUnreachable(), 'the connection was refused'],
])('%s certainly made no job: it is told at once and forgotten', async (_what, reply, sentence) => {
	http.on('POST', MODEL_URL, reply);
	const failure = await jobErrorOf(submit());
	expect(failure.message).toContain(sentence);
	expect(failure.advice).not.toBe('');
	expect(failure.details).toMatchObject({ step: 'submit' });
	expect(failure.details).not.toHaveProperty('may_exist');
	expect(record()).toBeUndefined();
	expect(clock.sleeps).toEqual([]);
});

it.each([
	['a bug leaves the record, since nobody knows what happened', new TypeError('bug'), 'submitting'],
	['a stop before the request left removes the record', new CancelledError(), undefined],
])('%s', async (_what, error, recorded) => {
	http.on('POST', MODEL_URL, error);
	await expect(submit()).rejects.toBe(error);
	expect(record()?.state).toBe(recorded);
});

describe('several items', () => {
	const submitAs = async (...keys: string[]) =>
		await Promise.all(keys.map(async (key) => (await submit({ key })).id));

	it('with equal bodies are sent one after the other, each its own job', async () => {
		let made = 0;
		http.always('POST', MODEL_URL, async () => {
			await clock.until(1_000);
			return createSuccess(createJob({ id: `job-${++made}` }));
		});
		expect(await submitAs('a', 'b', 'c')).toEqual(['job-1', 'job-2', 'job-3']);
		expect(http.mostAtOnce).toBe(1);
	});

	it('with equal bodies, all answers lost, adopt one job each', async () => {
		const jobs: object[] = [];
		http.always('POST', MODEL_URL, () => {
			jobs.push(createJob({ id: `job-${jobs.length + 1}`, inputs: { ...BODY } }));
			return createReset();
		});
		http.always('POST', HISTORY_URL, () => createPage(jobs));
		expect(await submitAs('a', 'b', 'c')).toEqual(['job-1', 'job-2', 'job-3']);
		expect(http.to('POST', MODEL_URL)).toHaveLength(3);
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
		expect(http.requests).toHaveLength(1);
	});

	it('with different bodies are sent together, four at most', async () => {
		http.always('POST', MODEL_URL, createBySeed);
		const seeds = Array.from({ length: 9 }, (_none, seed) => seed);
		await Promise.all(seeds.map(submitSeed));
		expect(http.mostAtOnce).toBe(4);
		expect(clock.elapsed).toBe(3_000);
	});

	it('that differ in the seed only are sent one after the other: one may be taken for the other', async () => {
		http.always('POST', MODEL_URL, createBySeed);
		const submitBody = async (seed: number) =>
			await submit({ key: `${seed}`, body: createBody({ seed }) });
		await Promise.all([-1, 5].map(submitBody));
		expect(http.mostAtOnce).toBe(1);
	});

	it('do not fail with one of them', async () => {
		http.always('POST', MODEL_URL, async (request) =>
			jsonOf(request).seed === 1 ? createRefusal(400, 'bad seed') : await createBySeed(request),
		);
		const [bad, good] = await Promise.allSettled([1, 2].map(submitSeed));
		expect(bad?.status).toBe('rejected');
		expect(good).toMatchObject({ status: 'fulfilled', value: { id: 'job-2' } });
	});
});

it.each([
	['nothing of an item that was never submitted', undefined, undefined],
	['nothing of a job that failed: it was refunded', { state: 'failed', id: JOB }, undefined],
	['a submitted job', { state: 'submitted', id: JOB }, { id: JOB, origin: 'resumed' }],
	[
		'an adopted job as adopted',
		{ state: 'submitted', id: JOB, recovered: true },
		{ id: JOB, origin: 'recovered' },
	],
	[
		'a reused job as reused',
		{ state: 'submitted', id: JOB, reusedFrom: '2026-01-01T00:00:00Z' },
		{ id: JOB, origin: 'reused', reusedFrom: '2026-01-01T00:00:00Z' },
	],
] as const)('a later try resumes %s without asking anybody', async (_what, stored, resumed) => {
	if (stored) state.jobs[KEY] = stored;
	expect(await resume()).toEqual(resumed);
});
