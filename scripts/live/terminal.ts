/** Talks with whoever started the pass. */
import { createInterface } from 'node:readline/promises';
import { clock, say } from '../../test/testbed/lib/progress';

const HEARTBEAT_MS = 30_000;

/** Asks a question; anything but yes, also the end of the input, is no. */
export async function ask(question: string): Promise<boolean> {
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	const closed = new AbortController();
	terminal.once('close', () => closed.abort());
	try {
		const answer = await terminal.question(`${question} [y/N] `, { signal: closed.signal });
		return /^y(es)?$/i.test(answer.trim());
	} catch {
		return false;
	} finally {
		terminal.close();
	}
}

/** Says now and then that the pass goes on; returns the function that ends this. */
export function heartbeat(): () => void {
	const started = Date.now();
	const timer = setInterval(() => say(`  … ${clock(Date.now() - started)} so far`), HEARTBEAT_MS);
	return () => clearInterval(timer);
}
