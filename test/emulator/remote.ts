import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from '../testbed/lib/until';
import type { Emulator } from './emulator';
import type { Settings } from './options';
import type { remoteCalls } from './routes/control';

const START_TIMEOUT_MS = 60_000;

type Calls = ReturnType<typeof remoteCalls>;
type State = ReturnType<Emulator['state']>;

/** Controls an emulator in another process. */
export class RemoteEmulator {
	readonly setOptions = this.call('setOptions');
	readonly scriptJob = this.call('scriptJob');
	readonly finishAll = this.call('finishAll');
	readonly reset = this.call('reset');

	constructor(private readonly baseUrl: string) {}

	/** These parts of the emulator's state. */
	async state<Part extends keyof State>(...parts: Part[]): Promise<Pick<State, Part>> {
		return (await this.send(`state?only=${parts.join(',')}`)) as State;
	}

	/** Resolves with the state in which the condition holds; rejects after `timeoutMs`. */
	async until<Part extends keyof State>(
		parts: Part[],
		condition: (state: Pick<State, Part>) => boolean,
		timeoutMs = 30_000,
	): Promise<Pick<State, Part>> {
		const look = async () => {
			const state = await this.state(...parts);
			return condition(state) && state;
		};
		return await until(look, { what: String(condition), timeoutMs });
	}

	private call<Name extends keyof Calls>(name: Name) {
		return async (...args: Parameters<Calls[Name]>): Promise<void> => {
			const headers = { 'content-type': 'application/json' };
			await this.send(name, { method: 'POST', headers, body: JSON.stringify(args) });
		};
	}

	private async send(path: string, options: RequestInit = {}): Promise<unknown> {
		const response = await fetch(`${this.baseUrl}/_emulator/${path}`, options);
		if (!response.ok) throw new Error(`The emulator answered ${await response.text()}`);
		return await response.json();
	}
}

export interface EmulatorProcess {
	emulator: RemoteEmulator;
	baseUrl: string;
	/** Stops the process and waits until it has exited. */
	stop(): Promise<void>;
}

/** Starts the emulator in a child process, which exits with this one in any case. */
export async function startEmulatorProcess(settings: Partial<Settings>): Promise<EmulatorProcess> {
	const child = fork(join(__dirname, 'main.ts'), ['--port', '0', '--quiet'], {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const exited = once(child, 'exit');
	const stop = async () => {
		child.kill('SIGTERM');
		await exited;
	};
	try {
		const signal = AbortSignal.timeout(START_TIMEOUT_MS);
		const [message] = (await Promise.race([
			once(child, 'message', { signal }),
			exited.then(() => {
				throw new Error('The emulator did not start');
			}),
		])) as [{ baseUrl: string }];
		const { baseUrl } = message;
		const emulator = new RemoteEmulator(baseUrl);
		await emulator.setOptions(settings);
		return { emulator, baseUrl, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
