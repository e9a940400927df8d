/** One pause for all requests of a run that the service refuses for being too many. */
import { ApiError } from '../api/errors';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';

/** The API's limits reset every minute (wavespeed.ai/docs/account-levels): shorter would be too early. */
const PATIENCE_MS = 90_000;
const FIRST_DELAY_MS = 10_000;
const LONGEST_DELAY_MS = 60_000;
/** Minimum for a server's Retry-After; it doubles with each refusal. */
const SHORTEST_ASKED_MS = 1_000;
/** However long the server asks to wait. */
const LONGEST_ASKED_MS = 120_000;

export class RateLimitHold {
	/** The limit is the account's, so all wait until then (milliseconds since 1970). */
	private until = 0;
	/** When a request last succeeded, milliseconds since 1970: as long as some do, waiting is worth it. */
	private lastSuccess = 0;

	constructor(private readonly clock: Pick<Clock, 'now' | 'sleep'>) {}

	/**
	 * Does the work, and again after each refusal for too many requests, until nothing was let through
	 * for 90 s.
	 *
	 * @throws the work's error; CancelledError when the execution is stopped while it waits
	 */
	async run<T>(work: () => Promise<T>): Promise<T> {
		const began = this.clock.now();
		for (let refusals = 1; ; refusals++) {
			while (this.until > this.clock.now()) await this.clock.sleep(this.until - this.clock.now());
			const result = await toResult(work());
			if ('value' in result) {
				this.lastSuccess = this.clock.now();
				return result.value;
			}
			const { error } = result;
			if (!(error instanceof ApiError) || error.kind !== 'rateLimit') throw error;
			const waited = this.clock.now() - Math.max(began, this.lastSuccess);
			if (waited >= PATIENCE_MS) throw error;
			const delay = delayMs(refusals, error.details.retryAfterMs);
			this.until = Math.max(this.until, this.clock.now() + delay);
		}
	}
}

function delayMs(refusals: number, askedMs: number | undefined): number {
	const factor = 2 ** (refusals - 1);
	if (askedMs === undefined) return Math.min(FIRST_DELAY_MS * factor, LONGEST_DELAY_MS);
	const least = Math.min(SHORTEST_ASKED_MS * factor, LONGEST_DELAY_MS);
	return Math.min(Math.max(askedMs, least), LONGEST_ASKED_MS);
}
