/** The emulator's time source; tests inject one that they advance by hand. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Runs `fn` after `ms` milliseconds of this clock. Returns a function that cancels it. */
	setTimer(fn: () => void, ms: number): () => void;
}

/** setTimeout's maximum in milliseconds; it fires longer delays at once. */
const MAX_TIMER_MS = 2_147_483_647;

export const realClock: Clock = {
	now: () => Date.now(),
	setTimer(fn, ms) {
		const timer = setTimeout(fn, Math.min(Math.max(ms, 0), MAX_TIMER_MS));
		return () => clearTimeout(timer);
	},
};

/** The same clock, ahead by this many milliseconds. */
export function offsetClock(clock: Clock, offsetMs: () => number): Clock {
	return {
		now: () => clock.now() + offsetMs(),
		setTimer: (fn, ms) => clock.setTimer(fn, ms),
	};
}

interface ManualTimer {
	at: number;
	fn: () => void;
}

/** A clock that moves only by `advance`. */
export class ManualClock implements Clock {
	private timers: ManualTimer[] = [];

	constructor(private time = Date.UTC(2026, 0, 1)) {}

	now(): number {
		return this.time;
	}

	setTimer(fn: () => void, ms: number): () => void {
		const timer = { at: this.time + Math.max(ms, 0), fn };
		this.timers.push(timer);
		return () => {
			this.timers = this.timers.filter((other) => other !== timer);
		};
	}

	/** Moves on by `ms` milliseconds and runs due timers in order, including those they set. */
	advance(ms: number): void {
		const end = this.time + ms;
		for (;;) {
			const due = this.timers.filter((timer) => timer.at <= end).sort((a, b) => a.at - b.at)[0];
			if (!due) break;
			this.timers = this.timers.filter((other) => other !== due);
			this.time = Math.max(this.time, due.at);
			due.fn();
		}
		this.time = end;
	}
}
