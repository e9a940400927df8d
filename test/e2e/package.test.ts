import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { INodeTypeDescription } from 'n8n-workflow';
import { shared } from '../testbed/jest/shared';
import { packCopy } from '../testbed/n8n/package';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE, NODE_TYPE, PACKAGE } from '../testbed/video-node';
import { filesIn, readFrom } from './support/tarball';

interface Manifest {
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	bundledDependencies?: string[];
	n8n: { nodes: string[]; credentials: string[] };
}

const testbed = useTestbed({ emulator: { apiKey: 'wsk_right' } });

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

	it('has the same bytes when it is built again, in another folder', async () => {
		const folder = await mkdtemp(path.join(tmpdir(), 'build-again-'));
		try {
			const again = await readFile(await packCopy(folder));
			expect(again.equals(await readFile(shared().tarball))).toBe(true);
		} finally {
			await rm(folder, { recursive: true, force: true });
		}
	});
});

describe('in a real n8n', () => {
	it('offers one node under the name of the package', async () => {
		const ours = await ourNodes();
		expect(ours.map(({ name }) => name)).toContain(NODE_TYPE);
		expect(ours.find(({ name }) => name === NODE_TYPE)).toMatchObject({
			displayName: 'WaveSpeed InfiniteTalk',
			credentials: [expect.objectContaining({ name: CREDENTIAL_TYPE })],
		});
	});

	it('serves its light and dark icons', async () => {
		const [node] = await ourNodes();
		const { light, dark } = node?.iconUrl as { light: string; dark: string };
		expect(light).not.toBe(dark);
		for (const url of [light, dark]) {
			const answer = await testbed.client.session.send('GET', `/${url}`);
			expect(answer.statusCode).toBe(200);
			expect(await answer.body.text()).toContain('<svg');
		}
	});

	it('is listed as an installed community package', async () => {
		const listed = await testbed.client.communityPackages();
		expect(listed).toEqual([expect.objectContaining({ packageName: PACKAGE })]);
		expect(listed[0]).not.toHaveProperty('failedLoading', true);
	});

	it('offers its credential', async () => {
		const types = await testbed.client.credentialTypes();
		expect(types.find(({ name }) => name === CREDENTIAL_TYPE)).toMatchObject({
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
		testbed.emulator.faults.add({ on: 'balance', do: { respond: { status: 401, body } } });
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

async function ourNodes(): Promise<INodeTypeDescription[]> {
	return (await testbed.client.nodeTypes()).filter(
		({ name }) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('Tool'),
	);
}

async function testKey(apiKey: string, baseUrl = testbed.emulator.baseUrl) {
	const credential = await testbed.client.createCredential(CREDENTIAL_TYPE, { apiKey, baseUrl });
	try {
		return await testbed.client.testCredential(credential, { apiKey, baseUrl });
	} finally {
		await testbed.client.deleteCredential(credential.id);
	}
}
