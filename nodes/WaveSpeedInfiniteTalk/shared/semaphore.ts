/** Bounds on what happens at the same time. */
import type { Clock } from './clock';
import { toResult } from './result';

/** How often somebody who waits looks whether his time is up, in milliseconds. */
const CHECK_MS = 1_000;

/** How long somebody waits for his turn. */
export interface Patience {
	/** Milliseconds since 1970. */
	deadline: number;
	/** Its sleep ends the wait when the execution is stopped. */
	clock: Pick<Clock, 'now' | 'sleep'>;
	/** What is thrown at the deadline. */
	timeoutError(): Error;
}

/** Lets at most `slots` pieces of work run together; the others wait in order of arrival. */
export class Semaphore {
	private free: number;
	private readonly queue: Array<() => void> = [];

	constructor(slots: number) {
		this.free = slots;
	}

	/**
	 * Waits for a slot.
	 *
	 * @returns releases the slot; calling it twice has no effect
	 * @throws the error of the patience at its deadline; CancelledError when the execution is stopped
	 */
	async acquire(patience?: Patience): Promise<() => void> {
		if (this.free > 0) this.free--;
		else await this.waitForSlot(patience);
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			this.passOn();
		};
	}

	async run<T>(work: () => Promise<T>, patience?: Patience): Promise<T> {
		const release = await this.acquire(patience);
		try {
			return await work();
		} finally {
			release();
		}
	}

	private async waitForSlot(patience: Patience | undefined): Promise<void> {
		let isNext = false;
		let wake = () => {};
		const turn = new Promise<void>((resolve) => {
			wake = () => {
				isNext = true;
				resolve();
			};
			this.queue.push(wake);
		});
		if (!patience) return await turn;
		const waited = await toResult(waitFor(turn, () => isNext, patience));
		if (!('error' in waited)) return;
		if (isNext) this.passOn();
		else this.queue.splice(this.queue.indexOf(wake), 1);
		throw waited.error;
	}

	private passOn(): void {
		const next = this.queue.shift();
		if (next) next();
		else this.free++;
	}
}

async function waitFor(
	turn: Promise<void>,
	isNext: () => boolean,
	{ deadline, clock, timeoutError }: Patience,
): Promise<void> {
	while (!isNext()) {
		const left = deadline - clock.now();
		if (left <= 0) throw timeoutError();
		await Promise.race([turn, clock.sleep(Math.min(left, CHECK_MS))]);
	}
}

/** Lets at most one piece of work with the same key run; others with that key wait. */
export class KeyedLock {
	private readonly locks = new Map<string, { limit: Semaphore; users: number }>();

	/** @throws as {@link Semaphore.take}, and whatever the work throws */
	async run<T>(key: string, work: () => Promise<T>, patience?: Patience): Promise<T> {
		const lock = this.locks.get(key) ?? { limit: new Semaphore(1), users: 0 };
		this.locks.set(key, lock);
		lock.users++;
		try {
			return await lock.limit.run(work, patience);
		} finally {
			lock.users--;
			if (lock.users === 0) this.locks.delete(key);
		}
	}
}
