import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Settings } from './options';
import type { RequestRecord, RouteName } from './request-log';
import type { remoteCalls } from './routes/control';
import type { EmulatorState } from './state';

const RECHECK_MS = 50;
const START_TIMEOUT_MS = 60_000;

type Calls = ReturnType<typeof remoteCalls>;

/** Controls an emulator in another process. */
export class RemoteEmulator {
	readonly setOptions = this.call('setOptions');
	readonly addFault = this.call('addFault');
	readonly scriptJob = this.call('scriptJob');
	readonly finishAll = this.call('finishAll');
	readonly reset = this.call('reset');
	private readonly agent = new Agent();

	constructor(readonly baseUrl: string) {}

	/** These parts of the emulator's state. */
	async state<Part extends keyof EmulatorState>(
		...parts: Part[]
	): Promise<Pick<EmulatorState, Part>> {
		const state = await this.send('GET', `state?only=${parts.join(',')}`);
		return state as Pick<EmulatorState, Part>;
	}

	async requestsTo(...routes: RouteName[]): Promise<RequestRecord[]> {
		const { requests } = await this.state('requests');
		return requests.filter((record) => routes.includes(record.route));
	}

	/** Resolves with the state in which the condition holds; rejects after `timeoutMs`. */
	async until<Part extends keyof EmulatorState>(
		parts: Part[],
		condition: (state: Pick<EmulatorState, Part>) => boolean,
		timeoutMs = 30_000,
	): Promise<Pick<EmulatorState, Part>> {
		const end = Date.now() + timeoutMs;
		for (;;) {
			const state = await this.state(...parts);
			if (condition(state)) return state;
			if (Date.now() > end) throw new Error(`Still not true of ${parts.join(', ')}`);
			await sleep(RECHECK_MS);
		}
	}

	/** Closes this client's connections; the emulator keeps running. */
	async close(): Promise<void> {
		await this.agent.destroy();
	}

	private call<Name extends keyof Calls>(name: Name) {
		return async (...args: Parameters<Calls[Name]>): Promise<void> => {
			await this.send('POST', name, args);
		};
	}

	private async send(method: 'GET' | 'POST', path: string, args?: unknown[]): Promise<unknown> {
		const response = await request(`${this.baseUrl}/_emulator/${path}`, {
			method,
			dispatcher: this.agent,
			...(args && {
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(args),
			}),
		});
		const text = await response.body.text();
		if (response.statusCode !== 200) throw new Error(`The emulator answered ${text}`);
		return JSON.parse(text);
	}
}

export interface EmulatorProcess {
	emulator: RemoteEmulator;
	baseUrl: string;
	process: ChildProcess;
	/** Stops the process and waits until it has exited. */
	stop(): Promise<void>;
}

/** Starts the emulator in a child process, which exits with this one in any case. */
export async function startEmulatorProcess(
	settings: Partial<Settings> = {},
	port = 0,
): Promise<EmulatorProcess> {
	const child = fork(join(__dirname, 'main.ts'), ['--port', `${port}`, '--quiet'], {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	let stderr = '';
	child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const end = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		const ended = once(child, 'exit');
		child.kill('SIGTERM');
		await ended;
	};
	try {
		const signal = AbortSignal.timeout(START_TIMEOUT_MS);
		const [message] = (await Promise.race([
			once(child, 'message', { signal }),
			once(child, 'exit', { signal }).then(() => {
				throw new Error(`The emulator did not start: ${stderr.trim()}`);
			}),
		])) as [{ baseUrl: string }];
		const { baseUrl } = message;
		const emulator = new RemoteEmulator(baseUrl);
		await emulator.setOptions(settings);
		const stop = async () => {
			await emulator.close();
			await end();
		};
		return { emulator, baseUrl, process: child, stop };
	} catch (error) {
		await end();
		throw error;
	}
}
