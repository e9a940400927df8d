import { sleep } from 'n8n-workflow';
import { Stopped } from '../api/http';
import type { Clock } from '../job/clock';
import { settle } from '../job/settle';

/** The longest time that a timer of Node.js takes; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Real time, with a sleep that ends at once when `stopped` fires. */
export function createClock(stopped: AbortSignal): Clock {
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		async sleep(ms) {
			if (!stopped.aborted) await settle(sleep(Math.min(ms, LONGEST_MS), stopped));
			if (stopped.aborted) throw new Stopped();
		},
	};
}
