import { existsSync, readFileSync } from 'node:fs';
import { copyFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { cleanEnv, npm, withPathFirst } from '../lib/npm';
import { LOCKFILE } from '../lib/paths';
import { pnpmInstall } from '../lib/pnpm';
import { step } from '../lib/progress';
import type { Versions } from '../versions';
import { nodeBinaryIn, storeIn } from './install-node';

/** Those of n8n's packages that are built on this machine, unless they bring what fits it. */
export const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/**
 * Installs an n8n beside its Node.js: what the lockfile says where there is one, and its native modules are built while
 * the many other packages arrive; else what npm gives people today.
 *
 * @param dir of the runtime, with its Node.js
 * @throws Error when the installation fails
 */
export async function installN8n(dir: string, versions: Versions, logFile: string): Promise<void> {
	const { n8n, isLocked } = versions;
	const download = async () =>
		await step(`Downloading n8n ${n8n}`, async () => {
			await (isLocked ? downloadLocked(dir, n8n, logFile) : downloadLatest(dir, versions, logFile));
		});
	const buildNative = async (native: Record<string, string>) =>
		await step('Building its native modules', async () => await build(dir, native, logFile));
	if (isLocked) await Promise.all([download(), buildNative(await lockedVersions())]);
	else await download().then(async () => await buildNative(installedVersions(dir)));
	await moveBuilt(dir);
	await rm(storeIn(dir), { recursive: true, maxRetries: 3 });
}

/**
 * Without install scripts: some of n8n's dependencies fetch prebuilt binaries from places that are not reachable
 * everywhere, and only two of them are needed.
 */
async function downloadLocked(dir: string, n8n: string, logFile: string): Promise<void> {
	await copyFile(LOCKFILE, path.join(dir, 'pnpm-lock.yaml'));
	const args = ['--frozen-lockfile', '--ignore-scripts'];
	const options = { store: storeIn(dir), logFile };
	await pnpmInstall(dir, { dependencies: { n8n } }, args, options);
}

async function downloadLatest(
	dir: string,
	{ n8n, overrides = {} }: Versions,
	logFile: string,
): Promise<void> {
	const manifest = { name: 'n8n-runtime', private: true, dependencies: { n8n }, overrides };
	await writeFile(path.join(dir, 'package.json'), JSON.stringify(manifest, null, '\t'));
	const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
	await npm(['install', ...options, '--fetch-retries=5'], { cwd: dir, logFile });
}

/**
 * Writes a lockfile for an n8n with what the registry has today.
 *
 * @param folder an empty one
 * @returns its path
 */
export async function lockPackages(folder: string, n8n: string): Promise<string> {
	await step(`Looking up the packages of n8n ${n8n}`, async () => {
		const options = { store: storeIn(folder) };
		await pnpmInstall(folder, { dependencies: { n8n } }, ['--lockfile-only'], options);
	});
	return path.join(folder, 'pnpm-lock.yaml');
}

/** Versions of the native modules in the lockfile, by name. */
async function lockedVersions(): Promise<Record<string, string>> {
	const lockfile = await readFile(LOCKFILE, 'utf8');
	return versionsBy((name) => new RegExp(`^  ${name}@([\\d.]+):$`, 'm').exec(lockfile)?.[1]);
}

function installedVersions(dir: string): Record<string, string> {
	return versionsBy((name) => {
		const file = path.join(dir, 'node_modules', name, 'package.json');
		if (!existsSync(file)) return undefined;
		return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
	});
}

/** isolated-vm is not in each n8n. */
function versionsBy(find: (name: string) => string | undefined): Record<string, string> {
	return Object.fromEntries(
		NATIVE_MODULES.flatMap((name) => {
			const version = find(name);
			return version === undefined ? [] : [[name, version]];
		}),
	);
}

function nativeFolder(dir: string): string {
	return path.join(dir, 'native');
}

async function build(
	dir: string,
	dependencies: Record<string, string>,
	logFile: string,
): Promise<void> {
	const nodeBinary = nodeBinaryIn(dir);
	const env = withPathFirst(path.dirname(nodeBinary), cleanEnv());
	// The Linux and macOS packages bring Node's headers: nothing to download, and the right version.
	const headers = path.resolve(path.dirname(nodeBinary), '..');
	if (existsSync(path.join(headers, 'include', 'node', 'node_version.h'))) {
		env.npm_config_nodedir = headers;
	}
	const options = { store: storeIn(dir), nodeBinary, env, logFile };
	// sqlite3 brings a node-gyp that is too old for the Python of today; pnpm has one of its own.
	const overrides = { 'sqlite3>node-gyp': '-' };
	await pnpmInstall(nativeFolder(dir), { dependencies, overrides }, ['--no-lockfile'], options);
}

/** Puts what was built into the packages of n8n. */
async function moveBuilt(dir: string): Promise<void> {
	for (const name of NATIVE_MODULES) {
		const from = path.join(nativeFolder(dir), 'node_modules', name);
		if (!existsSync(from)) continue;
		await cp(from, path.join(dir, 'node_modules', name), {
			recursive: true,
			filter: (source) => !path.relative(from, source).startsWith('node_modules'),
		});
	}
	await rm(nativeFolder(dir), { recursive: true, maxRetries: 3 });
}
