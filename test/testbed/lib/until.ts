import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
	/** What is waited for, for the message when it does not happen. */
	readonly what: string;
	/** Deadline in milliseconds, two minutes unless given: long, as it matters only when something is wrong. */
	readonly timeoutMs?: number;
	/** Pause between two looks in milliseconds, 100 unless given. */
	readonly everyMs?: number;
	/** Adds the present state to the message of a timeout. */
	readonly explain?: () => string;
}

/**
 * Looks until there is an answer other than `undefined` and `false`, and returns it.
 *
 * @throws Error when the deadline passes, or what `look` throws
 */
export async function until<T>(
	look: () => Promise<T | undefined | false> | T | undefined | false,
	{ what, timeoutMs = 120_000, everyMs = 100, explain }: UntilOptions,
): Promise<T> {
	// Not Date.now(), which tests stop.
	const deadline = performance.now() + timeoutMs;
	for (;;) {
		const answer = await look();
		if (answer !== undefined && answer !== false) return answer;
		if (performance.now() >= deadline) {
			const state = explain ? `\n${explain()}` : '';
			throw new Error(`Waited ${timeoutMs / 1000} s in vain for ${what}.${state}`);
		}
		await delay(everyMs);
	}
}
