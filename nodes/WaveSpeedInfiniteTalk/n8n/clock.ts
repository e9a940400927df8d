import { sleep } from 'n8n-workflow';
import { CancelledError } from '../api/http';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';

/** The longest timer of Node.js; a longer one would end at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Real time, with a sleep that ends at once when `stopped` fires. */
export function createClock(stopped: AbortSignal): Clock {
	return {
		now: () => Date.now(),
		random: () => Math.random(),
		async sleep(ms) {
			if (!stopped.aborted) await toResult(sleep(Math.min(ms, LONGEST_MS), stopped));
			if (stopped.aborted) throw new CancelledError();
		},
	};
}
