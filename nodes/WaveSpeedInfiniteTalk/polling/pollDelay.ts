/** When to poll a job again. The API wants at least 5 s between two polls (wavespeed.ai/docs/get-result). */
import { FIRST_PAUSE_MS, MAX_PAUSE_MS } from '../api/limits';

const MAX_MS = 60_000;
/** The end of a job is noticed late by at most this part of its duration. */
const GROWTH = 0.05;

/**
 * Milliseconds until the next poll of a job: 5 s at first, then 5 % of the time waited, at most 60 s.
 *
 * @param waitedMs since the wait began
 * @param random 0 to 1: spreads the polls of the jobs of one run, which begin together
 */
export function pollDelayMs(waitedMs: number, random: number): number {
	// Only the first poll comes sooner, since none was before it.
	if (waitedMs === 0) return Math.round(FIRST_PAUSE_MS * (0.5 + 0.5 * random));
	const pause = Math.min(waitedMs * GROWTH, MAX_MS) * (0.95 + 0.05 * random);
	return Math.round(Math.max(FIRST_PAUSE_MS, pause));
}

/**
 * Milliseconds to wait after a request with a transient error.
 *
 * @param failures in a row, from 1
 * @param retryAfterMs the time that the server named in `Retry-After`
 */
export function backoffMs(failures: number, random: number, retryAfterMs?: number): number {
	const own = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
	return Math.round(Math.max(retryAfterMs ?? 0, own * (0.8 + 0.2 * random)));
}

/** n8n ends a stored wait up to a minute late, so a shorter one would be pointless. */
const MIN_STORED_MS = 60_000;
const MAX_STORED_MS = 10 * 60_000;
/** Longer than n8n plans ahead (70 s): it logs an error when a call comes before a planned wake. */
const FIRST_WEBHOOK_MS = 100_000;

/**
 * Milliseconds that the execution is stored until the job is polled again.
 *
 * @param waitedMs since the wait for the job began
 * @param hasWebhook true when WaveSpeed calls at the end of the job: then polls only make up for a
 * lost call, one after 100 s for short jobs, and one every ten minutes
 */
export function storedPollDelayMs(waitedMs: number, hasWebhook: boolean): number {
	if (hasWebhook) return waitedMs < FIRST_WEBHOOK_MS ? FIRST_WEBHOOK_MS : MAX_STORED_MS;
	const delay = Math.max(waitedMs * GROWTH, MIN_STORED_MS);
	return Math.round(Math.min(delay, MAX_STORED_MS));
}
