import { describe, expect, it } from '@jest/globals';
import {
	backoffMs,
	pollDelayMs,
	storedPollDelayMs,
} from '../../../nodes/WaveSpeedInfiniteTalk/polling/pollDelay';

const CHANCES = [0, 0.25, 0.5, 0.999_999];

describe('the time to the next look', () => {
	it.each(CHANCES)('is 2.5 s to 5 s at first (chance %d)', (chance) => {
		expect(pollDelayMs(0, chance)).toBeGreaterThanOrEqual(2_500);
		expect(pollDelayMs(0, chance)).toBeLessThanOrEqual(5_000);
	});

	it('spreads the first looks of jobs that began together', () => {
		const looks = CHANCES.map((chance) => pollDelayMs(0, chance));
		expect(new Set(looks).size).toBe(CHANCES.length);
	});

	it.each(CHANCES)('is 5 s up to 100 s, never less (chance %d)', (chance) => {
		for (const waited of [1, 5_000, 50_000, 100_000]) {
			expect(pollDelayMs(waited, chance)).toBe(5_000);
		}
	});

	it.each(CHANCES)('is 5 %% of the time waited after that (chance %d)', (chance) => {
		for (const waited of [120_000, 600_000, 1_200_000]) {
			expect(pollDelayMs(waited, chance)).toBeLessThanOrEqual(waited * 0.05);
			expect(pollDelayMs(waited, chance)).toBeGreaterThanOrEqual(waited * 0.047);
		}
	});

	it.each(CHANCES)('is at most a minute however long it takes (chance %d)', (chance) => {
		for (const waited of [1_200_000, 36_000_000, Number.MAX_SAFE_INTEGER]) {
			expect(pollDelayMs(waited, chance)).toBeLessThanOrEqual(60_000);
			expect(pollDelayMs(waited, chance)).toBeGreaterThanOrEqual(57_000);
		}
	});
});

describe('the pause after a failure', () => {
	it('doubles from 5 s to a minute', () => {
		const pauses = [1, 2, 3, 4, 5, 6, 50].map((failures) => backoffMs(failures, 1));
		expect(pauses).toEqual([5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000]);
	});

	it('is spread by a fifth', () => {
		expect(backoffMs(1, 0)).toBe(4_000);
	});

	it('is never shorter than what the server asks for', () => {
		expect(backoffMs(1, 0, 30_000)).toBe(30_000);
		expect(backoffMs(9, 0, 30_000)).toBe(48_000);
		expect(backoffMs(1, 0, 0)).toBe(4_000);
	});

	it('stays a number after a thousand failures in a row', () => {
		expect(backoffMs(5_000, 1)).toBe(60_000);
	});
});

describe('the delay until a stored execution polls', () => {
	const MINUTE = 60_000;

	it.each([
		[0, MINUTE],
		[20 * MINUTE, MINUTE],
		[40 * MINUTE, 2 * MINUTE],
		[200 * MINUTE, 10 * MINUTE],
		[5_000 * MINUTE, 10 * MINUTE],
	])('after %i ms without a webhook is %i ms', (waited, delay) => {
		expect(storedPollDelayMs(waited, false)).toBe(delay);
	});

	it.each([
		[0, 100_000],
		[99_999, 100_000],
		[100_000, 10 * MINUTE],
		[5_000 * MINUTE, 10 * MINUTE],
	])('after %i ms with a webhook is %i ms', (waited, delay) => {
		expect(storedPollDelayMs(waited, true)).toBe(delay);
	});
});
