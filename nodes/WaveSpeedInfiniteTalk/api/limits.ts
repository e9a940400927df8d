/**
 * How patient the node is with the service: every limit of time, pause and number of tries. The table in
 * docs/architecture.md (One policy) says which call has which.
 */

/** Silence after which a short call is given up (the official clients' own limit). */
export const SHORT_IDLE_TIMEOUT_MS = 30_000;
/** Whatever a server drips, a short call ends after this. */
export const REQUEST_TIMEOUT_MS = 90_000;
/** For uploads and downloads: silence after which one is given up, and what it may last apart from its size. */
export const TRANSFER_LIMITS = { idleTimeoutMs: 60_000, bulkTimeoutMs: 120_000 };
/** The same for a URL of the user's, where nothing is paid for yet. */
export const FETCH_LIMITS = { idleTimeoutMs: 30_000, bulkTimeoutMs: 60_000 };
export const FETCH_TRIES = 3;

/** Tries for what may be repeated, the first one included. */
export const TRIES = 4;
/** Before the second try of a call; it doubles. The API wants at least 5 s between two polls of a video. */
export const FIRST_PAUSE_MS = 5_000;
/** Before the second try of a transfer; it doubles. */
export const FIRST_TRANSFER_PAUSE_MS = 2_000;
/** However often a call has failed in a row. */
export const MAX_PAUSE_MS = 60_000;
/** However long the service asks to wait, for calls without a Timeout of the user's. */
export const MAX_ASKED_PAUSE_MS = 120_000;

/** After a refusal for too many requests: limits reset every minute (wavespeed.ai/docs/account-levels). */
export const FIRST_HOLD_MS = 10_000;
/** The least that a `Retry-After` counts for; it doubles with each refusal. */
export const MIN_ASKED_HOLD_MS = 1_000;
/** Since anything of the account passed: a shorter wait would end before the limit resets. */
export const HOLD_PATIENCE_MS = 90_000;
/** For the operation Submit, whose items have no Timeout. */
export const SUBMIT_PATIENCE_MS = 15 * 60_000;

/** For WaveSpeed's call that wakes an execution: it is answered while WaveSpeed waits. */
export const WEBHOOK_TRIES = 3;
export const WEBHOOK_PAUSE_MS = 1_000;
