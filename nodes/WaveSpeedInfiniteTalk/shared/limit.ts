/** Bounds on what happens at the same time. */

/** Lets at most `slots` pieces of work run together; the others wait in order of arrival. */
export class Limit {
	private free: number;
	private readonly queue: Array<() => void> = [];

	constructor(slots: number) {
		this.free = slots;
	}

	/** Waits for a slot. @returns releases the slot; calling it twice has no effect */
	async take(): Promise<() => void> {
		if (this.free > 0) this.free--;
		else await new Promise<void>((resolve) => this.queue.push(resolve));
		let held = true;
		return () => {
			if (!held) return;
			held = false;
			const next = this.queue.shift();
			if (next) next();
			else this.free++;
		};
	}

	async run<T>(work: () => Promise<T>): Promise<T> {
		const release = await this.take();
		try {
			return await work();
		} finally {
			release();
		}
	}
}

/** Lets at most one piece of work with the same key run; others with that key wait. */
export class KeyedLock {
	private readonly locks = new Map<string, { limit: Limit; users: number }>();

	async run<T>(key: string, work: () => Promise<T>): Promise<T> {
		const lock = this.locks.get(key) ?? { limit: new Limit(1), users: 0 };
		this.locks.set(key, lock);
		lock.users++;
		try {
			return await lock.limit.run(work);
		} finally {
			lock.users--;
			if (lock.users === 0) this.locks.delete(key);
		}
	}
}
