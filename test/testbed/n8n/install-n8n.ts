import { existsSync } from 'node:fs';
import { copyFile, cp, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { cleanEnv, withPathFirst } from '../lib/npm';
import { LOCKFILE } from '../lib/paths';
import { pnpmInstall, type Manifest } from '../lib/pnpm';
import { step } from '../lib/progress';
import type { Versions } from '../versions';
import { nodeBinaryIn, storeIn } from './install-node';

/** Those of n8n's packages that are built on this machine, unless they bring what fits it. */
export const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/**
 * Installs an n8n beside its Node.js: what the lockfile says where there is one, else what the registry has today. The
 * native modules are built in a folder of their own while the many other packages arrive.
 *
 * @param dir of the runtime, with its Node.js
 * @throws Error when the installation fails
 */
export async function installN8n(dir: string, versions: Versions, logFile: string): Promise<void> {
	if (versions.isLocked) await copyFile(LOCKFILE, lockfileIn(dir));
	else await resolvePackages(dir, versions, logFile);
	const native = nativeVersions(await readFile(lockfileIn(dir), 'utf8'));
	// Without install scripts: some fetch what is not reachable everywhere, and only those two are needed.
	const args = ['--frozen-lockfile', '--ignore-scripts'];
	const options = { store: storeIn(dir), logFile };
	await Promise.all([
		step(`Downloading n8n ${versions.n8n}`, async () => {
			await pnpmInstall(dir, manifestOf(versions), args, options);
		}),
		step('Building its native modules', async () => await build(dir, native, logFile)),
	]);
	await moveBuilt(dir, Object.keys(native));
	await rm(storeIn(dir), { recursive: true, maxRetries: 3 });
}

/**
 * Writes a lockfile with what the registry has today.
 *
 * @returns its path
 */
export async function resolvePackages(
	dir: string,
	versions: Versions,
	logFile: string,
): Promise<string> {
	await step(`Looking up the packages of n8n ${versions.n8n}`, async () => {
		const options = { store: storeIn(dir), logFile };
		await pnpmInstall(dir, manifestOf(versions), ['--lockfile-only'], options);
	});
	return lockfileIn(dir);
}

function lockfileIn(dir: string): string {
	return path.join(dir, 'pnpm-lock.yaml');
}

function manifestOf({ n8n, overrides }: Versions): Manifest {
	return { dependencies: { n8n }, overrides };
}

/** Versions of the native modules, by name; isolated-vm is not in each n8n. */
function nativeVersions(lockfile: string): Record<string, string> {
	const found = NATIVE_MODULES.flatMap((name) => {
		const version = new RegExp(`^  ${name}@([\\d.]+):$`, 'm').exec(lockfile)?.[1];
		return version === undefined ? [] : [[name, version] as const];
	});
	return Object.fromEntries(found);
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
async function moveBuilt(dir: string, names: readonly string[]): Promise<void> {
	for (const name of names) {
		const from = path.join(nativeFolder(dir), 'node_modules', name);
		await cp(from, path.join(dir, 'node_modules', name), {
			recursive: true,
			filter: (source) => !path.relative(from, source).startsWith('node_modules'),
		});
	}
	await rm(nativeFolder(dir), { recursive: true, maxRetries: 3 });
}
