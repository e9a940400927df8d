import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import type { Runtime } from '../../testbed/n8n/runtime';

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
	private constructor(private readonly child: ChildProcess) {}

	static async start(runtime: Runtime): Promise<Floor> {
		const child = fork(path.join(__dirname, 'floor-script.ts'), {
			execPath: runtime.nodeBinary,
			execArgv: ['--import', 'tsx'],
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		await once(child, 'message');
		return new Floor(child);
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
