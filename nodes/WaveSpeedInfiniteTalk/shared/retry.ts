/** Repeats work that may succeed later. */
import type { Clock } from './clock';
import { toResult } from './result';

export interface RetryOptions {
	/** Attempts in all, from 1. */
	tries: number;
	/** False for an error that another attempt cannot mend. */
	isRetryable: (error: unknown) => boolean;
	/**
	 * Milliseconds before the next attempt.
	 *
	 * @param failures so far, from 1
	 */
	delayMs: (failures: number, error: unknown) => number;
	clock: Pick<Clock, 'sleep'>;
}

/**
 * Does the work until it succeeds, fails for good, or was tried often enough.
 *
 * @throws the error of the last attempt, or CancelledError when the execution is stopped in between
 */
export async function retry<T>(work: () => Promise<T>, options: RetryOptions): Promise<T> {
	for (let failures = 1; ; failures++) {
		const result = await toResult(work());
		if ('value' in result) return result.value;
		if (failures >= options.tries || !options.isRetryable(result.error)) throw result.error;
		await options.clock.sleep(options.delayMs(failures, result.error));
	}
}
