import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { startEmulator, type Emulator, type EmulatorOptions } from '../emulator/emulator';
import { defaultSettings } from '../emulator/options';
import { Editor, type EditorOptions } from './editor';
import { fixture, FIXTURES, MEDIA_NAMES } from './fixtures';
import { step } from './lib/progress';
import { N8nClient, N8nProcess } from './n8n';
import type { Execution, ExecutionStatus, Login, StartOptions } from './n8n';
import type { StoredCredential } from './n8n';
import { ensureTarball } from './n8n/package';
import { ensureRuntime } from './n8n/runtime';
import {
	CREDENTIAL_TYPE,
	mediaNodes,
	NODE_TYPE,
	NODE_TYPE_VERSION,
	withNewTake,
} from './video-node';
import { node, type NodeOptions, type Parameters } from './workflow';

/** An n8n that runs already. */
export interface RunningN8n {
	/** Address without a slash at the end. */
	readonly url: string;
	/** Folder that workflows may read from and write to; holds the fixtures. */
	readonly files: string;
	/** The owner's; logging in anew counts against n8n's five logins a minute. */
	readonly login?: Login;
}

/** Where the node finds its API. */
export interface Service {
	readonly apiKey: string;
	readonly baseUrl: string;
}

export interface TestbedOptions {
	/** The n8n to join, which is left running. Without it one is started, and ended by `close()`. */
	readonly n8n?: RunningN8n;
	/** How to start that one. Runtime and package are installed and packed unless given. */
	readonly start?: Partial<StartOptions>;
	/** Options of the emulator, which runs in this process, with the fixtures on its web. */
	readonly emulator?: EmulatorOptions;
	/** The service in place of the emulator. */
	readonly service?: Service;
	/** Name of the credential; one that exists under this name is updated. */
	readonly credentialName?: string;
	/** Opens the editor in a browser. */
	readonly editor?: EditorOptions;
}

/**
 * A real n8n with our node, logged in as its owner, an emulator of the service and a credential for
 * it: what tests, bench, demo and screenshots work with. Each part is there from `open()` to
 * `close()` if the options ask for it.
 */
export class Testbed {
	url!: string;
	/** Folder that workflows may read from and write to; holds the fixtures. */
	files!: string;
	/** The n8n that was started for this testbed. */
	n8n!: N8nProcess;
	client!: N8nClient;
	emulator!: Emulator;
	service!: Service;
	/** The credential of our node. */
	credential!: StoredCredential;
	editor!: Editor;
	private readonly closing: Array<() => Promise<void>> = [];
	private options: TestbedOptions = {};

	/** @throws Error when a part cannot be started; those that were are closed again */
	static async open(options: TestbedOptions = {}): Promise<Testbed> {
		const testbed = new Testbed();
		await testbed.open(options);
		return testbed;
	}

	async open(options: TestbedOptions = {}): Promise<void> {
		this.options = options;
		try {
			const { url, files, login } = options.n8n ?? (await this.start(options.start));
			Object.assign(this, { url, files });
			this.client = new N8nClient(url, login);
			this.onClose(async () => await this.client.close());
			if (!login) await this.client.login();
			this.service = options.service ?? (await this.startEmulator());
			this.credential = await this.saveCredential(options.credentialName);
			if (options.editor) {
				this.editor = await Editor.open(url, options.editor);
				this.onClose(async () => await this.editor.close());
			}
		} catch (error) {
			await this.close();
			throw error;
		}
	}

	/** Adds work to do on `close()`, before what was added earlier. */
	onClose(work: () => Promise<void>): void {
		this.closing.push(work);
	}

	/** Ends all that was started, the latest first. */
	async close(): Promise<void> {
		for (const end of this.closing.splice(0).reverse()) await end();
	}

	/** For another testbed to join the same n8n without logging in. */
	get running(): RunningN8n {
		return { url: this.url, files: this.files, login: this.client.session.login };
	}

	/** Forgets what the emulator has seen, and how it was set since `open()`. */
	async reset(): Promise<void> {
		this.emulator.setOptions({ ...defaultSettings, ...this.options.emulator });
		await this.emulator.reset();
	}

	/** Our node with the credential, and with a new take for each job unless the options say otherwise. */
	videoNode(name: string, parameters: Parameters = {}, options: NodeOptions = {}): INode {
		return node(name, NODE_TYPE, withNewTake(parameters), {
			typeVersion: NODE_TYPE_VERSION,
			use: [this.credential],
			...options,
		});
	}

	/** Three nodes that read the fixtures, for `FROM_NODES`. */
	mediaNodes(): INode[] {
		return mediaNodes(this.files);
	}

	/** Starts a saved workflow by hand and waits for its end, or for one of some statuses. */
	async run(workflowId: string, ...statuses: ExecutionStatus[]): Promise<Execution> {
		const id = await this.client.run(workflowId, 'Start');
		return await this.client.waitFor(id, statuses.length > 0 ? statuses : undefined);
	}

	private async start(options: Partial<StartOptions> = {}): Promise<RunningN8n> {
		const runtime = options.runtime ?? (await ensureRuntime());
		const tarball = options.tarball ?? (await ensureTarball());
		const start = async () => await N8nProcess.start({ ...options, runtime, tarball });
		this.n8n = await step('Starting n8n', start);
		this.onClose(async () => await this.n8n.dispose());
		for (const name of MEDIA_NAMES) {
			await copyFile(path.join(FIXTURES, name), path.join(this.n8n.files, name));
		}
		return this.n8n;
	}

	private async startEmulator(): Promise<Service> {
		this.emulator = await startEmulator(this.options.emulator);
		for (const name of MEDIA_NAMES) this.emulator.host(name, fixture(name));
		this.onClose(async () => await this.emulator.close());
		return { apiKey: this.emulator.settings.apiKey, baseUrl: this.emulator.baseUrl };
	}

	private async saveCredential(name = `WaveSpeed ${randomUUID()}`): Promise<StoredCredential> {
		const { client } = this;
		const { apiKey, baseUrl } = this.service;
		const known = (await client.credentials()).find((each) => each.name === name);
		if (known) return await client.updateCredential(known, { apiKey, baseUrl });
		return await client.createCredential(CREDENTIAL_TYPE, { apiKey, baseUrl }, name);
	}
}
