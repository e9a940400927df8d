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
 * Runs one step of set-up and says so: a line at the start, one every 10 s while it lasts (CI logs
 * have no cursor to redraw, and a silent minute looks like a hang), one at the end with the time.
 */
export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
	const started = Date.now();
	say(`• ${title} …`);
	const heartbeat = setInterval(() => {
		say(`  … ${title}: ${clock(Date.now() - started)} so far`);
	}, HEARTBEAT_MS);
	try {
		const result = await work();
		say(`✓ ${title} (${clock(Date.now() - started)})`);
		return result;
	} catch (error) {
		say(`✗ ${title} failed after ${clock(Date.now() - started)}`);
		throw error;
	} finally {
		clearInterval(heartbeat);
	}
}
