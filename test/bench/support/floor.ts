import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { ensureRuntime } from '../../testbed/n8n/runtime';

export interface FloorJob {
	readonly baseUrl: string;
	readonly apiKey: string;
	readonly picture: string;
	readonly left: string;
	readonly right: string;
	/** Where the video goes. */
	readonly output: string;
}

export type Floor = Awaited<ReturnType<typeof startFloor>>;

/** The bare undici script, see floor-script.ts; it ends with this process at the latest. */
export async function startFloor() {
	const { nodeBinary: execPath } = await ensureRuntime();
	const execArgv = ['--import', 'tsx'];
	const child = fork(path.join(__dirname, 'floor-script.ts'), { execPath, execArgv });
	await once(child, 'message');
	return {
		stop: () => child.disconnect(),

		/** Gives the milliseconds of one job. */
		async run(job: FloorJob): Promise<number> {
			const answer = once(child, 'message');
			child.send(job);
			const [{ ms, error }] = (await answer) as [{ ms?: number; error?: string }];
			if (ms === undefined) throw new Error(`The floor failed: ${error}`);
			return ms;
		},
	};
}
