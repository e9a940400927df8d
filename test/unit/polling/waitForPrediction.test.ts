import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/waitForPrediction';
import {
	GATEWAY_PAGE,
	JOB,
	createResponse,
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
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

interface Job {
	id: string;
	prediction?: Prediction;
}

const SEEDS = Array.from({ length: 12 }, (_none, index) => index * 7_919 + 1);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL = resultUrl(JOB);
const PROCESSING = createSuccess(createJob({ status: 'processing' }));
const COMPLETED = createSuccess(createCompleted());
const SUBMITTED: Job = { id: JOB, prediction: createPrediction() };

let seed = 1;
const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock(seed));

/** The job ends after this time; it is asked for over a line that takes `latencyMs`. */
function runFor(durationMs: number, latencyMs = 0): void {
	http.always('GET', URL, async () => {
		await clock.until(latencyMs / 2);
		const done = clock.elapsed >= durationMs;
		await clock.until(latencyMs / 2);
		return done ? COMPLETED : PROCESSING;
	});
}

/** Waits for a job of the script for an hour. */
async function waitFor(
	{ job = SUBMITTED, deadlineMs = 60 * MINUTE }: { job?: Job; deadlineMs?: number } = {},
	by: VirtualClock = clock,
): Promise<Prediction | undefined> {
	return await waitForPrediction(
		createClient(http, by),
		job,
		START + deadlineMs,
		new PatientCalls(by),
	);
}

describe.each(SEEDS)('with the chances of seed %i', (chances) => {
	beforeEach(() => {
		seed = chances;
	});

	afterEach(() => {
		seed = 1;
	});

	it('a 20-minute job is asked for at most 80 times and noticed at most 5 %% late', async () => {
		runFor(20 * MINUTE);
		expect(await waitFor()).toMatchObject({ status: 'completed' });
		expect(http.requests.length).toBeLessThanOrEqual(80);
		expect(clock.elapsed).toBeLessThanOrEqual(20 * MINUTE * 1.05);
	});

	it.each([1, 3, 10, 20, 60, 95])('a %i s job is noticed within 5 s', async (seconds) => {
		runFor(seconds * SECOND);
		await waitFor();
		expect(clock.elapsed - seconds * SECOND).toBeLessThanOrEqual(5 * SECOND);
	});

	it('a 5-hour job is noticed within a minute', async () => {
		runFor(300 * MINUTE);
		await waitFor({ deadlineMs: 360 * MINUTE });
		expect(clock.elapsed - 300 * MINUTE).toBeLessThanOrEqual(MINUTE);
		expect(http.requests.length).toBeLessThanOrEqual(400);
	});

	it.each([1, 7_777, 59_999, 10 * MINUTE])('no sleep passes a deadline of %i ms', async (ms) => {
		runFor(Infinity);
		const last = await waitFor({ deadlineMs: ms });
		expect(last).toMatchObject({ status: 'processing' });
		expect(clock.elapsed).toBe(ms);
	});

	it('no sleep passes the deadline while everything fails', async () => {
		http.always('GET', URL, createRefusal(503, 'down'));
		await waitFor({ deadlineMs: 7 * MINUTE });
		expect(clock.elapsed).toBe(7 * MINUTE);
	});

	it('a stalled line is left 5 s after the deadline', async () => {
		http.always('GET', URL, async ({ timeoutMs }) => {
			await clock.until(timeoutMs!);
			return new NoResponseError('TIMEOUT', 'the request timed out');
		});
		await waitFor({ deadlineMs: 4 * MINUTE });
		expect(clock.elapsed).toBeGreaterThanOrEqual(4 * MINUTE);
		expect(clock.elapsed).toBeLessThanOrEqual(4 * MINUTE + 5 * SECOND);
	});

	it('a job that ends just before the deadline is still noticed', async () => {
		runFor(10 * MINUTE - 1);
		expect(await waitFor({ deadlineMs: 10 * MINUTE })).toMatchObject({ status: 'completed' });
	});

	it('a slow line does not make it ask more often', async () => {
		runFor(20 * MINUTE, 2 * SECOND);
		await waitFor();
		expect(http.requests.length).toBeLessThanOrEqual(80);
		expect(clock.elapsed).toBeLessThanOrEqual(20 * MINUTE * 1.05 + 4 * SECOND);
	});

	it('a failure in the middle of a long wait is survived without waiting long', async () => {
		let asked = 0;
		http.always('GET', URL, () => {
			if (++asked % 3 === 0) return createRefusal(502, 'gateway');
			return clock.elapsed >= 10 * MINUTE ? COMPLETED : PROCESSING;
		});
		expect(await waitFor()).toMatchObject({ status: 'completed' });
		expect(clock.elapsed).toBeLessThanOrEqual(10 * MINUTE * 1.06);
	});

	it('a job that is not readable is given up after three looks at most', async () => {
		const unknown = createRefusal(404, 'Prediction not found');
		http.always('GET', URL, unknown).always('GET', olderResultUrl(JOB), unknown);
		const failure = await jobErrorOf(waitFor());
		expect(failure.details).toMatchObject({ id: JOB, http_status: 404, status: 'created' });
		expect(http.to('GET', URL).length).toBeLessThanOrEqual(3);
		expect(clock.elapsed).toBeLessThanOrEqual(20 * SECOND);
	});
});

