import { CancelledError } from '../api/http';
import type { Clock } from '../shared/clock';
import { createSleep } from './sleep';

/** The longest timer of Node.js; a longer one would end at once. */
const MAX_MS = 2 ** 31 - 1;

/** Real time, with a sleep that ends at once when `signal` aborts. */
export function createClock(signal: AbortSignal): Clock {
	const sleep = createSleep(signal);
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		async sleep(ms) {
			await sleep(Math.min(ms, MAX_MS));
			if (signal.aborted) throw new CancelledError();
		},
	};
}
