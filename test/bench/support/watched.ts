import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../testbed/lib/until';

/** What a process needs after a forced collection. */
export interface Resting {
	/** Resident bytes. */
	readonly resident: number;
	/** Bytes of living JavaScript objects. */
	readonly heap: number;
}

export const COLLECT = path.join(__dirname, 'collect.cjs');

/** A process with {@link COLLECT} in it, whose memory is watched from outside (Linux only). */
export class Watched {
	constructor(
		private readonly pid: () => number,
		/** The process's BENCH_MEMORY_FILE. */
		private readonly file: string,
	) {}

	/** Collects garbage, then says what is left. */
	async rest(): Promise<Resting> {
		await rm(this.file, { force: true });
		process.kill(this.pid(), 'SIGUSR2');
		await until(() => existsSync(this.file), { what: 'the collection of garbage', everyMs: 50 });
		const { heapUsed: heap } = JSON.parse(await readFile(this.file, 'utf8')) as {
			heapUsed: number;
		};
		// Freed pages go back to the system a moment later.
		await delay(500);
		return { resident: await this.memory('VmRSS'), heap };
	}

	/** Does the work and says what it took: the highest resident bytes. */
	async during<T>(work: () => Promise<T>): Promise<{ result: T; peak: number }> {
		await this.rest();
		// Makes the peak start again at the present size.
		await writeFile(`/proc/${this.pid()}/clear_refs`, '5');
		const result = await work();
		return { result, peak: await this.memory('VmHWM') };
	}

	/** Resident bytes as Linux counts them: now, or at the highest. */
	private async memory(key: 'VmRSS' | 'VmHWM'): Promise<number> {
		const status = await readFile(`/proc/${this.pid()}/status`, 'utf8');
		return Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
	}
}
