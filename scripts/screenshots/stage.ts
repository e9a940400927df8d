import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import manifest from '../../package.json';
import { Editor } from '../../test/testbed/editor';
import { startEmulator, type Emulator } from '../../test/emulator/emulator';
import { readExample } from '../../test/testbed/example';
import {
	N8nClient,
	registerPackage,
	startN8n,
	type StoredCredential,
} from '../../test/testbed/n8n';
import { ROOT } from '../../test/testbed/lib/paths';
import { namesIn } from '../../test/testbed/lib/npm';
import { step } from '../../test/testbed/lib/progress';
import { ensureRuntime } from '../../test/testbed/n8n/runtime';
import { ensureTarball } from '../../test/testbed/n8n/package';

const EXAMPLE = path.join(ROOT, 'examples', 'files-to-video.json');
const FIXTURES = path.join(ROOT, 'test', 'fixtures');

/** A real n8n with the node, an emulator, and the editor of somebody who has it all set up. */
export interface Stage {
	readonly client: N8nClient;
	readonly emulator: Emulator;
	readonly editor: Editor;
	/** The node of the first example that makes the video. */
	readonly node: string;
	/** Saves the first example, with other parameters for that node, and opens it. */
	openExample(parameters?: Record<string, unknown>, apiKey?: string): Promise<void>;
	close(): Promise<void>;
}

export async function buildStage(): Promise<Stage> {
	const runtime = await ensureRuntime();
	const tarball = await ensureTarball();
	const n8n = await step('Starting n8n', async () => await startN8n({ runtime, tarball }));
	const client = new N8nClient(n8n.url);
	await client.login();
	await registerPackage(client, manifest, { runtime, userFolder: n8n.userFolder });
	const emulator = await startEmulator({ jobSeconds: 0 });
	for (const name of namesIn(FIXTURES).filter((file) => /\.(png|wav)$/.test(file))) {
		await copyFile(path.join(FIXTURES, name), path.join(n8n.files, name));
	}
	const editor = await Editor.open(n8n.url, { width: 1360, height: 860 });
	const create = async (apiKey: string): Promise<StoredCredential> =>
		await client.createCredential(
			'waveSpeedInfiniteTalkApi',
			{ apiKey, baseUrl: emulator.baseUrl },
			'WaveSpeed account',
		);
	const good = await create(emulator.settings.apiKey);
	const example = await readExample(EXAMPLE, { folder: n8n.files, credentials: [good] });
	const ours = example.nodes.find(({ type }) => type.startsWith(`${manifest.name}.`));
	if (!ours) throw new Error('The first example has no node of ours.');

	return {
		client,
		emulator,
		editor,
		node: ours.name,
		async openExample(parameters = {}, apiKey) {
			await emulator.reset();
			const { id, name, type } = apiKey === undefined ? good : await create(apiKey);
			const changed = {
				...ours,
				parameters: { ...ours.parameters, ...parameters } as typeof ours.parameters,
				credentials: { [type]: { id, name } },
			};
			const nodes = example.nodes.map((node) => (node === ours ? changed : node));
			const flow = await client.createWorkflow({ ...example, nodes });
			await editor.openWorkflow(flow.id);
		},
		async close() {
			await editor.close();
			await emulator.close();
			await client.close();
			await n8n.dispose();
		},
	};
}
