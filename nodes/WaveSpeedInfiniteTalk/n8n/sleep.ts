import { sleep } from 'n8n-workflow';
import { toResult } from '../shared/result';

/**
 * A sleep that ends early, without an error, when the signal fires; on top of n8n's own, since n8n's lint
 * forbids `setTimeout`. However many sleep at once, the signal gets one listener: Node.js warns of a leak
 * when there are more than ten.
 *
 * @returns sleeps for so many milliseconds, at most 2,147,483,647, the longest timer of Node.js
 */
export function createSleep(signal: AbortSignal): (ms: number) => Promise<void> {
	const sleeps = new Set<AbortController>();
	const wakeAll = () => {
		for (const controller of sleeps) controller.abort();
	};
	signal.addEventListener('abort', wakeAll, { once: true });
	return async (ms) => {
		if (signal.aborted) return;
		const controller = new AbortController();
		sleeps.add(controller);
		// n8n before 2.34 ignores a signal given to its own sleep.
		const woken = new Promise((resolve) => {
			controller.signal.addEventListener('abort', resolve, { once: true });
		});
		await Promise.race([toResult(sleep(ms, controller.signal)), woken]);
		sleeps.delete(controller);
	};
}
