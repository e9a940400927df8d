/** When to ask for a job again. Pure. */

/** The API asks for at least 5 s between two looks at a video (wavespeed.ai/docs/get-result). */
const SHORTEST_MS = 5_000;
const LONGEST_MS = 60_000;
/** A job is noticed at most this part of its duration late. */
const GROWTH = 0.05;
const LONGEST_AFTER_FAILURE_MS = 60_000;

/**
 * Milliseconds until the next look at a job: 5 s at first, then 5 % of the time waited, at most 60 s.
 *
 * @param waitedMs since the wait began
 * @param random 0 to 1: spreads the looks at the jobs of one run, which begin together
 */
export function pollDelayMs(waitedMs: number, random: number): number {
	// Only the first look comes sooner: none was before it.
	if (waitedMs === 0) return Math.round(SHORTEST_MS * (0.5 + 0.5 * random));
	const pause = Math.min(waitedMs * GROWTH, LONGEST_MS) * (0.95 + 0.05 * random);
	return Math.round(Math.max(SHORTEST_MS, pause));
}

/**
 * Milliseconds to wait after a call that failed for a passing reason.
 *
 * @param failures in a row, from 1
 * @param retryAfterMs what the server asked for by `Retry-After`
 */
export function backoffMs(failures: number, random: number, retryAfterMs?: number): number {
	const own = Math.min(SHORTEST_MS * 2 ** (failures - 1), LONGEST_AFTER_FAILURE_MS);
	return Math.round(Math.max(retryAfterMs ?? 0, own * (0.8 + 0.2 * random)));
}

/** A stored wait ends up to a minute late, so shorter ones would not be kept. */
const SHORTEST_STORED_MS = 60_000;
const LONGEST_STORED_MS = 10 * 60_000;
/** Longer than n8n looks ahead: it logs an error for a planned wake that a call came before. */
const FIRST_WEBHOOK_MS = 100_000;

/**
 * Milliseconds that the execution is stored until the job is polled again.
 *
 * @param waitedMs since the wait for the job began
 * @param hasWebhook true when WaveSpeed calls at the end of the job: polls only make up for a lost
 * call then, one after 100 s for short jobs, and one every ten minutes
 */
export function storedPollDelayMs(waitedMs: number, hasWebhook: boolean): number {
	if (hasWebhook) return waitedMs < FIRST_WEBHOOK_MS ? FIRST_WEBHOOK_MS : LONGEST_STORED_MS;
	const delay = Math.max(waitedMs * GROWTH, SHORTEST_STORED_MS);
	return Math.round(Math.min(delay, LONGEST_STORED_MS));
}
