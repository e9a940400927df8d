import { describe, expect, it } from '@jest/globals';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/job/waitForPrediction';
import {
	GATEWAY_PAGE,
	JOB,
	createAnswer,
	createClient,
	createCompleted,
	createJob,
	createPrediction,
	createRefusal,
	createReset,
	createSuccess,
	createUnreachable,
	olderResultUrl,
	resultUrl,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { problemOf } from '../support/failures';
import { ScriptedHttp } from '../support/http';

const SEEDS = Array.from({ length: 12 }, (_none, index) => index * 7_919 + 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL = resultUrl(JOB);
const PROCESSING = createSuccess(createJob({ status: 'processing' }));
const COMPLETED = createSuccess(createCompleted());
const SUBMITTED = { id: JOB, prediction: createPrediction() };

/** A job that ends after this time, asked for over a line that takes `latencyMs`. */
function createRunning(endsAfterMs: number, clock: VirtualClock, latencyMs = 0): ScriptedHttp {
	return new ScriptedHttp().always('GET', URL, async () => {
		await clock.until(latencyMs / 2);
		const done = clock.elapsed >= endsAfterMs;
		await clock.until(latencyMs / 2);
		return done ? COMPLETED : PROCESSING;
	});
}

/** Waits for a job of the script for an hour. */
async function waitFor(
	http: ScriptedHttp,
	clock: VirtualClock,
	more: { job?: { id: string; prediction?: Prediction }; deadlineMs?: number } = {},
): Promise<Prediction | undefined> {
	const deadline = START + (more.deadlineMs ?? 60 * MINUTE);
	return await waitForPrediction(createClient(http, clock), more.job ?? SUBMITTED, deadline, clock);
}

describe.each(SEEDS)('with the chances of seed %i', (seed) => {
	it('a 20-minute job is asked for at most 80 times and noticed at most 5 %% late', async () => {
		const clock = new VirtualClock(seed);
		const http = createRunning(20 * MINUTE, clock);
		expect(await waitFor(http, clock)).toMatchObject({ status: 'completed' });
		expect(http.requests.length).toBeLessThanOrEqual(80);
		expect(clock.elapsed).toBeLessThanOrEqual(20 * MINUTE * 1.05);
	});

	it.each([1, 3, 10, 20, 60, 95])('a %i s job is noticed within 5 s', async (seconds) => {
		const clock = new VirtualClock(seed);
		await waitFor(createRunning(seconds * SECOND, clock), clock);
		expect(clock.elapsed - seconds * SECOND).toBeLessThanOrEqual(5 * SECOND);
	});

	it('a 5-hour job is noticed within a minute', async () => {
		const clock = new VirtualClock(seed);
		const http = createRunning(300 * MINUTE, clock);
		await waitFor(http, clock, { deadlineMs: 360 * MINUTE });
		expect(clock.elapsed - 300 * MINUTE).toBeLessThanOrEqual(MINUTE);
		expect(http.requests.length).toBeLessThanOrEqual(400);
	});

	it.each([1, 7_777, 59_999, 10 * MINUTE])('no sleep passes a deadline of %i ms', async (ms) => {
		const clock = new VirtualClock(seed);
		const last = await waitFor(createRunning(Infinity, clock), clock, { deadlineMs: ms });
		expect(last).toMatchObject({ status: 'processing' });
		expect(clock.elapsed).toBe(ms);
	});

	it('no sleep passes the deadline while everything fails', async () => {
		const clock = new VirtualClock(seed);
		const http = new ScriptedHttp().always('GET', URL, createRefusal(503, 'down'));
		await waitFor(http, clock, { deadlineMs: 7 * MINUTE });
		expect(clock.elapsed).toBe(7 * MINUTE);
	});

	it('a stalled line is left 5 s after the deadline', async () => {
		const clock = new VirtualClock(seed);
		const http = new ScriptedHttp().always('GET', URL, async ({ timeoutMs }) => {
			await clock.until(timeoutMs!);
			return new NoResponseError('TIMEOUT', 'no answer in time');
		});
		await waitFor(http, clock, { deadlineMs: 4 * MINUTE });
		expect(clock.elapsed).toBeGreaterThanOrEqual(4 * MINUTE);
		expect(clock.elapsed).toBeLessThanOrEqual(4 * MINUTE + 5 * SECOND);
	});

	it('a job that ends just before the deadline is still noticed', async () => {
		const clock = new VirtualClock(seed);
		const last = await waitFor(createRunning(10 * MINUTE - 1, clock), clock, {
			deadlineMs: 10 * MINUTE,
		});
		expect(last).toMatchObject({ status: 'completed' });
	});

	it('a slow line does not make it ask more often', async () => {
		const clock = new VirtualClock(seed);
		const http = createRunning(20 * MINUTE, clock, 2 * SECOND);
		await waitFor(http, clock);
		expect(http.requests.length).toBeLessThanOrEqual(80);
		expect(clock.elapsed).toBeLessThanOrEqual(20 * MINUTE * 1.05 + 4 * SECOND);
	});

	it('a failure in the middle of a long wait is survived without waiting long', async () => {
		const clock = new VirtualClock(seed);
		let asked = 0;
		const http = new ScriptedHttp().always('GET', URL, () => {
			if (++asked % 3 === 0) return createRefusal(502, 'gateway');
			return clock.elapsed >= 10 * MINUTE ? COMPLETED : PROCESSING;
		});
		expect(await waitFor(http, clock)).toMatchObject({ status: 'completed' });
		expect(clock.elapsed).toBeLessThanOrEqual(10 * MINUTE * 1.06);
	});
});

describe('what is known already', () => {
	it.each(['completed', 'failed', 'timeout'])(
		'a job that is %s is not asked for',
		async (status) => {
			const prediction = createPrediction({ status });
			const clock = new VirtualClock();
			const last = await waitFor(new ScriptedHttp(), clock, { job: { id: JOB, prediction } });
			expect(last).toBe(prediction);
			expect(clock.sleeps).toEqual([]);
		},
	);

	it('a resumed job is asked for at once', async () => {
		const clock = new VirtualClock();
		const http = new ScriptedHttp().on('GET', URL, COMPLETED);
		await waitFor(http, clock, { job: { id: JOB } });
		expect(clock.elapsed).toBe(0);
	});

	it('a resumed job is asked for once also when the deadline has passed', async () => {
		const clock = new VirtualClock();
		const http = new ScriptedHttp().on('GET', URL, COMPLETED);
		const last = await waitFor(http, clock, { job: { id: JOB }, deadlineMs: -MINUTE });
		expect(last).toMatchObject({ status: 'completed' });
	});

	it('a job that could not be read even once is not known', async () => {
		const http = new ScriptedHttp().always('GET', URL, createReset());
		const job = { id: JOB };
		expect(await waitFor(http, new VirtualClock(), { job, deadlineMs: MINUTE })).toBeUndefined();
	});

	it('the last known state comes out when the looks after it failed', async () => {
		const http = new ScriptedHttp().on('GET', URL, PROCESSING).always('GET', URL, createReset());
		const last = await waitFor(http, new VirtualClock(), { deadlineMs: 2 * MINUTE });
		expect(last).toMatchObject({ id: JOB, status: 'processing' });
	});
});

describe('the end', () => {
	it.each(['failed', 'cancelled', 'canceled', 'timeout', 'deleted'])(
		'is reached with the status %s',
		async (status) => {
			const http = new ScriptedHttp().on(
				'GET',
				URL,
				PROCESSING,
				createSuccess(createJob({ status })),
			);
			expect(await waitFor(http, new VirtualClock())).toMatchObject({ status });
		},
	);

	it.each(['pending', 'queued', 'done', 'uploading', 'COMPLETE', '完成'])(
		'is not reached with the status %s',
		async (status) => {
			const odd = createSuccess(createJob({ status, outputs: ['https://a.b/c.mp4'] }));
			const http = new ScriptedHttp().on('GET', URL, odd, odd, COMPLETED);
			expect(await waitFor(http, new VirtualClock())).toMatchObject({ status: 'completed' });
		},
	);

	it('is not reached when sync mode timed out (5004)', async () => {
		const job = createJob({ status: 'processing', code: 5004, error: 'sync mode timed out' });
		const http = new ScriptedHttp().on('GET', URL, createSuccess(job), COMPLETED);
		expect(await waitFor(http, new VirtualClock())).toMatchObject({ status: 'completed' });
	});

	it('is reported with each change on the way', async () => {
		const http = new ScriptedHttp().on('GET', URL, PROCESSING, PROCESSING, COMPLETED);
		const clock = new VirtualClock();
		const seen: string[] = [];
		await waitForPrediction(
			createClient(http, clock),
			SUBMITTED,
			START + 60 * MINUTE,
			clock,
			(job) => seen.push(job.status),
		);
		expect(seen).toEqual(['processing', 'completed']);
	});
});

describe('a transient failure', () => {
	it.each([
		['a reset', createReset()],
		['a refused connection', createUnreachable()],
		['a timeout', new NoResponseError('TIMEOUT', 'no answer in time')],
		['HTTP 408', createRefusal(408, 'slow')],
		['HTTP 429', createRefusal(429, 'Too many requests')],
		['HTTP 500', createRefusal(500, 'oops')],
		['HTTP 502 with a page', createAnswer(502, GATEWAY_PAGE)],
		['HTTP 503', createRefusal(503, 'down')],
		['HTTP 504', createRefusal(504, 'late')],
		['HTTP 200 with a page', createAnswer(200, GATEWAY_PAGE)],
		['HTTP 200 with the code 500', createAnswer(200, { code: 500, message: 'x' })],
		['a job without status', createSuccess({ id: JOB })],
		['no data', createSuccess(null)],
		['null', createAnswer(200, 'null')],
		['an empty body', createAnswer(200, '')],
	])('is survived ten times in a row: %s', async (_what, reply) => {
		const http = new ScriptedHttp()
			.on('GET', URL, PROCESSING, ...Array(10).fill(reply))
			.on('GET', URL, COMPLETED);
		expect(await waitFor(http, new VirtualClock())).toMatchObject({ status: 'completed' });
	});

	it('is followed by pauses of 5, 10, 20, 40 and 60 s, begun anew after a good look', async () => {
		const down = createRefusal(503, 'down');
		const http = new ScriptedHttp().on(
			'GET',
			URL,
			...Array(6).fill(down),
			PROCESSING,
			down,
			COMPLETED,
		);
		const clock = new VirtualClock(1, 1);
		await waitFor(http, clock);
		const [, ...pauses] = clock.sleeps;
		expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60].map((s) => s * SECOND));
		expect(pauses.at(-1)).toBe(5 * SECOND);
	});

	it('is followed by the pause that the server asks for', async () => {
		const busy = createRefusal(429, 'busy', { 'retry-after': '33' });
		const http = new ScriptedHttp().on('GET', URL, busy, COMPLETED);
		const clock = new VirtualClock();
		await waitFor(http, clock);
		expect(clock.sleeps[1]).toBe(33 * SECOND);
	});

	it('does not let the server ask for a pause past the deadline', async () => {
		const busy = createRefusal(429, 'busy', { 'retry-after': '99999999999999' });
		const http = new ScriptedHttp().on('GET', URL, busy, COMPLETED);
		const clock = new VirtualClock();
		const last = await waitFor(http, clock, { deadlineMs: 10 * MINUTE });
		expect(clock.elapsed).toBe(10 * MINUTE);
		expect(last).toMatchObject({ status: 'completed' });
	});
});

