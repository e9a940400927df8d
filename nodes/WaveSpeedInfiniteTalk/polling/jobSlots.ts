/** How many jobs of a run may be unfinished at the same time, also across stored waits. */
export class JobSlots {
	/** Below zero when fewer jobs are allowed than run already. */
	private free: number;
	/** Slots of jobs that are being worked on now, so that they may become free in this run. */
	private active = 0;
	private readonly queue: Array<(acquired: boolean) => void> = [];

	/**
	 * @param size slots in all
	 * @param running jobs that are unfinished already, each with a slot
	 */
	constructor(size: number, running: number) {
		this.free = size - running;
		this.active = running;
	}

	/** @returns false when no slot becomes free before the execution is stored */
	async acquire(): Promise<boolean> {
		if (this.free > 0) {
			this.free--;
			this.active++;
			return true;
		}
		if (this.active === 0) return false;
		return await new Promise((resolve) => this.queue.push(resolve));
	}

	/** The job has ended. */
	release(): void {
		this.active--;
		this.free++;
		const next = this.free > 0 ? this.queue.shift() : undefined;
		if (next) {
			this.free--;
			this.active++;
			next(true);
		} else {
			this.flush();
		}
	}

	/** The job is unfinished and stays so until the execution is woken. */
	keep(): void {
		this.active--;
		this.flush();
	}

	private flush(): void {
		if (this.active > 0) return;
		for (const resolve of this.queue.splice(0)) resolve(false);
	}
}
