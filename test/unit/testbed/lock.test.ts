import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { tryLock, withLock } from '../../testbed/lib/lock';

let folder: string;
let file: string;

beforeEach(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
	file = path.join(folder, 'deep', 'the.lock');
});

afterEach(async () => {
	await rm(folder, { recursive: true, force: true });
});

describe('a lock', () => {
	it('is held by one at a time', async () => {
		const release = await tryLock(file);
		expect(release).toBeDefined();
		expect(await tryLock(file)).toBeUndefined();
		await release?.();
		const again = await tryLock(file);
		expect(again).toBeDefined();
		await again?.();
	});

	it('makes works wait for each other', async () => {
		const events: string[] = [];
		const work = (name: string) => async () => {
			events.push(`${name} begins`);
			await new Promise((resolve) => setImmediate(resolve));
			events.push(`${name} ends`);
		};
		await Promise.all([withLock(file, work('a')), withLock(file, work('b'))]);
		expect(events).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
	});

	it('is given back when the work fails', async () => {
		const failing = withLock(file, async () => await Promise.reject(new Error('no luck')));
		await expect(failing).rejects.toThrow('no luck');
		expect(await readdir(path.dirname(file))).toEqual([]);
	});

	it('is taken over when its owner has ended', async () => {
		const release = await tryLock(file);
		await release?.();
		// No system gives out a process number this high.
		await writeFile(file, JSON.stringify({ pid: 2 ** 30, host: hostname() }));
		const taken = await tryLock(file);
		expect(taken).toBeDefined();
		await taken?.();
	});

	it('is not taken over from another machine until nobody has touched it for a minute', async () => {
		const release = await tryLock(file);
		await release?.();
		await writeFile(file, JSON.stringify({ pid: 1, host: 'elsewhere' }));
		expect(await tryLock(file)).toBeUndefined();
		const longAgo = new Date(Date.now() - 61_000);
		await utimes(file, longAgo, longAgo);
		const taken = await tryLock(file);
		expect(taken).toBeDefined();
		await taken?.();
	});
});
