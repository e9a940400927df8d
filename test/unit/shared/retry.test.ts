import { describe, expect, jest, it } from '@jest/globals';
import { retry } from '../../../nodes/WaveSpeedInfiniteTalk/shared/retry';
import { freshApi } from '../support/api';

const { clock } = freshApi();

/** Work that fails this often before it succeeds. */
function createWork(failures: number) {
	let left = failures;
	return jest.fn(async () => {
		if (left-- > 0) throw new Error(`failure ${failures - left}`);
		return 'done';
	});
}

const options = () => ({
	tries: 3,
	isRetryable: () => true,
	delayMs: (failures: number) => failures * 1_000,
	clock,
});

describe('work', () => {
	it.each([0, 1, 2])('that fails %i times is done in the end', async (failures) => {
		const work = createWork(failures);
		expect(await retry(work, options())).toBe('done');
		expect(work).toHaveBeenCalledTimes(failures + 1);
		expect(clock.sleeps).toEqual([1_000, 2_000].slice(0, failures));
	});

	it('that fails too often gives its last error', async () => {
		const work = createWork(5);
		await expect(retry(work, options())).rejects.toThrow('failure 3');
		expect(work).toHaveBeenCalledTimes(3);
	});

	it('that fails for good is not tried again', async () => {
		const work = createWork(1);
		const isRetryable = jest.fn<(error: unknown) => boolean>(() => false);
		await expect(retry(work, { ...options(), isRetryable })).rejects.toThrow('failure 1');
		expect(work).toHaveBeenCalledTimes(1);
		expect(isRetryable).toHaveBeenCalledWith(new Error('failure 1'));
	});

	it('ends with the sleep between two tries', async () => {
		const work = createWork(1);
		const stopped = { sleep: async () => await Promise.reject(new Error('stopped')) };
		await expect(retry(work, { ...options(), clock: stopped })).rejects.toThrow('stopped');
		expect(work).toHaveBeenCalledTimes(1);
	});
});
