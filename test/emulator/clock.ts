/** The emulator's only source of time, so that tests can let hours pass at once. */
export interface Clock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Runs `fn` after `ms` milliseconds of this clock. The returned function cancels it. */
	setTimer(fn: () => void, ms: number): () => void;
}

/** setTimeout's limit in milliseconds; a longer delay would fire at once. */
const LONGEST_TIMER = 2_147_483_647;

export const realClock: Clock = {
	now: () => Date.now(),
	setTimer(fn, ms) {
		const timer = setTimeout(fn, Math.min(Math.max(ms, 0), LONGEST_TIMER));
		return () => clearTimeout(timer);
	},
};

interface ManualTimer {
	at: number;
	fn: () => void;
}

/** A clock that stands still until `advance` is called. */
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

	/** Lets `ms` milliseconds pass; due timers run in order, those that they set included. */
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
