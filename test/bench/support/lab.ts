import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulatorProcess, type EmulatorProcess } from '../../emulator/remote';
import type { JobScript } from '../../emulator/job-script';
import { defaultSettings, type Settings } from '../../emulator/options';
import { N8nClient, startN8n, type Execution, type N8nProcess } from '../../testbed/n8n';
import type { StoredCredential, WorkflowJson } from '../../testbed/n8n';
import { until } from '../../testbed/lib/until';
import type { Runtime } from '../../testbed/n8n/runtime';
import { Floor, type FloorResult } from './floor';
import { makeMedia, type MediaSet, type MediaSizes } from './media';
import { COLLECT, Watched } from './watched';

/** For executions that pause: their call is answered before they have ended. */
const LONGEST_WAIT_MS = 10 * 60_000;

export const SETTINGS: Partial<Settings> = {
	render: 'stub',
	readInputs: false,
	storeUploads: 'discard',
	jobSeconds: 0,
	balance: 1e9,
};

/** Everything that scenarios work with: a real n8n, the service, the floor, and files. */
export class Lab {
	readonly watched: Watched;
	private readonly media = new Map<string, MediaSet>();

	private constructor(
		private readonly folder: string,
		readonly n8n: N8nProcess,
		readonly client: N8nClient,
		readonly service: EmulatorProcess,
		readonly floor: Floor,
		/** The credential of our node. */
		readonly credential: StoredCredential,
		/** The same key for HTTP Request. */
		readonly bearer: StoredCredential,
	) {
		this.watched = new Watched(() => n8n.pid, memoryFile(folder));
	}

	static async start(runtime: Runtime, tarball: string): Promise<Lab> {
		const folder = await mkdtemp(path.join(tmpdir(), 'infinitetalk-bench-'));
		const closing: Array<() => Promise<void>> = [async () => await removeFolder(folder)];
		try {
			const files = path.join(folder, 'media');
			await mkdir(files);
			const service = await startEmulatorProcess(SETTINGS);
			closing.push(async () => await service.stop());
			const floor = await Floor.start(runtime, folder);
			closing.push(async () => await floor.stop());
			const n8n = await startN8n({
				runtime,
				tarball,
				userFolder: path.join(folder, 'n8n'),
				fileFolders: [files],
				nodeArgs: ['--expose-gc', '--require', COLLECT, ...extraNodeArgs()],
				env: {
					BENCH_MEMORY_FILE: memoryFile(folder),
					N8N_STORAGE_PATH: path.join(folder, 'storage'),
					N8N_LOG_LEVEL: 'warn',
				},
			});
			closing.push(async () => await n8n.stop());
			const client = new N8nClient(n8n.url);
			await client.login();
			const { apiKey } = defaultSettings;
			const data = { apiKey, baseUrl: service.baseUrl };
			const credential = await client.createCredential('waveSpeedInfiniteTalkApi', data);
			const bearer = await client.createCredential('httpBearerAuth', { token: apiKey });
			return new Lab(folder, n8n, client, service, floor, credential, bearer);
		} catch (error) {
			for (const close of closing.reverse()) await close();
			throw error;
		}
	}

	/** Ends all that was started and removes all that was written. */
	async close(): Promise<void> {
		await this.client.close();
		await this.n8n.stop();
		await this.floor.stop();
		await this.service.stop();
		await removeFolder(this.folder);
	}

	/** n8n as it is after a start. */
	async restart(): Promise<void> {
		await this.n8n.restart();
		await this.client.login();
	}

	/** Forgets what the service has seen, and sets how it behaves. */
	async prepare(settings: Partial<Settings> = {}, script?: JobScript): Promise<void> {
		const { emulator } = this.service;
		await emulator.reset();
		await emulator.clearFaults();
		const { videoPaddingBytes, requestsPerMinute, minuteSeconds } = defaultSettings;
		const usual = { videoPaddingBytes, requestsPerMinute, minuteSeconds, ...SETTINGS };
		await emulator.setOptions({ ...usual, ...settings });
		if (script) await emulator.scriptJob({ times: 'always', ...script });
	}

	/** Media files of a name, made when first asked for. */
	async files(name: string, sizes: MediaSizes): Promise<MediaSet> {
		const known = this.media.get(name);
		if (known) return known;
		const made = await makeMedia(path.join(this.folder, 'media', name), sizes);
		this.media.set(name, made);
		return made;
	}

	/** One item by the bare script, which looks at the job every `waitMs`. */
	async runFloor(media: MediaSet, waitMs = 0): Promise<FloorResult> {
		const { picture, right, lefts } = media;
		const { apiKey } = defaultSettings;
		const { baseUrl } = this.service;
		const files = { picture, left: lefts[0]!, right, output: this.floorOutput };
		return await this.floor.run({ baseUrl, apiKey, ...files, waitMs });
	}

	private get floorOutput(): string {
		return path.join(this.folder, 'floor.mp4');
	}

	/** Runs a workflow to its end, whatever that is, as production does: started by a call. */
	async execute(flow: WorkflowJson): Promise<Execution> {
		const { id, nodes } = await this.client.createWorkflow(flow);
		const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
		if (!trigger) throw new Error(`${flow.name} is not started by a webhook`);
		await this.client.activate(id);
		// The answer comes at the end: asking for the state meanwhile would cost n8n time and memory.
		await this.client.webhook(String(trigger.parameters.path));
		await this.client.deactivate(id);
		return await until(
			async () => {
				const [summary] = await this.client.executions({ workflowId: id });
				const ended = summary && ['success', 'error', 'crashed'].includes(summary.status);
				return ended && (await this.client.execution(summary.id));
			},
			{ what: `the end of ${flow.name}`, timeoutMs: LONGEST_WAIT_MS, everyMs: 1_000 },
		);
	}

	/** Removes the files that executions left in n8n's storage. */
	async dropFiles(): Promise<void> {
		const workflows = path.join(this.folder, 'storage', 'workflows');
		await rm(workflows, { recursive: true, force: true });
		await rm(this.floorOutput, { force: true });
	}

	/** Removes media files that are no longer needed. */
	async dropMedia(name: string): Promise<void> {
		this.media.delete(name);
		await removeFolder(path.join(this.folder, 'media', name));
	}
}

/** More arguments for the Node.js of n8n, to look into what it does: `BENCH_NODE_ARGS=--trace-gc`. */
function extraNodeArgs(): string[] {
	return process.env.BENCH_NODE_ARGS?.split(' ').filter(Boolean) ?? [];
}

function memoryFile(folder: string): string {
	return path.join(folder, 'n8n-memory.json');
}

async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
