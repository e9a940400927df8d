import { sleep } from 'n8n-workflow';
import { toResult } from '../shared/result';

/**
 * Sleeps, at most until the signal fires. n8n before 2.34 ignores a signal given to its own sleep.
 *
 * @param ms at most 2,147,483,647, the longest timer of Node.js
 */
export async function sleepUnlessAborted(signal: AbortSignal, ms: number): Promise<void> {
	if (signal.aborted) return;
	let wake = () => {};
	const woken = new Promise<void>((resolve) => {
		wake = resolve;
	});
	signal.addEventListener('abort', wake, { once: true });
	await Promise.race([toResult(sleep(ms, signal)), woken]);
	signal.removeEventListener('abort', wake);
}
