import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INodeTypeDescription } from 'n8n-workflow';
import { startEmulator, type Emulator } from '../emulator/emulator';
import { connect, shared } from '../testbed/jest/shared';
import type { N8nClient } from '../testbed/n8n';
import { filesIn, readFrom } from './support/tarball';

const PACKAGE = 'n8n-nodes-wavespeed-infinitetalk';
const NODE = `${PACKAGE}.waveSpeedInfiniteTalk`;
const CREDENTIAL = 'waveSpeedInfiniteTalkApi';

interface Manifest {
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	bundledDependencies?: string[];
	n8n: { nodes: string[]; credentials: string[] };
}

let client: N8nClient;
let emulator: Emulator;

beforeAll(async () => {
	client = connect();
	emulator = await startEmulator({ apiKey: 'wsk_right' });
});

afterAll(async () => {
	await emulator?.close();
	await client?.close();
});

describe('the packed package', () => {
	let files: string[];
	let manifest: Manifest;

	beforeAll(async () => {
		files = await filesIn(shared().tarball);
		manifest = JSON.parse(await readFrom(shared().tarball, 'package.json')) as Manifest;
	});

	it('holds nothing but what n8n and its readers need', () => {
		const needed = [
			/^(package\.json|README\.md|LICENSE(\.md)?|CHANGELOG\.md|index\.js)$/,
			/^dist\/(nodes|credentials)\/.*\.js$/,
			/^dist\/nodes\/.*\.node\.json$/,
			/^dist\/nodes\/.*\/__schema__\/.*\.json$/,
			/^dist\/icons\/wavespeed-infinitetalk(\.dark)?\.svg$/,
		];
		expect(files.filter((file) => !needed.some((pattern) => pattern.test(file)))).toEqual([]);
	});

	it('holds the files that its manifest names, the codex and both icons', () => {
		expect(files).toEqual(
			expect.arrayContaining([
				...manifest.n8n.nodes,
				...manifest.n8n.credentials,
				'dist/nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node.json',
				'dist/icons/wavespeed-infinitetalk.svg',
				'dist/icons/wavespeed-infinitetalk.dark.svg',
			]),
		);
	});

	it('brings no dependencies and runs nothing when it is installed', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.bundledDependencies ?? []).toEqual([]);
		const scripts = Object.keys(manifest.scripts ?? {});
		const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
		expect(scripts.filter((name) => atInstall.includes(name))).toEqual([]);
	});
});

describe('in a real n8n', () => {
	it('offers one node under the name of the package', async () => {
		const ours = await nodesOf(client);
		expect(ours.map(({ name }) => name)).toContain(NODE);
		expect(ours.find(({ name }) => name === NODE)).toMatchObject({
			displayName: 'WaveSpeed InfiniteTalk',
			credentials: [expect.objectContaining({ name: CREDENTIAL })],
		});
	});

	it('serves its light and dark icons', async () => {
		const [node] = await nodesOf(client);
		const { light, dark } = node?.iconUrl as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const url of [light, dark]) {
			const answer = await client.session.send('GET', `/${url}`);
			expect(answer.statusCode).toBe(200);
			expect(await answer.body.text()).toContain('<svg');
		}
	});

	it('is listed as an installed community package', async () => {
		const listed = await client.communityPackages();
		expect(listed).toEqual([expect.objectContaining({ packageName: PACKAGE })]);
		expect(listed[0]).not.toHaveProperty('failedLoading', true);
	});

	it('offers its credential', async () => {
		const types = await client.credentialTypes();
		expect(types.find(({ name }) => name === CREDENTIAL)).toMatchObject({
			displayName: 'WaveSpeed API',
		});
	});
});

describe('the credential test', () => {
	it('is green with a good key', async () => {
		expect(await testKey('wsk_right')).toMatchObject({ status: 'OK' });
	});

	it('is green with a good key pasted with spaces and a line break', async () => {
		expect(await testKey('  wsk_right\n')).toMatchObject({ status: 'OK' });
	});

	it('gives the sentence of the service, and not the key, with a bad one', async () => {
		const { status, message } = await testKey('wsk_wrong_and_secret');
		expect(status).toBe('Error');
		expect(message).toMatch(/key/i);
		expect(message).not.toContain('wsk_wrong_and_secret');
	});

	it('does not repeat the key when the service does', async () => {
		const body = { code: 401, message: 'The key wsk_wrong_and_secret is not known' };
		emulator.faults.add({ on: 'balance', do: { respond: { status: 401, body } } });
		const { status, message } = await testKey('wsk_wrong_and_secret');
		expect(status).toBe('Error');
		expect(message).toContain('The key *** is not known');
	});

	it('says so when nobody answers at the base URL', async () => {
		const { status, message } = await testKey('wsk_right', 'http://127.0.0.1:9');
		expect(status).toBe('Error');
		expect(message.length).toBeGreaterThan(10);
	});

	it('refuses to send the key over plain http to another host', async () => {
		const { status, message } = await testKey('wsk_right', 'http://api.example.com');
		expect(status).toBe('Error');
		expect(message).toMatch(/https/);
	});
});

async function nodesOf(n8n: N8nClient): Promise<INodeTypeDescription[]> {
	return (await n8n.nodeTypes()).filter(
		({ name }) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('Tool'),
	);
}

async function testKey(apiKey: string, baseUrl = emulator.baseUrl) {
	const credential = await client.createCredential(CREDENTIAL, { apiKey, baseUrl });
	try {
		return await client.testCredential(credential, { apiKey, baseUrl });
	} finally {
		await client.deleteCredential(credential.id);
	}
}
