/** Time and chance, injected so that tests decide them. */
export interface Clock {
	/** Milliseconds since 1970. */
	now(): number;
	/** @throws CancelledError when the execution is stopped meanwhile. */
	sleep(ms: number): Promise<void>;
	/** From 0 (included) to 1 (excluded). */
	random(): number;
}
