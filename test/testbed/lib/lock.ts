import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { clock, say } from './progress';

const TOUCH_MS = 5_000;
const STALE_MS = 60_000;
const LOOK_AGAIN_MS = 500;
const TELL_MS = 15_000;

/**
 * Does some work while no other process does work under the same lock file. The owner touches the
 * file every 5 s; one whose owner has ended, or that nobody has touched for a minute, is taken over.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
	const started = Date.now();
	let told = started;
	let release = await tryLock(file);
	while (!release) {
		if (Date.now() - told >= TELL_MS) {
			told = Date.now();
			say(`  … waiting for another set-up to finish: ${clock(told - started)} so far`);
		}
		await delay(LOOK_AGAIN_MS);
		release = await tryLock(file);
	}
	try {
		return await work();
	} finally {
		await release();
	}
}

/** Takes a lock if nobody has it; returns the function that gives it back, else `undefined`. */
export async function tryLock(file: string): Promise<(() => Promise<void>) | undefined> {
	await mkdir(path.dirname(file), { recursive: true });
	if (!(await create(file))) {
		if (!(await isStale(file))) return undefined;
		await takeAway(file);
		if (!(await create(file))) return undefined;
	}
	const touch = setInterval(() => {
		const now = new Date();
		utimes(file, now, now).catch(() => undefined);
	}, TOUCH_MS);
	touch.unref();
	return async () => {
		clearInterval(touch);
		await rm(file, { force: true });
	};
}

async function create(file: string): Promise<boolean> {
	try {
		const handle = await open(file, 'wx');
		await handle.writeFile(JSON.stringify({ pid: process.pid, host: hostname() }));
		await handle.close();
		return true;
	} catch (error) {
		if (isCode(error, 'EEXIST')) return false;
		throw error;
	}
}

async function isStale(file: string): Promise<boolean> {
	try {
		const { mtimeMs } = await stat(file);
		if (Date.now() - mtimeMs > STALE_MS) return true;
		const owner: unknown = JSON.parse(await readFile(file, 'utf8'));
		if (!isOwner(owner) || owner.host !== hostname()) return false;
		return !isAlive(owner.pid);
	} catch {
		// Being written or just released: look again.
		return false;
	}
}

/** Renamed before it is removed, so that of two who find it stale only one removes it. */
async function takeAway(file: string): Promise<void> {
	const aside = `${file}.stale-${process.pid}`;
	try {
		await rename(file, aside);
		await rm(aside, { force: true });
	} catch (error) {
		if (!isCode(error, 'ENOENT')) throw error;
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return isCode(error, 'EPERM');
	}
}

function isOwner(value: unknown): value is { pid: number; host: string } {
	return typeof value === 'object' && value !== null && 'pid' in value && 'host' in value;
}

function isCode(error: unknown, code: string): boolean {
	// Not by class: in a test, errors of Node itself are of another realm's class.
	return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
