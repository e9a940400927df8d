/** Which calls are repeated, how often and after which pause; that refusals for too many wait by the hold. */
import { describe, expect, it } from '@jest/globals';
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { VirtualClock } from '../support/clock';
import { apiErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';

/** Always at the longest of the random pauses. */
const clock = fresh(() => new VirtualClock(1));
const calls = fresh(() => new PatientCalls(clock));

function createFailure(kind: ConstructorParameters<typeof ApiError>[0], retryAfterMs?: number) {
	const asked = retryAfterMs === undefined ? {} : { retryAfterMs };
	return new ApiError(kind, kind, { notProcessed: true, ...asked });
}

/** Work that fails this often, and counts its tries. */
function createWork(error: Error, failures = Infinity) {
	const seen = { tries: 0 };
	const work = async () => {
		if (seen.tries++ < failures) throw error;
		return await Promise.resolve('done');
	};
	return { seen, work };
}

describe('a call that may be repeated', () => {
	it.each([
		['at its own pace', undefined, [5_000, 10_000, 20_000]],
		['as the service asks', 17_000, [17_000, 17_000, 20_000]],
		['as the service asks, two minutes at most', 86_400_000, [120_000, 120_000, 120_000]],
	])('is tried four times, %s', async (_how, asked, pauses) => {
		const { seen, work } = createWork(createFailure('server', asked));
		await apiErrorOf(calls.repeat(work));
		expect([seen.tries, clock.sleeps]).toEqual([4, pauses]);
	});

	it.each(['server', 'unreadable', 'noAnswer', 'rateLimit'] as const)(
		'is done after failures of the kind %s',
		async (kind) => {
			expect(await calls.repeat(createWork(createFailure(kind), 3).work)).toBe('done');
		},
	);

	it.each([
		['of another kind', createFailure('notFound')],
		['that is none of the API', new TypeError('a bug')],
		['by Stop', new CancelledError()],
	])('is not repeated after a failure %s', async (_what, error) => {
		const { seen, work } = createWork(error);
		await expect(calls.repeat(work)).rejects.toBe(error);
		expect([seen.tries, clock.sleeps]).toEqual([1, []]);
	});

	it('waits for the hold, and not again after it', async () => {
		await apiErrorOf(calls.repeat(createWork(createFailure('rateLimit')).work));
		expect(clock.sleeps).toEqual([10_000, 20_000, 40_000, 60_000]);
	});
});
