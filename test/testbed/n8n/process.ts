import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import execa, { type ExecaChildProcess } from 'execa';
import getPort from 'get-port';
import { request } from 'undici';
import { DETACHED, killGroup, manage } from '../lib/children';
import type { Runtime } from './runtime';
import { until } from '../lib/until';
import { n8nEnvironment } from './environment';
import { installPackage, packagesDir } from './package';
import { ProcessLog } from './log';

const LOOPBACK = { host: '127.0.0.1' };
const READY_MS = 240_000;
const STOP_MS = 20_000;

export interface StartOptions {
	readonly runtime: Runtime;
	/** The packed package to install as a community node. */
	readonly tarball?: string;
	/** n8n's home; a temporary one, removed by `dispose()`, unless given. */
	readonly userFolder?: string;
	/** Overrides and additions to the environment. */
	readonly env?: Readonly<Record<string, string>>;
	readonly port?: number;
	readonly n8nCommand?: 'start' | 'worker' | 'webhook';
	/** Arguments for Node itself, such as `--expose-gc`. */
	readonly nodeArgs?: readonly string[];
	/** Folders for the Read/Write Files node; `<user folder>/files` is always one. */
	readonly fileFolders?: readonly string[];
}

/** A real n8n in a process of its own, ended at the latest together with ours. */
export class N8nProcess {
	private child: ExecaChildProcess | undefined;
	private env: Readonly<Record<string, string>>;

	private constructor(
		readonly options: StartOptions,
		readonly userFolder: string,
		readonly port: number,
		private readonly brokerPort: number,
		readonly log: ProcessLog,
	) {
		this.env = options.env ?? {};
	}

	/**
	 * Starts a real n8n and waits until its API answers.
	 *
	 * @throws Error with the end of n8n's log when it does not get ready within four minutes
	 */
	static async start(options: StartOptions): Promise<N8nProcess> {
		const userFolder = options.userFolder ?? (await mkdtemp(path.join(tmpdir(), 'n8n-test-')));
		await mkdir(path.join(userFolder, 'files'), { recursive: true });
		if (options.tarball) await installPackage(options.tarball, userFolder);
		const log = new ProcessLog(path.join(userFolder, 'n8n.log'));
		const port = options.port ?? (await getPort(LOOPBACK));
		const n8n = new N8nProcess(options, userFolder, port, await getPort(LOOPBACK), log);
		try {
			await n8n.launch();
		} catch (error) {
			await n8n.kill9();
			throw error;
		}
		return n8n;
	}

	/** Address without a slash at the end. */
	get url(): string {
		return `http://127.0.0.1:${this.port}`;
	}

	/** Folder that workflows may read from and write to. */
	get files(): string {
		return path.join(this.userFolder, 'files');
	}

	/** Folder of the installed community packages. */
	get packages(): string {
		return packagesDir(this.userFolder);
	}

	/** @throws Error when n8n is not running */
	get pid(): number {
		const { pid } = this.child ?? {};
		if (pid === undefined) throw new Error('n8n is not running.');
		return pid;
	}

	/** Resolves when n8n has ended, for whatever reason. */
	async whenEnded(): Promise<void> {
		await this.child;
	}

	/** Ends n8n the polite way (SIGTERM), after 20 s the other way. */
	async stop(): Promise<void> {
		// Only n8n itself: it ends its task runner.
		this.child?.kill('SIGTERM', { forceKillAfterTimeout: STOP_MS });
		await this.child;
	}

	/** Ends n8n at once, as a crash or a power failure would. */
	async kill9(): Promise<void> {
		if (this.child) killGroup(this.child, 'SIGKILL');
		await this.child;
		// n8n waits ten seconds before it starts after a crash; that pause is all this file does.
		await rm(path.join(this.userFolder, '.n8n', 'crash.journal'), { force: true });
	}

	/** Starts n8n again on the same folder and port, stopping it first if it runs. */
	async restart(env?: Readonly<Record<string, string>>): Promise<void> {
		await this.stop();
		if (env) this.env = { ...this.env, ...env };
		await this.launch();
	}

	/** Stops n8n and removes its folder if that was a temporary one. */
	async dispose(): Promise<void> {
		await this.stop();
		if (this.options.userFolder) return;
		await rm(this.userFolder, { recursive: true, force: true, maxRetries: 3 });
	}

	private async launch(): Promise<void> {
		const { runtime, nodeArgs = [], n8nCommand = 'start', fileFolders = [] } = this.options;
		const child = execa(runtime.nodeBinary, [...nodeArgs, runtime.n8nEntry, n8nCommand], {
			...DETACHED,
			cwd: this.userFolder,
			stdin: 'ignore',
			buffer: false,
			reject: false,
			extendEnv: false,
			env: n8nEnvironment({
				runtime,
				userFolder: this.userFolder,
				port: this.port,
				brokerPort: this.brokerPort,
				fileFolders: [this.files, ...fileFolders],
				// A worker has no web server but for this one.
				env: { ...(n8nCommand === 'worker' && workerHealth(this.port)), ...this.env },
			}),
		});
		manage(child);
		this.child = child;
		child.stdout?.on('data', this.log.add);
		child.stderr?.on('data', this.log.add);
		await until(async () => await this.isReady(child, n8nCommand === 'start'), {
			what: `n8n ${n8nCommand} to get ready`,
			timeoutMs: READY_MS,
			explain: () => this.log.tail(),
		});
	}

	private async isReady(child: ExecaChildProcess, withRest: boolean): Promise<boolean> {
		if (child.exitCode !== null || child.signalCode !== null) {
			throw new Error(`n8n ended (${child.exitCode ?? child.signalCode}):\n${this.log.tail()}`);
		}
		if (!(await answersOk(`${this.url}/healthz/readiness`))) return false;
		// The health check answers before the editor's API is in place.
		return !withRest || (await answersOk(`${this.url}/rest/settings`));
	}
}

function workerHealth(port: number): Record<string, string> {
	return { QUEUE_HEALTH_CHECK_ACTIVE: 'true', QUEUE_HEALTH_CHECK_PORT: String(port) };
}

async function answersOk(url: string): Promise<boolean> {
	try {
		const { statusCode, body } = await request(url, { headersTimeout: 5_000, bodyTimeout: 5_000 });
		await body.dump();
		return statusCode === 200;
	} catch {
		return false;
	}
}
