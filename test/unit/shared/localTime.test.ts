import { expect, it } from '@jest/globals';
import { localTime } from '../../../nodes/WaveSpeedInfiniteTalk/shared/localTime';

const MOMENT = Date.parse('2026-01-31T23:30:00Z');
const HOUR_MS = 3_600_000;

it.each([
	['Europe/Berlin', 0, '00:30'],
	['Europe/Berlin', 25, 'Feb 1, 00:30'],
	['America/New_York', -25, 'Jan 31, 18:30'],
	['no zone', 25, 'Jan 31, 23:30'],
])('a time in %s, seen %d hours later, is %s', (zone, hours, text) => {
	expect(localTime(MOMENT, zone, MOMENT + hours * HOUR_MS)).toBe(text);
});