describe('what is known already', () => {
	it.each(['completed', 'failed'])('a job that is %s is not asked for', async (status) => {
		const prediction = createPrediction({ status });
		const last = await waitFor({ job: { id: JOB, prediction } });
		expect(last).toBe(prediction);
		expect(clock.sleeps).toEqual([]);
	});

	it('a resumed job is asked for at once', async () => {
		http.on('GET', URL, COMPLETED);
		await waitFor({ job: { id: JOB } });
		expect(clock.elapsed).toBe(0);
	});

	it('a resumed job is asked for once also when the deadline has passed', async () => {
		http.on('GET', URL, COMPLETED);
		const last = await waitFor({ job: { id: JOB }, deadlineMs: -MINUTE });
		expect(last).toMatchObject({ status: 'completed' });
	});

	it('a job that could not be read even once is not known', async () => {
		http.always('GET', URL, createReset());
		const job = { id: JOB };
		expect(await waitFor({ job, deadlineMs: MINUTE })).toBeUndefined();
	});

	it('the last known state comes out when the looks after it failed', async () => {
		http.on('GET', URL, PROCESSING).always('GET', URL, createReset());
		const last = await waitFor({ deadlineMs: 2 * MINUTE });
		expect(last).toMatchObject({ id: JOB, status: 'processing' });
	});
});

describe('the end', () => {
	it('is reached with a failure', async () => {
		http.on('GET', URL, PROCESSING, createSuccess(createJob({ status: 'failed' })));
		expect(await waitFor()).toMatchObject({ status: 'failed' });
	});

	it('is not reached with an unknown status', async () => {
		const odd = createSuccess(createJob({ status: 'done', outputs: ['https://a.b/c.mp4'] }));
		http.on('GET', URL, odd, odd, COMPLETED);
		expect(await waitFor()).toMatchObject({ status: 'completed' });
	});

	it('is reported with each change on the way', async () => {
		http.on('GET', URL, PROCESSING, PROCESSING, COMPLETED);
		const seen: string[] = [];
		const client = createClient(http, clock);
		await waitForPrediction(
			client,
			SUBMITTED,
			START + 60 * MINUTE,
			new PatientCalls(clock),
			({ status }) => seen.push(status),
		);
		expect(seen).toEqual(['processing', 'completed']);
	});
});

