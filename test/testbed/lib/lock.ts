import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { lock, type LockOptions } from 'proper-lockfile';
import { heartbeat } from './progress';

/** A lock whose owner has ended is free again after `stale` milliseconds. */
const OPTIONS: LockOptions = { realpath: false, stale: 15_000, update: 5_000 };
const POLL_MS = 500;

/** Does some work while no other process does work under the lock of the same name (a path). */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
	await mkdir(path.dirname(name), { recursive: true });
	const stopHeartbeat = heartbeat('waiting for another set-up to finish');
	const retries = { forever: true, minTimeout: POLL_MS, maxTimeout: POLL_MS };
	const release = await lock(name, { ...OPTIONS, retries }).finally(stopHeartbeat);
	try {
		return await work();
	} finally {
		await release();
	}
}

/** Takes a lock if nobody has it; returns the function that gives it back, else `undefined`. */
export async function tryLock(name: string): Promise<(() => Promise<void>) | undefined> {
	await mkdir(path.dirname(name), { recursive: true });
	try {
		return await lock(name, OPTIONS);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ELOCKED') return undefined;
		throw error;
	}
}
