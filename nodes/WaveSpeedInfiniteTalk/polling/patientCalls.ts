/** Repeats calls that may be repeated, when the service cannot answer for a moment or asks to wait. */
import { ApiError } from '../api/errors';
import { MAX_ASKED_PAUSE_MS, TRIES } from '../api/limits';
import type { Clock } from '../shared/clock';
import { retry } from '../shared/retry';
import { backoffMs } from './pollDelay';
import { RateLimitHold } from './rateLimitHold';

/** The calls of a run. */
export class PatientCalls {
	/** Shared with all other calls of the account. */
	readonly hold: RateLimitHold;

	/** @param accountId digest of base URL and key; left out for an account of its own */
	constructor(
		readonly clock: Clock,
		accountId?: string,
	) {
		this.hold = new RateLimitHold(clock, accountId);
	}

	/**
	 * @param work a call that may be repeated without harm: one request, not many
	 * @throws ApiError of the last try
	 */
	async repeat<T>(work: () => Promise<T>): Promise<T> {
		return await retry(async () => await this.hold.run(work), {
			tries: TRIES,
			// The hold has waited long enough for a rate limit.
			isRetryable: (error) =>
				error instanceof ApiError && error.transient && error.kind !== 'rateLimit',
			delayMs: (failures, error) => {
				const asked = error instanceof ApiError ? error.details.retryAfterMs : undefined;
				return Math.min(backoffMs(failures, this.clock.random(), asked), MAX_ASKED_PAUSE_MS);
			},
			clock: this.clock,
		});
	}
}
