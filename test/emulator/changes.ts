const DEFAULT_TIMEOUT_MS = 10_000;
/** Conditions may also look at things that tell nothing, such as a test's own server. */
const RECHECK_MS = 25;

/** Lets tests wait for a condition instead of sleeping. */
export class Changes {
	private readonly waiting = new Set<() => void>();
	private closed = false;

	tell(): void {
		for (const check of [...this.waiting]) check();
	}

	close(): void {
		this.closed = true;
		this.tell();
	}

	until(condition: () => boolean, timeoutMs = DEFAULT_TIMEOUT_MS): Promise<void> {
		return new Promise((resolve, reject) => {
			const end = Date.now() + timeoutMs;
			const check = () => {
				try {
					if (!condition()) {
						if (!this.closed && Date.now() < end) return;
						const why = this.closed ? 'the emulator was closed' : `${timeoutMs} ms have passed`;
						throw new Error(`The condition did not come true: ${why}`);
					}
					resolve();
				} catch (error) {
					reject(error as Error);
				}
				clearInterval(timer);
				this.waiting.delete(check);
			};
			const timer = setInterval(check, RECHECK_MS);
			this.waiting.add(check);
			check();
		});
	}
}
