import { mkdtempSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startEmulatorProcess, type EmulatorProcess } from '../../emulator/remote';
import type { JobScript } from '../../emulator/job-script';
import { defaultSettings, type Settings } from '../../emulator/options';
import type { Execution, WorkflowJson } from '../../testbed/n8n';
import { until } from '../../testbed/lib/until';
import { Testbed } from '../../testbed/testbed';
import { startFloor, type Floor } from './floor';
import { makeMedia, type MediaSet, type MediaSizes } from './media';
import { COLLECT, Watched } from './watched';

/** For executions that pause: their call is answered before they have ended. */
const MAX_WAIT_MS = 10 * 60_000;

const SETTINGS: Partial<Settings> = {
	render: 'stub',
	readInputs: false,
	storeUploads: 'discard',
	jobSeconds: 0,
	balance: 1e9,
};

/** What scenarios work with besides n8n: the service in a process of its own, the floor, files. */
export class BenchTestbed extends Testbed {
	remote!: EmulatorProcess;
	private floor!: Floor;
	private readonly folder = mkdtempSync(path.join(tmpdir(), 'infinitetalk-bench-'));
	private readonly memory = this.file('n8n-memory.json');
	readonly watched = new Watched(() => this.n8n.pid, this.memory);
	private readonly media = new Map<string, MediaSet>();

	/** Starts all of it. To be closed even if that fails. */
	async openAll(): Promise<void> {
		this.onClose(async () => await removeFolder(this.folder));
		await mkdir(this.file('media'));
		this.remote = await startEmulatorProcess(SETTINGS);
		this.onClose(async () => await this.remote.stop());
		this.floor = await startFloor();
		this.onClose(async () => this.floor.stop());
		await this.open({
			service: { apiKey: defaultSettings.apiKey, baseUrl: this.remote.baseUrl },
			start: {
				userFolder: this.file('n8n'),
				fileFolders: [this.file('media')],
				nodeArgs: ['--expose-gc', '--require', COLLECT, ...extraNodeArgs()],
				env: {
					BENCH_MEMORY_FILE: this.memory,
					N8N_STORAGE_PATH: this.file('storage'),
					N8N_LOG_LEVEL: 'warn',
				},
			},
		});
	}

	/** Forgets what the service has seen, and sets how its jobs and videos are. */
	async prepare(
		script: JobScript,
		videoPaddingBytes = defaultSettings.videoPaddingBytes,
	): Promise<void> {
		const { emulator } = this.remote;
		await emulator.reset();
		await emulator.setOptions({ videoPaddingBytes });
		await emulator.scriptJob({ times: 'always', ...script });
	}

	/** Media files of a name, made when first asked for. */
	async mediaFiles(name: string, sizes: MediaSizes): Promise<MediaSet> {
		const known = this.media.get(name);
		if (known) return known;
		const made = await makeMedia(this.file('media', name), sizes);
		this.media.set(name, made);
		return made;
	}

	/** One item by the bare script; gives its seconds. */
	async runFloor({ picture, right, first: left }: MediaSet): Promise<number> {
		const files = { picture, left, right, output: this.file('floor.mp4') };
		return (await this.floor.run({ ...this.service, ...files })) / 1000;
	}

	/** Runs a workflow to its end, whatever that is, as production does: started by a call. */
	async execute(flow: WorkflowJson): Promise<Execution> {
		const { id } = await this.client.createWorkflow(flow);
		await this.client.activate(id);
		// The answer comes at the end: asking for the state meanwhile would cost n8n time and memory.
		await this.call(flow);
		await this.client.deactivate(id);
		return await until(
			async () => {
				const [summary] = await this.client.executions({ workflowId: id });
				const ended = summary && ['success', 'error', 'crashed'].includes(summary.status);
				return ended && (await this.client.execution(summary.id));
			},
			{ what: `the end of ${flow.name}`, timeoutMs: MAX_WAIT_MS, everyMs: 1_000 },
		);
	}

	/** Calls a workflow that is active, and gets its answer. */
	async call({ nodes }: WorkflowJson): Promise<void> {
		const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.webhook');
		await this.client.post(`/webhook/${String(trigger?.parameters.path)}`);
	}

	/** Removes the files that executions left in n8n's storage. */
	async dropFiles(): Promise<void> {
		await removeFolder(this.file('storage', 'workflows'));
		await rm(this.file('floor.mp4'), { force: true });
	}

	/** Removes media files that are no longer needed. */
	async dropMedia(name: string): Promise<void> {
		this.media.delete(name);
		await removeFolder(this.file('media', name));
	}

	private file(...names: string[]): string {
		return path.join(this.folder, ...names);
	}
}

/** More arguments for the Node.js of n8n, to look into what it does: `BENCH_NODE_ARGS=--trace-gc`. */
function extraNodeArgs(): string[] {
	return process.env.BENCH_NODE_ARGS?.split(' ').filter(Boolean) ?? [];
}

async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
