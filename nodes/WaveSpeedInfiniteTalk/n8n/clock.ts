import { CancelledError } from '../api/http';
import type { Clock } from '../shared/clock';
import { sleepUnless } from './sleep';

/** The longest timer of Node.js; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Real time, with a sleep that ends at once when `stopped` fires. */
export function createClock(stopped: AbortSignal): Clock {
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		async sleep(ms) {
			await sleepUnless(stopped, Math.min(ms, LONGEST_MS));
			if (stopped.aborted) throw new CancelledError();
		},
	};
}
