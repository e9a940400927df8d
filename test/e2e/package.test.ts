import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CREDENTIAL_TYPE, NODE_TYPE, PACKAGE, ROOT, shared, useTestbed } from '../testbed';
import { runCommand } from '../testbed/lib/command';
import { cleanEnv } from '../testbed/lib/npm';
import { packCopy } from '../testbed/n8n/package';

interface Manifest {
	scripts?: Record<string, string>;
	dependencies?: Record<string, string>;
	bundledDependencies?: string[];
}

const { client, emulator } = useTestbed({ emulator: { apiKey: 'wsk_right' } });

/** What the scanner answers about a folder. */
interface Verdict {
	passed: boolean;
	message?: string;
	details?: string;
}

const SCANNER = path.join(
	...[ROOT, 'node_modules', '@n8n', 'scan-community-package', 'scanner', 'scanner.mjs'],
);

/**
 * The two parts of `npx @n8n/scan-community-package`, which itself only knows published packages: the
 * rules for what npm delivers, and the rules for the sources that npm's provenance names.
 */
const SCRIPT = `
const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(process.argv[1]);
const patterns = { package: ['**/*.js', 'package.json'], source: SOURCE_FILE_PATTERNS };
const verdicts = [];
for (const part of ['package', 'source']) {
  verdicts.push(await analyzePackage(process.argv[2] + '/' + part, patterns[part]));
}
console.log(JSON.stringify(verdicts));
`;

/**
 * In a process of its own: jest cannot load the scanner's modules. And not with the NODE_ENV of jest,
 * by which n8n's ESLint rules believe that they are being tested themselves.
 */
async function scan(folder: string): Promise<Verdict[]> {
	const script = ['--no-warnings', '--input-type=module', '-e', SCRIPT];
	const printed = await runCommand(
		process.execPath,
		[...script, pathToFileURL(SCANNER).href, folder],
		{ cwd: folder, env: { ...cleanEnv(), NODE_ENV: 'production', TMPDIR: folder } },
	);
	return JSON.parse(printed.trim().split('\n').at(-1) ?? '') as Verdict[];
}

describe('the packed package', () => {
	let folder: string;
	/** What npm delivers, unpacked. */
	let delivered: string;
	let files: string[];
	let manifest: Manifest;

	beforeAll(async () => {
		folder = await mkdtemp(path.join(tmpdir(), 'package-test-'));
		delivered = path.join(folder, 'package');
		await runCommand('tar', ['-xzf', shared().tarball, '-C', folder], { cwd: folder });
		const entries = await readdir(delivered, { recursive: true, withFileTypes: true });
		files = entries
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) => path.relative(delivered, path.join(parentPath, name)))
			.map((file) => file.replaceAll(path.sep, '/'));
		const text = await readFile(path.join(delivered, 'package.json'), 'utf8');
		manifest = JSON.parse(text) as Manifest;
	});

	afterAll(async () => await rm(folder, { recursive: true, force: true }));

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

	it('brings no dependencies and runs nothing when it is installed', () => {
		expect(manifest.dependencies ?? {}).toEqual({});
		expect(manifest.bundledDependencies ?? []).toEqual([]);
		const scripts = Object.keys(manifest.scripts ?? {});
		const atInstall = ['preinstall', 'install', 'postinstall', 'prepare', 'prepublish'];
		expect(scripts.filter((name) => atInstall.includes(name))).toEqual([]);
	});

	it('has the same bytes when it is built again, in another folder', async () => {
		const again = await readFile(await packCopy(path.join(folder, 'again')));
		expect(again.equals(await readFile(shared().tarball))).toBe(true);
	});

	it('and its sources leave n8n’s scanner nothing to say, which would speak up', async () => {
		for (const part of ['package.json', 'nodes', 'credentials', 'icons']) {
			await cp(path.join(ROOT, part), path.join(folder, 'source', part), { recursive: true });
		}
		expect(await scan(folder)).toEqual([{ passed: true }, { passed: true }]);

		const wrong = "console.log(require('fs'), process.env);\n";
		await writeFile(path.join(delivered, 'dist', 'nodes', 'wrong.js'), wrong);
		const [aboutPackage] = await scan(folder);
		expect(aboutPackage).toMatchObject({ passed: false, message: 'ESLint violations found' });
		for (const rule of ['no-console', 'no-restricted-imports', 'no-restricted-globals']) {
			expect(aboutPackage!.details).toContain(rule);
		}
	});
});

it('n8n offers one node with its codex and its credential, and serves both icons', async () => {
	const nodes = (await client.nodeTypes()).filter(({ name }) => name.startsWith(`${PACKAGE}.`));
	const [ours, ...others] = nodes.filter(({ name }) => !name.endsWith('Tool'));
	expect(others).toEqual([]);
	expect(ours).toMatchObject({
		name: NODE_TYPE,
		displayName: 'WaveSpeed InfiniteTalk',
		codex: { categories: expect.any(Array) },
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
