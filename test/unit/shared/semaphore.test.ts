import { describe, expect, it, jest } from '@jest/globals';
import { KeyedLock, Semaphore } from '../../../nodes/WaveSpeedInfiniteTalk/shared/semaphore';
import { freshApi } from '../support/api';
import { START } from '../support/clock';
import { fresh } from '../support/fresh';

const { clock } = freshApi();

/** What runs together, and in which order it began. */
const seen = fresh(() => ({ running: 0, most: 0, order: [] as string[] }));

/** Work that takes a second. */
const work = (name: string) => async () => {
	seen.order.push(name);
	seen.most = Math.max(seen.most, ++seen.running);
	await clock.sleep(1_000);
	seen.running--;
	return name;
};

describe('a semaphore', () => {
	it.each([1, 2, 3])('of %i lets no more run together, and as many', async (slots) => {
		const semaphore = new Semaphore(slots);
		const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
		const results = await Promise.all(names.map(async (name) => await semaphore.run(work(name))));
		expect(results).toEqual(names);
		expect(seen.order).toEqual(names);
		expect(seen.most).toBe(slots);
		expect(clock.elapsed).toBe(Math.ceil(names.length / slots) * 1_000);
	});

	it('gives a slot back once, however often it is released', async () => {
		const semaphore = new Semaphore(1);
		const release = await semaphore.acquire();
		release();
		release();
		await semaphore.acquire();
		release();
		let taken = false;
		void semaphore.acquire().then(() => (taken = true));
		await clock.until(1);
		expect(taken).toBe(false);
	});
});

describe('who waits for a slot', () => {
	const timeoutError = () => new Error('too late');

	it('gives up at the deadline, and the slot goes to the next', async () => {
		const semaphore = new Semaphore(1);
		const patient = (name: string, deadline: number) =>
			semaphore.run(work(name), { deadline: START + deadline, clock, timeoutError });
		const waiting = [patient('a', 0), patient('b', 300), patient('c', 5_000), patient('d', 1_500)];
		const results = await Promise.allSettled(waiting);
		const outcomes = ['fulfilled', 'rejected', 'fulfilled', 'rejected'];
		expect(results.map(({ status }) => status)).toEqual(outcomes);
		expect(results[1]).toMatchObject({ reason: new Error('too late') });
		expect(seen.order).toEqual(['a', 'c']);
		expect(await semaphore.run(work('e'))).toBe('e');
	});

	it('gives up at Stop, also in the very moment in which it is its turn', async () => {
		const semaphore = new Semaphore(1);
		const release = await semaphore.acquire();
		const stopped = new Error('stopped');
		const stop = Promise.reject(stopped);
		const sleep = jest.fn(() => stop);
		const patience = { deadline: START + 1_000, clock: { now: clock.now, sleep }, timeoutError };
		const taking = semaphore.acquire(patience);
		release();
		await expect(taking).rejects.toBe(stopped);
		expect(await semaphore.run(work('next'))).toBe('next');
	});
});

describe('a keyed lock', () => {
	it('lets equal keys run one after the other, whenever they come, and others together', async () => {
		const lock = new KeyedLock();
		const come = async (key: string, ms: number) => {
			await clock.until(ms);
			await lock.run(key, work(`${key} at ${ms}`));
		};
		const times = [0, 1, 500, 1_500, 4_500];
		await Promise.all([...times.map(async (ms) => await come('x', ms)), come('y', 2)]);
		expect(seen.order).toEqual([
			...['x at 0', 'y at 2', 'x at 1', 'x at 500', 'x at 1500', 'x at 4500'],
		]);
		expect(clock.elapsed).toBe(5_500);
		expect(lock).toEqual(new KeyedLock());
	});

	it('goes on with the next after a failure, and leaves nothing behind', async () => {
		const lock = new KeyedLock();
		const failing = lock.run('x', async () => await Promise.reject(new Error('no')));
		const next = lock.run('x', work('yes'));
		await expect(failing).rejects.toThrow('no');
		expect(await next).toBe('yes');
		expect(lock).toEqual(new KeyedLock());
	});
});
