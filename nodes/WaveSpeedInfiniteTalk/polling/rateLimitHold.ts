/** One pause for all requests of an account that the service refuses for being too many. */
import { ApiError } from '../api/errors';
import {
	FIRST_HOLD_MS,
	HOLD_PATIENCE_MS,
	MAX_ASKED_PAUSE_MS,
	MAX_PAUSE_MS,
	MIN_ASKED_HOLD_MS,
} from '../api/limits';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';

interface HoldState {
	/** The limit is the account's, so all wait until then (milliseconds since 1970). */
	until: number;
	/** When a request last succeeded, milliseconds since 1970: as long as some do, waiting is worth it. */
	lastSuccess: number;
	/** The latest refusal. */
	error?: ApiError;
}

/** By account, of all executions in this process. */
const states = new Map<string, HoldState>();

/** As after a restart of n8n. */
export function forgetHolds(): void {
	states.clear();
}

export class RateLimitHold {
	private readonly state: HoldState;

	/** @param accountId digest of base URL and key; left out for an account of its own */
	constructor(
		private readonly clock: Pick<Clock, 'now' | 'sleep'>,
		accountId?: string,
	) {
		this.state = (accountId && states.get(accountId)) || { until: 0, lastSuccess: 0 };
		if (accountId) states.set(accountId, this.state);
	}

	/** Milliseconds for which nothing of the account should be sent; 0 when anything may. */
	get remainingMs(): number {
		return Math.max(this.state.until - this.clock.now(), 0);
	}

	/**
	 * Notes a refusal for too many requests.
	 *
	 * @param refusals of this request so far, from 1
	 */
	refused(error: ApiError, refusals: number): void {
		const until = this.clock.now() + holdMs(refusals, error.details.retryAfterMs);
		this.state.until = Math.max(this.state.until, until);
		this.state.error = error;
	}

	/** Notes that a request of the account was let through. */
	passed(): void {
		this.state.lastSuccess = this.clock.now();
	}

	/**
	 * Waits as long as nothing should be sent, whatever the service asks for.
	 *
	 * @param deadline milliseconds since 1970
	 * @throws ApiError the latest refusal, when the wait would last until the deadline or longer
	 */
	async waitUntil(deadline: number): Promise<void> {
		while (this.remainingMs > 0) {
			const { until, error } = this.state;
			if (until >= deadline && error) throw error;
			await this.clock.sleep(this.remainingMs);
		}
	}

	/**
	 * Does the work, and again after each refusal for too many requests, until nothing was let through
	 * for 90 s.
	 *
	 * @throws the work's error; CancelledError when the execution is stopped while it waits
	 */
	async run<T>(work: () => Promise<T>): Promise<T> {
		const began = this.clock.now();
		for (let refusals = 1; ; refusals++) {
			await this.wait();
			const result = await toResult(work());
			if ('value' in result) {
				this.passed();
				return result.value;
			}
			const { error } = result;
			if (!(error instanceof ApiError) || error.kind !== 'rateLimit') throw error;
			const waited = this.clock.now() - Math.max(began, this.state.lastSuccess);
			if (waited >= HOLD_PATIENCE_MS) throw error;
			this.refused(error, refusals);
		}
	}

	/** A service may ask for hours; a call without a Timeout of the user's asks again sooner. */
	private async wait(): Promise<void> {
		const end = this.clock.now() + MAX_ASKED_PAUSE_MS;
		for (;;) {
			const ms = Math.min(this.remainingMs, end - this.clock.now());
			if (ms <= 0) return;
			await this.clock.sleep(ms);
		}
	}
}

function holdMs(refusals: number, askedMs: number | undefined): number {
	const factor = 2 ** (refusals - 1);
	if (askedMs === undefined) return Math.min(FIRST_HOLD_MS * factor, MAX_PAUSE_MS);
	return Math.max(askedMs, Math.min(MIN_ASKED_HOLD_MS * factor, MAX_PAUSE_MS));
}
