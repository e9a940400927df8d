const HEARTBEAT_MS = 10_000;

/** `1:05` for 65 seconds. */
export function clock(milliseconds: number): string {
	const seconds = Math.floor(milliseconds / 1000);
	return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export function say(text: string): void {
	process.stdout.write(`${text}\n`);
}

/**
 * Says now and then that something goes on: CI logs have no cursor to redraw, and a silent minute looks
 * like a hang. Returns the function that ends this.
 */
export function heartbeat(what: string, everyMs = HEARTBEAT_MS): () => void {
	const started = Date.now();
	const timer = setInterval(() => {
		say(`  … ${what}: ${clock(Date.now() - started)} so far`);
	}, everyMs);
	return () => clearInterval(timer);
}

/** Runs one step of set-up and says so: when it begins, while it lasts, and with the time when it ends. */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
	const started = Date.now();
	say(`• ${title} …`);
	const stopHeartbeat = heartbeat(title);
	try {
		const result = await work();
		say(`✓ ${title} (${clock(Date.now() - started)})`);
		return result;
	} catch (error) {
		say(`✗ ${title} failed after ${clock(Date.now() - started)}`);
		throw error;
	} finally {
		stopHeartbeat();
	}
}
