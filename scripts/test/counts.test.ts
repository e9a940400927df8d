import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';
import { fromJest, sum, summary, type FileReport } from './counts';

type TestReport = FileReport['assertionResults'][number];

const file = (name: string, ...statuses: string[]): FileReport => ({
	name: path.join(ROOT, name),
	status: statuses.includes('failed') ? 'failed' : 'passed',
	assertionResults: statuses.map((status): TestReport => ({ status, fullName: 'a test' })),
});

describe('the last line of npm test', () => {
	it('names passed and failed, and skipped only if there are any', () => {
		expect(summary({ passed: 3, failed: 1, skipped: 0 })).toBe('3 passed, 1 failed');
		expect(summary({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
	});

	it('adds up all layers', () => {
		const counts = { passed: 1, failed: 2, skipped: 3 };
		expect(sum([counts, counts])).toEqual({ passed: 2, failed: 4, skipped: 6 });
		expect(sum([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
	});
});

describe('the outcome of a jest run', () => {
	it('has the counts of each layer', () => {
		const files = [
			file('test/e2e/a.test.ts', 'passed', 'passed', 'failed', 'todo'),
			file('test/browser/b.test.ts', 'pending'),
			file('test/emulator/c.test.ts', 'passed'),
		];
		expect(fromJest(['e2e', 'browser', 'unit'], files, false).layers).toEqual({
			e2e: { passed: 2, failed: 1, skipped: 1 },
			browser: { passed: 0, failed: 0, skipped: 1 },
			unit: { passed: 1, failed: 0, skipped: 0 },
		});
	});

	it('counts a file that cannot be run as a failure', () => {
		const broken = { ...file('test/unit/a.test.ts'), status: 'failed' };
		expect(fromJest(['unit'], [broken, broken], false).layers.unit?.failed).toBe(2);
	});

	it('counts a run without a report, or a failing jest without failing tests, as a failure', () => {
		expect(fromJest(['unit'], undefined, false).layers.unit?.failed).toBe(1);
		const passed = file('test/unit/a.test.ts', 'passed');
		expect(fromJest(['unit'], [passed], false).layers.unit).toMatchObject({ passed: 1, failed: 1 });
	});

	it('names the tests that were tried again, and why', () => {
		const retryReasons = ['Error: too late\n    at somewhere'];
		const tried = {
			...file('test/e2e/a.test.ts'),
			assertionResults: [{ status: 'passed', fullName: 'a wobbly test', retryReasons }],
		};
		const { retried } = fromJest(['e2e'], [tried, file('test/e2e/b.test.ts', 'passed')], true);
		expect(retried).toEqual([
			`${path.join('test', 'e2e', 'a.test.ts')}: a wobbly test (then passed)\n    Error: too late`,
		]);
	});
});
