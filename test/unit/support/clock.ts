/** Time and chance decided by the test. */
import type { Clock } from '../../../nodes/WaveSpeedInfiniteTalk/shared/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** 2026-01-01T00:00:00Z. */
export const START = Date.UTC(2026, 0, 1);

/**
 * A clock that stands still while there is work and jumps to the next sleeper when there is none.
 * Sleeps side by side pass side by side, as in life.
 */
export class VirtualClock implements Clock {
	/** Every sleep asked for, in milliseconds. */
	readonly sleeps: number[] = [];
	private readonly sleepers: Sleeper[] = [];
	private time = START;
	private pumping = false;

	/** @param chance what every random number is, between 0 and 1 */
	constructor(private readonly chance = 0.5) {}

	/** Milliseconds since the clock was made. */
	get elapsed(): number {
		return this.time - START;
	}

	readonly now = (): number => this.time;

	readonly random = (): number => this.chance;

	readonly sleep = async (ms: number): Promise<void> => {
		if (!Number.isFinite(ms) || ms < 0) throw new Error(`Sleep of ${ms} ms`);
		this.sleeps.push(ms);
		await this.until(ms);
	};

	/** Lets time pass without counting as a sleep of the code under test. */
	async until(ms: number): Promise<void> {
		await new Promise<void>((wake) => {
			this.sleepers.push({ at: this.time + ms, wake });
			this.pump();
		});
	}

	private pump(): void {
		if (this.pumping) return;
		this.pumping = true;
		// All that can go on without time transient goes first.
		setImmediate(() => {
			this.pumping = false;
			this.sleepers.sort((a, b) => a.at - b.at);
			const next = this.sleepers.shift();
			if (!next) return;
			this.time = Math.max(this.time, next.at);
			next.wake();
			if (this.sleepers.length > 0) this.pump();
		});
	}
}
