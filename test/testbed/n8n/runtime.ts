import { existsSync } from 'node:fs';
import { mkdir, rename, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { runCommand } from '../lib/command';
import { withLock } from '../lib/lock';
import { cleanEnv, namesIn, withPathFirst } from '../lib/npm';
import { CACHE_VARIABLE, runtimeDir } from '../lib/paths';
import { say, step } from '../lib/progress';
import { PINNED, type Versions } from '../versions';
import { installNode, nodeBinaryIn } from './install-node';
import { installN8n, NATIVE_MODULES } from './install-n8n';

/** A Node.js that can run n8n, and n8n itself. */
export interface Runtime {
	readonly nodeBinary: string;
	/** n8n's start script, to be run with `nodeBinary`. */
	readonly n8nEntry: string;
	readonly dir: string;
}

const NEEDED_BYTES = 4e9;
const MARKER = 'complete.json';

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
	return existsSync(path.join(dir, MARKER));
}

function locate(dir: string): Runtime {
	const n8nEntry = path.join(dir, 'node_modules', 'n8n', 'bin', 'n8n');
	return { dir, nodeBinary: nodeBinaryIn(dir), n8nEntry };
}

async function install(dir: string, versions: Versions): Promise<void> {
	const parent = path.dirname(dir);
	await mkdir(parent, { recursive: true });
	await removeLeftovers(dir);
	await checkSpace(parent);
	const { n8n, node } = versions;
	say(`Setting up n8n ${n8n} with Node.js ${node}: once, some minutes, 2 to 3 GB`);
	say(`into ${dir}`);

	const work = `${dir}.tmp-${process.pid}`;
	const logFile = `${dir}.log`;
	await rm(logFile, { force: true });
	await mkdir(work);
	await step(`Downloading Node.js ${node}`, async () => await installNode(work, node, logFile));
	await installN8n(work, versions, logFile);
	await step('Checking that it starts', async () => await check(locate(work), n8n));
	await writeFile(path.join(work, MARKER), JSON.stringify({ n8n, node }));
	await moveTo(work, dir);
}

async function check({ nodeBinary, n8nEntry, dir }: Runtime, expected: string): Promise<void> {
	const env = { ...withPathFirst(path.dirname(nodeBinary), cleanEnv()), N8N_USER_FOLDER: dir };
	const modules = path.join(dir, 'node_modules');
	// isolated-vm is not in each n8n.
	const native = NATIVE_MODULES.filter((name) => existsSync(path.join(modules, name)));
	const load = ['-e', `${JSON.stringify(native)}.forEach(require)`];
	await runCommand(nodeBinary, load, { cwd: dir, env, timeoutMs: 60_000 });
	const options = { cwd: dir, env, timeoutMs: 120_000 };
	const answer = (await runCommand(nodeBinary, [n8nEntry, '--version'], options)).trim();
	if (answer.split('\n').at(-1)?.trim() === expected) return;
	throw new Error(`n8n --version answered "${answer}" instead of ${expected}.`);
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