describe('a transient failure', () => {
	it.each([
		['a reset', createReset()],
		['a refused connection', createUnreachable()],
		['a timeout', new NoResponseError('TIMEOUT', 'the request timed out')],
		['HTTP 408', createRefusal(408, 'slow')],
		['HTTP 429', createRefusal(429, 'Too many requests')],
		['HTTP 500', createRefusal(500, 'oops')],
		['HTTP 502 with a page', createResponse(502, GATEWAY_PAGE)],
		['HTTP 503', createRefusal(503, 'down')],
		['HTTP 504', createRefusal(504, 'late')],
		['HTTP 200 with a page', createResponse(200, GATEWAY_PAGE)],
		['HTTP 200 with the code 500', createResponse(200, { code: 500, message: 'x' })],
		['HTTP 200 with null', createResponse(200, 'null')],
		['HTTP 200 with an empty body', createResponse(200, '')],
		['a job without status', createSuccess({ id: JOB })],
		['no data', createSuccess(null)],
		['null', createResponse(200, 'null')],
		['an empty body', createResponse(200, '')],
	])('is survived ten times in a row: %s', async (_what, reply) => {
		http.on('GET', URL, PROCESSING, ...Array(10).fill(reply)).on('GET', URL, COMPLETED);
		expect(await waitFor()).toMatchObject({ status: 'completed' });
	});

	it('is followed by pauses of 5, 10, 20, 40 and 60 s, begun anew after a good look', async () => {
		const down = createRefusal(503, 'down');
		http.on('GET', URL, ...Array(6).fill(down), PROCESSING, down, COMPLETED);
		const latest = new VirtualClock(1, 1);
		await waitFor({}, latest);
		const [, ...pauses] = latest.sleeps;
		expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60].map((s) => s * SECOND));
		expect(pauses.at(-1)).toBe(5 * SECOND);
	});

	it('is followed by the pause that the server asks for', async () => {
		const busy = createRefusal(429, 'busy', { 'retry-after': '33' });
		http.on('GET', URL, busy, COMPLETED);
		await waitFor();
		expect(clock.sleeps[1]).toBe(33 * SECOND);
	});

	it('does not let the server ask for a pause past the deadline', async () => {
		const busy = createRefusal(429, 'busy', { 'retry-after': '99999999999999' });
		http.on('GET', URL, busy, COMPLETED);
		const last = await waitFor({ deadlineMs: 10 * MINUTE });
		expect(clock.elapsed).toBe(10 * MINUTE);
		expect(last).toMatchObject({ status: 'completed' });
	});
});

describe('a failure that does not pass', () => {
	it.each([400, 401, 402, 403, 404, 422])(
		'HTTP %i in the middle fails with ID, status and the sentence of the service',
		async (status) => {
			const refusal = createRefusal(status, 'Because of this.');
			http.on('GET', URL, ...Array(4).fill(PROCESSING), refusal);
			const failure = await jobErrorOf(waitFor());
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
		http.on('GET', URL, createRefusal(401, 'Unauthorized'));
		const failure = await jobErrorOf(waitFor());
		expect(failure.advice).toMatch(/API Key.*Get Result/);
	});

	it('an unknown ID fails at once when it was not submitted just now', async () => {
		http.on('GET', URL, createRefusal(404, 'Prediction not found'));
		http.on('GET', olderResultUrl(JOB), createRefusal(404, 'Not found'));
		const failure = await jobErrorOf(waitFor({ job: { id: JOB } }));
		expect(failure.message).toBe(`Prediction not found (job ${JOB})`);
		expect(failure.advice).toContain('7 days');
	});

	it('an error of the node itself is passed on', async () => {
		const bug = new TypeError('bug');
		http.on('GET', URL, bug);
		await expect(waitFor()).rejects.toBe(bug);
	});

	it('a stopped execution stops', async () => {
		http.on('GET', URL, PROCESSING, new CancelledError());
		await expect(waitFor()).rejects.toBeInstanceOf(CancelledError);
	});
});

it('a job that is not readable yet is tolerated in the first 10 s after its submission', async () => {
	const early = createRefusal(404, 'Prediction not found');
	http.on('GET', URL, early, COMPLETED);
	http.on('GET', olderResultUrl(JOB), early);
	expect(await waitFor()).toMatchObject({ status: 'completed' });
});
