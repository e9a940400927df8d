import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { FaultRule } from './faults';
import type { JobScript } from './job-script';
import type { Settings } from './options';
import type { RequestRecord, RouteName } from './request-log';
import type { SeededJob } from './seed';
import type { EmulatorState } from './state';
import type { WebhookDelivery, WebhookOverrides } from './webhooks';

const RECHECK_MS = 50;
const START_TIMEOUT_MS = 60_000;

/** Rules without functions, which cannot be serialized. */
export type RemoteFault = Omit<FaultRule, 'when'>;
export type RemoteScript = Omit<JobScript, 'when'>;

/** Controls an emulator in another process. */
export class RemoteEmulator {
	private readonly agent = new Agent();

	constructor(readonly baseUrl: string) {}

	/** The emulator's state, or only these parts of it. */
	async state(): Promise<EmulatorState>;
	async state<Part extends keyof EmulatorState>(
		...parts: Part[]
	): Promise<Pick<EmulatorState, Part>>;
	async state(...parts: string[]): Promise<unknown> {
		return await this.send('GET', parts.length > 0 ? `state?only=${parts.join(',')}` : 'state');
	}

	async requestsTo(...routes: RouteName[]): Promise<RequestRecord[]> {
		const { requests } = await this.state('requests');
		return requests.filter((record) => routes.includes(record.route));
	}

	async setOptions(patch: Partial<Settings>): Promise<void> {
		await this.send('POST', 'options', patch);
	}

	async addFault(rule: RemoteFault): Promise<void> {
		await this.send('POST', 'faults', rule);
	}

	async clearFaults(): Promise<void> {
		await this.send('DELETE', 'faults');
	}

	async scriptJob(script: RemoteScript): Promise<void> {
		await this.send('POST', 'jobs/script', script);
	}

	/** Adds a job without a submission; resolves with its ID. */
	async addJob(job: SeededJob = {}): Promise<string> {
		return ((await this.send('POST', 'jobs/add', job)) as { id: string }).id;
	}

	async finishJob(id: string): Promise<void> {
		await this.send('POST', 'jobs/finish', { id });
	}

	async finishAll(): Promise<void> {
		await this.send('POST', 'jobs/finish', {});
	}

	async deliverWebhook(
		id: string,
		overrides: WebhookOverrides = {},
	): Promise<WebhookDelivery | undefined> {
		const response = await this.send('POST', 'webhooks/deliver', { id, overrides });
		return (response as { delivery?: WebhookDelivery }).delivery;
	}

	async reset(): Promise<void> {
		await this.send('POST', 'reset');
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

	private async send(
		method: 'GET' | 'POST' | 'DELETE',
		path: string,
		body?: object,
	): Promise<unknown> {
		const response = await request(`${this.baseUrl}/_emulator/${path}`, {
			method,
			dispatcher: this.agent,
			headers: body ? { 'content-type': 'application/json' } : {},
			body: body ? JSON.stringify(body) : null,
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
	ports: { api?: number; storage?: number; cdn?: number } = {},
): Promise<EmulatorProcess> {
	const { api = 0, storage = 0, cdn = 0 } = ports;
	const flags = ['--port', `${api}`, '--storage-port', `${storage}`, '--cdn-port', `${cdn}`];
	const child = fork(join(__dirname, 'main.ts'), [...flags, '--quiet'], {
		execArgv: ['--import', 'tsx'],
		stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
	});
	let stderr = '';
	child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
	const stop = async () => {
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
		const emulator = new RemoteEmulator(message.baseUrl);
		await emulator.setOptions(settings);
		return {
			emulator,
			baseUrl: message.baseUrl,
			process: child,
			stop: async () => {
				await emulator.close();
				await stop();
			},
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
