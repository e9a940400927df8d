import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { INodeTypeDescription } from 'n8n-workflow';
import { shared } from '../testbed/jest/shared';
import { runCommand } from '../testbed/lib/command';
import { ROOT } from '../testbed/lib/paths';
import { packCopy } from '../testbed/n8n/package';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE, NODE_TYPE, PACKAGE } from '../testbed/video-node';

interface Manifest {
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	bundledDependencies?: string[];
	n8n: { nodes: string[]; credentials: string[] };
}

const { client, emulator } = useTestbed({ emulator: { apiKey: 'wsk_right' } });

describe('the packed package', () => {
	let files: string[];
	let manifest: Manifest;

	beforeAll(async () => {
		const tar = async (...args: string[]) => await runCommand('tar', args, { cwd: ROOT });
		const { tarball } = shared();
		const list = (await tar('-tzf', tarball)).split('\n');
		files = list.flatMap((line) => /^package\/(.*[^/])$/.exec(line)?.[1] ?? []);
		manifest = JSON.parse(await tar('-xzOf', tarball, 'package/package.json')) as Manifest;
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
		expect(types.find(({ name }) => name === CREDENTIAL_TYPE)).toMatchObject({
			displayName: 'WaveSpeed API',
		});
	});
});

describe('the credential test', () => {
	it.each([
		['a good key', 'wsk_right', undefined, 'OK', /works/],
		['a bad key', 'wsk_wrong', undefined, 'Error', /the API key is invalid/],
		[
			'an address where nobody answers',
			'wsk_right',
			'http://127.0.0.1:9',
			'Error',
			/connection was refused/,
		],
		['plain http to another host', 'wsk_right', 'http://api.example.com', 'Error', /https/],
	])('tells with %s how things stand', async (_what, key, baseUrl, status, message) => {
		expect(await testKey(key, baseUrl)).toMatchObject({
			status,
			message: expect.stringMatching(message),
		});
	});
});

async function ourNodes(): Promise<INodeTypeDescription[]> {
	return (await client.nodeTypes()).filter(
		({ name }) => name.startsWith(`${PACKAGE}.`) && !name.endsWith('Tool'),
	);
}

async function testKey(apiKey: string, baseUrl = emulator.baseUrl) {
	const credential = await client.createCredential(CREDENTIAL_TYPE, { apiKey, baseUrl });
	try {
		return await client.testCredential(credential, { apiKey, baseUrl });
	} finally {
		await client.deleteCredential(credential.id);
	}
}
