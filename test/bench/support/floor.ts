import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Runtime } from '../../testbed/n8n/runtime';
import { COLLECT, Watched } from './watched';

export interface FloorJob {
	readonly baseUrl: string;
	readonly apiKey: string;
	readonly picture: string;
	readonly left: string;
	readonly right: string;
	/** Where the video goes. */
	readonly output: string;
}

export interface FloorResult {
	readonly ms: number;
}

/** The bare undici script, see floor-script.ts; it ends with this process. */
export class Floor {
	readonly watched: Watched;

	private constructor(
		private readonly child: ChildProcess,
		memoryFile: string,
	) {
		this.watched = new Watched(() => child.pid ?? 0, memoryFile);
	}

	static async start(runtime: Runtime, folder: string): Promise<Floor> {
		const memoryFile = path.join(folder, 'floor-memory.json');
		const child = fork(path.join(__dirname, 'floor-script.ts'), {
			execPath: runtime.nodeBinary,
			execArgv: ['--expose-gc', '--require', COLLECT, '--import', 'tsx'],
			env: { ...process.env, BENCH_MEMORY_FILE: memoryFile },
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		await once(child, 'message');
		return new Floor(child, memoryFile);
	}

	/** @throws Error when any of the requests fails */
	async run(job: FloorJob): Promise<FloorResult> {
		const answer = once(this.child, 'message');
		this.child.send(job);
		const [message] = (await answer) as [{ result?: FloorResult; error?: string }];
		if (!message.result) throw new Error(`The floor failed: ${message.error}`);
		return message.result;
	}

	async stop(): Promise<void> {
		if (this.child.exitCode !== null) return;
		const ended = once(this.child, 'exit');
		this.child.disconnect();
		await ended;
	}
}