describe('a failure that does not pass', () => {
	it.each([400, 401, 402, 403, 404, 422])(
		'HTTP %i in the middle fails with ID, status and the sentence of the service',
		async (status) => {
			const refusal = createRefusal(status, 'Because of this.');
			const http = new ScriptedHttp().on('GET', URL, ...Array(4).fill(PROCESSING), refusal);
			const failure = await problemOf(waitFor(http, new VirtualClock()));
			expect(failure.message).toBe(`Because of this. (job ${JOB})`);
			expect(failure.advice).not.toBe('');
			expect(failure.details).toEqual({
				step: 'wait',
				id: JOB,
				status: 'processing',
				http_status: status,
			});
		},
	);

	it('a wrong key says that the job goes on', async () => {
		const http = new ScriptedHttp().on('GET', URL, createRefusal(401, 'Unauthorized'));
		const failure = await problemOf(waitFor(http, new VirtualClock()));
		expect(failure.advice).toMatch(/API Key.*Get Result/);
	});

	it('an unknown ID fails at once when it was not submitted just now', async () => {
		const http = new ScriptedHttp().on('GET', URL, createRefusal(404, 'Prediction not found'));
		http.on('GET', olderResultUrl(JOB), createRefusal(404, 'Not found'));
		const failure = await problemOf(waitFor(http, new VirtualClock(), { job: { id: JOB } }));
		expect(failure.message).toBe(`Prediction not found (job ${JOB})`);
		expect(failure.advice).toContain('7 days');
	});

	it('an error of the node itself is passed on', async () => {
		const bug = new TypeError('bug');
		const http = new ScriptedHttp().on('GET', URL, bug);
		await expect(waitFor(http, new VirtualClock())).rejects.toBe(bug);
	});

	it('a stopped execution stops', async () => {
		const http = new ScriptedHttp().on('GET', URL, PROCESSING, new CancelledError());
		await expect(waitFor(http, new VirtualClock())).rejects.toBeInstanceOf(CancelledError);
	});
});

describe('a job that is not readable yet', () => {
	it('is tolerated in the first 10 s after its submission', async () => {
		const early = createRefusal(404, 'Prediction not found');
		const http = new ScriptedHttp().on('GET', URL, early, COMPLETED);
		http.on('GET', olderResultUrl(JOB), early);
		expect(await waitFor(http, new VirtualClock())).toMatchObject({ status: 'completed' });
	});

	it('is given up after three looks at most', async () => {
		for (const seed of SEEDS) {
			const unknown = createRefusal(404, 'Prediction not found');
			const http = new ScriptedHttp().always('GET', URL, unknown);
			http.always('GET', olderResultUrl(JOB), unknown);
			const clock = new VirtualClock(seed);
			const failure = await problemOf(waitFor(http, clock));
			expect(failure.details).toMatchObject({ id: JOB, http_status: 404, status: 'created' });
			expect(http.to('GET', URL).length).toBeLessThanOrEqual(3);
			expect(clock.elapsed).toBeLessThanOrEqual(20 * SECOND);
		}
	});
});
