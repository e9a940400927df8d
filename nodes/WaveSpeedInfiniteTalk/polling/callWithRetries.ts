/** Repeats calls that may be repeated, when the service cannot answer for a moment or asks to wait. */
import { ApiError } from '../api/errors';
import type { Clock } from '../shared/clock';
import { retry } from '../shared/retry';
import { backoffMs } from './pollDelay';
import { RateLimitHold } from './rateLimitHold';

const TRIES = 4;
/** However long the server asks for: nobody gave these calls a Timeout. */
const LONGEST_PAUSE_MS = 120_000;

/**
 * @param work a call that may be repeated without harm
 * @param hold shared by calls that the same rate limit may refuse
 * @throws ApiError of the last try
 */
export async function callWithRetries<T>(
	work: () => Promise<T>,
	clock: Clock,
	hold = new RateLimitHold(clock),
): Promise<T> {
	return await retry(async () => await hold.run(work), {
		tries: TRIES,
		// The hold has waited long enough for a rate limit.
		isRetryable: (error) =>
			error instanceof ApiError && error.transient && error.kind !== 'rateLimit',
		delayMs: (failures, error) => {
			const asked = error instanceof ApiError ? error.details.retryAfterMs : undefined;
			return Math.min(backoffMs(failures, clock.random(), asked), LONGEST_PAUSE_MS);
		},
		clock,
	});
}
