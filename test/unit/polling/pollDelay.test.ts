import { describe, expect, it } from '@jest/globals';
import {
	backoffMs,
	pollDelayMs,
	storedPollDelayMs,
} from '../../../nodes/WaveSpeedInfiniteTalk/polling/pollDelay';

const CHANCES = [0, 0.25, 0.5, 0.999_999];

const MINUTE = 60_000;

describe('the time to the next look', () => {
	it.each([
		['2.5 s to 5 s at first', [0], 2_500, 5_000],
		['5 s up to 100 s, never less', [1, 5_000, 100_000], 5_000, 5_000],
		['5 % of the time waited after that', [10 * MINUTE], 0.047 * 10 * MINUTE, 0.05 * 10 * MINUTE],
		['at most a minute', [20 * MINUTE, 600 * MINUTE, Number.MAX_SAFE_INTEGER], 57_000, MINUTE],
	])('is %s', (_what, waits, least, most) => {
		for (const delay of waits.flatMap((ms) => CHANCES.map((chance) => pollDelayMs(ms, chance)))) {
			expect(delay).toBeGreaterThanOrEqual(least);
			expect(delay).toBeLessThanOrEqual(most);
		}
	});

	it('spreads the first looks of jobs that began together', () => {
		const looks = CHANCES.map((chance) => pollDelayMs(0, chance));
		expect(new Set(looks).size).toBe(CHANCES.length);
	});
});

it('the pause after a failure is spread by a fifth, and as long as the server asks for', () => {
	expect(backoffMs(1, 0)).toBe(4_000);
	expect(backoffMs(1, 0, 30_000)).toBe(30_000);
	expect(backoffMs(9, 0, 30_000)).toBe(48_000);
});

it.each([
	[20 * MINUTE, false, MINUTE],
	[40 * MINUTE, false, 2 * MINUTE],
	[200 * MINUTE, false, 10 * MINUTE],
	[5_000 * MINUTE, false, 10 * MINUTE],
	[99_999, true, 100_000],
	[100_000, true, 10 * MINUTE],
])('after %i ms, with a webhook: %s, a stored execution polls in %i ms', (waited, has, delay) => {
	expect(storedPollDelayMs(waited, has)).toBe(delay);
});
