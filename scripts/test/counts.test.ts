import { describe, expect, it } from '@jest/globals';
import { add, fromCheck, fromJest, summary } from './counts';

const report = {
	numPassedTests: 5,
	numFailedTests: 0,
	numPendingTests: 0,
	numTodoTests: 0,
	numRuntimeErrorTestSuites: 0,
};

describe('the last line of npm test', () => {
	it('names passed and failed, and skipped only if there are any', () => {
		expect(summary({ passed: 3, failed: 1, skipped: 0 })).toBe('3 passed, 1 failed');
		expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
	});

	it('adds up checks and layers', () => {
		const total = add(fromCheck(true), add(fromCheck(false), fromJest(report, true)));
		expect(total).toEqual({ passed: 6, failed: 1, skipped: 0 });
	});
});

describe('counts of a jest run', () => {
	it('is all zero for a layer without tests', () => {
		expect(fromJest({ ...report, numPassedTests: 0 }, true)).toEqual({
			passed: 0,
			failed: 0,
			skipped: 0,
		});
	});

	it('counts a file that cannot be run as a failure', () => {
		expect(fromJest({ ...report, numRuntimeErrorTestSuites: 2 }, false).failed).toBe(2);
	});

	it('counts a run without a report as a failure', () => {
		expect(fromJest(undefined, false)).toEqual({ passed: 0, failed: 1, skipped: 0 });
	});

	it('counts a failing jest without failing tests as a failure', () => {
		expect(fromJest(report, false)).toEqual({ passed: 5, failed: 1, skipped: 0 });
	});
});
