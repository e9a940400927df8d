/** Which calls are repeated, how often and after which pause; that refusals for too many wait by the hold. */
import { describe, expect, it } from '@jest/globals';
import type { WaveSpeedClient } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { readPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/readPrediction';
import { VirtualClock } from '../support/clock';
import { apiErrorOf, jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';

/** Always at the longest of the random pauses. */
const clock = fresh(() => new VirtualClock(1));
const calls = fresh(() => new PatientCalls(clock));

function createFailure(kind: ConstructorParameters<typeof ApiError>[0], retryAfterMs?: number) {
	const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
	return new ApiError(kind, kind, { notProcessed: true, ...asked });
}

const failing = (error: Error) => async () => await Promise.reject(error);

describe('a call that may be repeated', () => {
	it.each([
		['at its own pace', undefined, [5_000, 10_000, 20_000]],
		['as the service asks at least', 17_000, [17_000, 17_000, 20_000]],
		['as the service asks, two minutes at most', 86_400_000, [120_000, 120_000, 120_000]],
	])('is tried four times, %s', async (_how, asked, pauses) => {
		await apiErrorOf(calls.repeat(failing(createFailure('server', asked))));
		expect(clock.sleeps).toEqual(pauses);
	});

	it.each([
		['of another kind', createFailure('notFound')],
		['by Stop', new CancelledError()],
	])('is not repeated after a failure %s', async (_what, error) => {
		await expect(calls.repeat(failing(error))).rejects.toBe(error);
		expect(clock.sleeps).toEqual([]);
	});

	it('waits for the hold, and not again after it', async () => {
		await apiErrorOf(calls.repeat(failing(createFailure('rateLimit'))));
		expect(clock.sleeps).toEqual([10_000, 20_000, 40_000, 60_000]);
	});
});

it('one look at a job fails with its ID after these tries', async () => {
	const client = { result: failing(createFailure('server')) } as unknown as WaveSpeedClient;
	const failure = await jobErrorOf(readPrediction(client, 'job-a', calls));
	expect(failure.message).toBe('server (job job-a)');
	expect(failure.details).toMatchObject({ step: 'result', id: 'job-a' });
	expect(clock.sleeps).toHaveLength(3);
});
