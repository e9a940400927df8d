import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';
import { fromJest, sum, summary, type JestReport } from './counts';

const report = (more: Partial<JestReport> = {}): JestReport => ({
	numPassedTests: 2,
	numFailedTests: 0,
	numPendingTests: 0,
	numTodoTests: 0,
	numRuntimeErrorTestSuites: 0,
	testResults: [],
	...more,
});

it('the last line of npm test names passed and failed, and skipped only if there are any', () => {
	const counts = { passed: 3, failed: 1, skipped: 0 };
	expect(summary(counts)).toBe('3 passed, 1 failed');
	expect(summary(sum([counts, { ...counts, skipped: 2 }]))).toBe('6 passed, 2 failed, 2 skipped');
});

describe('the outcome of a jest run', () => {
	it('counts a file that cannot be run as a failure, and a test to be written as skipped', () => {
		const unhappy = { numFailedTests: 1, numRuntimeErrorTestSuites: 2 };
		expect(fromJest(report({ ...unhappy, numPendingTests: 1, numTodoTests: 1 }), false)).toEqual({
			...{ passed: 2, failed: 3, skipped: 2, retried: [] },
		});
	});

	it('counts a run without a report, or a failing jest without failing tests, as a failure', () => {
		expect(fromJest(undefined, false)).toMatchObject({ passed: 0, failed: 1 });
		expect(fromJest(report(), false)).toMatchObject({ passed: 2, failed: 1 });
		expect(fromJest(report(), true)).toMatchObject({ passed: 2, failed: 0 });
	});

	it('names the tests that were tried again, and why', () => {
		const name = path.join('test', 'e2e', 'a.test.ts');
		const assertionResults = [
			{ status: 'passed', fullName: 'a test', retryReasons: [] },
			{
				...{ status: 'passed', fullName: 'a wobbly test' },
				retryReasons: ['Error: too late\n    at somewhere'],
			},
		];
		const testResults = [{ name: path.join(ROOT, name), assertionResults }];
		expect(fromJest(report({ testResults }), true).retried).toEqual([
			`${name}: a wobbly test (then passed)\n    Error: too late`,
		]);
	});
});
