import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { NoResponseError, CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import type { WaitedJob } from '../../../nodes/WaveSpeedInfiniteTalk/polling/waitForPrediction';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/waitForPrediction';
import {
	JOB,
	createCompleted,
	createJob,
	createPrediction,
	createRefusal,
	createSuccess,
	olderResultUrl,
	resultUrl,
	freshApi,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';

const { calls, client, clock, http } = freshApi();

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const URL = resultUrl(JOB);
const PROCESSING = createSuccess(createJob({ status: 'processing' }));
const COMPLETED = createSuccess(createCompleted());
const SUBMITTED: WaitedJob = { id: JOB, prediction: createPrediction() };
const UNKNOWN = createRefusal(404, 'Prediction not found');

/** The job ends after this time; it is asked for over a line that takes `latencyMs`. */
function runFor(durationMs: number, latencyMs = 0): void {
	http.always('GET', URL, async () => {
		await clock.until(latencyMs / 2);
		const done = clock.elapsed >= durationMs;
		await clock.until(latencyMs / 2);
		return done ? COMPLETED : PROCESSING;
	});
}

/** Waits for a job of the script. */
async function waitFor(
	deadlineMs = 60 * MINUTE,
	job = SUBMITTED,
	onChange?: (job: Prediction) => void,
) {
	return await waitForPrediction(client, job, START + deadlineMs, calls, onChange);
}

describe('a job', () => {
	it.each([
		...[1, 20, 95].map((seconds) => [seconds, 0, 5, 20] as const),
		[20 * 60, 0, 60, 80],
		// A slow line does not make it ask more often.
		[20 * 60, 2, 64, 80],
		[5 * 3600, 0, 60, 400],
	])('of %i s, over a line of %i s, is noticed within %i s by %i polls', async (...row) => {
		const [ends, latency, late, polls] = row;
		runFor(ends * SECOND, latency * SECOND);
		expect(await waitFor(360 * MINUTE)).toMatchObject({ status: 'completed' });
		expect(clock.elapsed - ends * SECOND).toBeLessThanOrEqual(late * SECOND);
		expect(http.requests.length).toBeLessThanOrEqual(polls);
	});

	it.each([
		['that runs', 1, PROCESSING],
		['that cannot be read', 7 * MINUTE, createRefusal(503, 'down')],
	])('%s is given up right at the deadline of %i ms', async (_what, ms, reply) => {
		http.always('GET', URL, reply);
		expect(await waitFor(ms)).toMatchObject({ state: 'unfinished' });
		expect(clock.elapsed).toBe(ms);
	});

	it('over a stalled line is left 5 s after the deadline', async () => {
		http.always('GET', URL, async ({ timeoutMs }) => {
			await clock.until(timeoutMs!);
			return new NoResponseError('TIMEOUT', 'the request timed out');
		});
		await waitFor(4 * MINUTE);
		expect(clock.elapsed - 4 * MINUTE).toBeGreaterThanOrEqual(0);
		expect(clock.elapsed - 4 * MINUTE).toBeLessThanOrEqual(5 * SECOND);
	});

	it('is not asked for while the service refuses other calls of the account, nor are they', async () => {
		const asked = { notProcessed: true, retryAfterMs: 30 * SECOND };
		calls.hold.refused(new ApiError('rateLimit', 'busy', asked), 1);
		http.on('GET', URL, createRefusal(429, 'busy', { 'retry-after': '33' }), COMPLETED);
		const waiting = waitFor();
		await clock.until(31 * SECOND);
		expect(calls.hold.remainingMs).toBe(32 * SECOND);
		await waiting;
		expect(clock.sleeps).toEqual([30 * SECOND, 33 * SECOND]);
	});
});

describe('what is known already', () => {
	it('a job that has ended is not asked for', async () => {
		const prediction = createPrediction({ status: 'failed' });
		expect(await waitFor(MINUTE, { id: JOB, prediction })).toBe(prediction);
		expect(clock.sleeps).toEqual([]);
	});

	it.each([
		[60, 90],
		[-1, 5],
	])('%i minutes before the end, a resumed job is asked for at once, for %i s', async (...row) => {
		const [left, patience] = row;
		http.on('GET', URL, COMPLETED);
		expect(await waitFor(left * MINUTE, { id: JOB })).toMatchObject({ status: 'completed' });
		expect(http.requests[0]?.timeoutMs).toBe(patience * SECOND);
		expect(clock.elapsed).toBe(0);
	});

	it('a resumed job that began long ago is polled at its own pace', async () => {
		http.on('GET', URL, PROCESSING, COMPLETED);
		await waitFor(60 * MINUTE, { id: JOB, since: START - 1_000 * MINUTE });
		expect(clock.elapsed).toBeGreaterThanOrEqual(57 * SECOND);
	});
});

it('the end is a failure, too, and each change on the way is reported', async () => {
	const failed = createSuccess(createJob({ status: 'failed' }));
	http.on('GET', URL, PROCESSING, PROCESSING, failed);
	const seen: string[] = [];
	const last = await waitFor(MINUTE, SUBMITTED, ({ status }) => seen.push(status));
	expect(last).toMatchObject({ status: 'failed' });
	expect(seen).toEqual(['processing', 'failed']);
});

describe('a transient failure', () => {
	it('is followed by pauses of 5, 10, 20, 40 and 60 s, begun anew after a good look', async () => {
		const down = createRefusal(503, 'down');
		http.on('GET', URL, ...Array(6).fill(down), PROCESSING, down, COMPLETED);
		const latest = new VirtualClock(1);
		await waitForPrediction(client, SUBMITTED, START + 60 * MINUTE, new PatientCalls(latest));
		const [, ...pauses] = latest.sleeps;
		expect(pauses.slice(0, 6)).toEqual([5, 10, 20, 40, 60, 60].map((s) => s * SECOND));
		expect(pauses.at(-1)).toBe(5 * SECOND);
	});

	it('is followed by the pause that the server asks for, but not past the deadline', async () => {
		http.on('GET', URL, createRefusal(503, 'busy', { 'retry-after': '99999999' }), COMPLETED);
		expect(await waitFor(10 * MINUTE)).toMatchObject({ status: 'completed' });
		expect(clock.elapsed).toBe(10 * MINUTE);
	});
});

describe('a failure that does not pass', () => {
	it('fails in the middle with ID, status and what to do', async () => {
		http.on('GET', URL, ...Array(4).fill(PROCESSING), createRefusal(404, 'Because of this.'));
		const { message, advice, details } = await jobErrorOf(waitFor());
		expect(message).toBe(`Because of this. (job ${JOB})`);
		expect(advice).toMatch(/7 days/);
		expect(details).toEqual({ step: 'wait', id: JOB, status: 'processing', http_status: 404 });
	});

	it('an unknown ID fails at once when it was not submitted just now', async () => {
		http.on('GET', URL, UNKNOWN).on('GET', olderResultUrl(JOB), UNKNOWN);
		const failure = await jobErrorOf(waitFor(MINUTE, { id: JOB }));
		expect(failure.message).toBe(`Prediction not found (job ${JOB})`);
	});

	it('is passed on when it is none of the API', async () => {
		const stopped = new CancelledError();
		http.on('GET', URL, PROCESSING, stopped);
		await expect(waitFor()).rejects.toBe(stopped);
	});
});

it('a job that is not readable yet is tolerated in the first 10 s after its submission', async () => {
	http.on('GET', URL, UNKNOWN, COMPLETED).on('GET', olderResultUrl(JOB), UNKNOWN);
	expect(await waitFor()).toMatchObject({ status: 'completed' });
	http.always('GET', URL, UNKNOWN).always('GET', olderResultUrl(JOB), UNKNOWN);
	const failure = await jobErrorOf(waitFor());
	expect(failure.details).toMatchObject({ id: JOB, http_status: 404, status: 'created' });
	expect(clock.elapsed).toBeLessThanOrEqual(30 * SECOND);
});
