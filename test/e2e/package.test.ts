import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { CREDENTIAL_TYPE, NODE_TYPE, PACKAGE, ROOT, shared, useTestbed } from '../testbed';
import { runCommand } from '../testbed/lib/command';
import { packCopy } from '../testbed/n8n/package';

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

it('n8n offers one node and its credential, and serves the light and dark icon', async () => {
	const nodes = (await client.nodeTypes()).filter(({ name }) => name.startsWith(`${PACKAGE}.`));
	const [ours, ...others] = nodes.filter(({ name }) => !name.endsWith('Tool'));
	expect(others).toEqual([]);
	expect(ours).toMatchObject({
		name: NODE_TYPE,
		displayName: 'WaveSpeed InfiniteTalk',
		credentials: [expect.objectContaining({ name: CREDENTIAL_TYPE })],
	});
	const credential = { name: CREDENTIAL_TYPE, displayName: 'WaveSpeed API' };
	expect(await client.credentialTypes()).toContainEqual(expect.objectContaining(credential));
	const { light, dark } = ours!.iconUrl as { light: string; dark: string };
	expect(light).not.toBe(dark);
	for (const url of [light, dark]) {
		const answer = await client.session.send('GET', `/${url}`);
		expect(answer.statusCode).toBe(200);
		expect(await answer.body.text()).toContain('<svg');
	}
});

it.each([
	['a good key', 'wsk_right', undefined, 'OK', /works/],
	['a bad key', 'wsk_wrong', undefined, 'Error', /the API key is invalid/],
	['plain http to another host', 'wsk_right', 'http://api.example.com', 'Error', /https/],
])('the credential test tells with %s how things stand', async (...given) => {
	const [, apiKey, baseUrl = emulator.baseUrl, status, message] = given;
	const data = { apiKey, baseUrl };
	const credential = await client.createCredential(CREDENTIAL_TYPE, data);
	expect(await client.testCredential(credential, data)).toMatchObject({
		status,
		message: expect.stringMatching(message),
	});
});
