/** Talks with whoever started the pass. */
import { createInterface } from 'node:readline/promises';

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
