import { sleep } from 'n8n-workflow';
import { toResult } from '../shared/result';

/**
 * Sleeps, at most until the signal fires. n8n before 2.34 ignores a signal given to its own sleep.
 *
 * @param ms at most 2,147,483,647, the longest timer of Node.js
 */
export async function sleepUnless(stopped: AbortSignal, ms: number): Promise<void> {
	if (stopped.aborted) return;
	let wake = () => {};
	const woken = new Promise<void>((resolve) => {
		wake = resolve;
	});
	stopped.addEventListener('abort', wake, { once: true });
	await Promise.race([toResult(sleep(ms, stopped)), woken]);
	stopped.removeEventListener('abort', wake);
}
