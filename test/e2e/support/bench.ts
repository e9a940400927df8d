import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { startEmulator, type Emulator, type EmulatorOptions } from '../../emulator/emulator';
import { N8nClient, type Execution, type Login, type StoredCredential } from '../../testbed/n8n';
import { node, readFile, type NodeOptions, type Parameters } from '../../testbed/workflow';

export const PACKAGE = 'n8n-nodes-wavespeed-infinitetalk';
export const CREDENTIAL = 'waveSpeedInfiniteTalkApi';
export const FIXTURES = path.join(__dirname, '..', '..', 'fixtures');

/** A logged-in n8n and an emulator that it has a credential for. */
export interface Workbench {
	readonly client: N8nClient;
	readonly emulator: Emulator;
	readonly credential: StoredCredential;
	/** Folder that workflows may read from; holds the fixtures. */
	readonly files: string;
	close(): Promise<void>;
}

export async function createWorkbench(
	n8n: { url: string; files: string; login?: Login },
	options: EmulatorOptions = {},
): Promise<Workbench> {
	const client = new N8nClient(n8n.url, n8n.login);
	if (!n8n.login) await client.login();
	const emulator = await startEmulator({ render: 'stub', webhookBackoffSeconds: 0.5, ...options });
	const credential = await client.createCredential(
		CREDENTIAL,
		{ apiKey: emulator.settings.apiKey, baseUrl: emulator.baseUrl },
		`WaveSpeed ${randomUUID()}`,
	);
	for (const file of ['pair.png', 'left-tone.wav', 'right-tone.wav', 'left-voice.wav']) {
		await copyFile(path.join(FIXTURES, file), path.join(n8n.files, file));
	}
	return {
		client,
		emulator,
		credential,
		files: n8n.files,
		async close() {
			await emulator.close();
			await client.close();
		},
	};
}

/** Our node with the credential of the bench. */
export function talk(
	bench: Workbench,
	name: string,
	parameters: Parameters = {},
	options: NodeOptions = {},
): INode {
	return node(name, `${PACKAGE}.waveSpeedInfiniteTalk`, parameters, {
		use: [bench.credential],
		...options,
	});
}

/** Three nodes that read the fixtures, for media fields by expression: see {@link FROM_NODES}. */
export function mediaNodes(bench: Workbench): INode[] {
	return [
		readFile('Picture', path.join(bench.files, 'pair.png')),
		readFile('Left voice', path.join(bench.files, 'left-tone.wav')),
		readFile('Right voice', path.join(bench.files, 'right-tone.wav')),
	];
}

/** One of the media fields. */
export function media(mode: 'binary' | 'url', value: string) {
	return { __rl: true, mode, value };
}

/** The media fields with the files of {@link mediaNodes}. */
export const FROM_NODES: Parameters = {
	image: media('binary', "={{ $('Picture').first().binary.data }}"),
	leftAudio: media('binary', "={{ $('Left voice').first().binary.data }}"),
	rightAudio: media('binary', "={{ $('Right voice').first().binary.data }}"),
};

/** Starts a saved workflow by hand and waits for its end, or for a status. */
export async function runToEnd(
	bench: Workbench,
	workflowId: string,
	...statuses: Array<Execution['status']>
): Promise<Execution> {
	const id = await bench.client.run(workflowId, 'Start');
	return statuses.length > 0
		? await bench.client.waitFor(id, statuses)
		: await bench.client.waitFor(id);
}
