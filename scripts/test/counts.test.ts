import { expect, it } from '@jest/globals';
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

it.each([
	['without a report', undefined, false, '1 passed, 1 failed'],
	['without a failure', report(), true, '3 passed, 0 failed'],
	['unhappy about something else', report(), false, '3 passed, 1 failed'],
	[
		'with a file that cannot be run',
		report({ numRuntimeErrorTestSuites: 1 }),
		false,
		'3 passed, 1 failed',
	],
	['with tests to be written', report({ numTodoTests: 1 }), true, '3 passed, 0 failed, 1 skipped'],
])('a jest run %s', (_how, reported, succeeded, said) => {
	const another = fromJest(report({ numPassedTests: 1 }), true);
	expect(summary(sum([fromJest(reported, succeeded), another]))).toBe(said);
});

it('the tests of a jest run that were tried again are named, with the reason', () => {
	const name = path.join('test', 'e2e', 'a.test.ts');
	const once = { title: '', status: 'passed', fullName: 'a test', retryReasons: [] };
	const retryReasons = ['Error: late\n    at it'];
	const twice = { ...once, fullName: 'a wobbly test', retryReasons };
	const testResults = [{ name: path.join(ROOT, name), assertionResults: [once, twice] }];
	expect(fromJest(report({ testResults }), true).retried).toEqual([
		`${name}: a wobbly test (then passed)\n    Error: late`,
	]);
});
