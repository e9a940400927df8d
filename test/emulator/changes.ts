const DEFAULT_TIMEOUT_MS = 10_000;
/** Conditions may also depend on things that do not notify, such as a test's own server. */
const RECHECK_MS = 25;

/** Lets tests await a condition instead of sleeping. */
export class Changes {
	private readonly waiters = new Set<() => void>();
	private closed = false;

	notify(): void {
		for (const check of [...this.waiters]) check();
	}

	close(): void {
		this.closed = true;
		this.notify();
	}

	until(condition: () => boolean, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
		return new Promise((resolve, reject) => {
			const end = Date.now() + timeoutMs;
			const check = () => {
				try {
					if (!condition()) {
						if (!this.closed && Date.now() < end) return;
						const reason = this.closed ? 'the emulator was closed' : `${timeoutMs} ms have passed`;
						throw new Error(`The condition did not come true: ${reason}`);
					}
					resolve();
				} catch (error) {
					reject(error as Error);
				}
				clearInterval(timer);
				this.waiters.delete(check);
			};
			const timer = setInterval(check, RECHECK_MS);
			this.waiters.add(check);
			check();
		});
	}
}
