import { describe, expect, it } from '@jest/globals';
import { formatUsd, roundUsd } from '../../../nodes/WaveSpeedInfiniteTalk/shared/money';

describe('amounts of dollars', () => {
	it.each([
		[0, '$0.00'],
		[0.1 + 0.2, '$0.30'],
		[0.075, '$0.075'],
		[1.5, '$1.50'],
		[18, '$18.00'],
		[0.000001, '$0.000001'],
		[1234.5678912, '$1234.567891'],
	])('%d is shown as %s', (usd, text) => {
		expect(formatUsd(usd)).toBe(text);
	});

	it('sums have no tails of binary fractions', () => {
		expect(roundUsd(0.1 + 0.2)).toBe(0.3);
	});
});
