import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';

/** What came out of a layer, or of all: how many tests ended which way. */
export interface Outcome {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
	/** Tests that passed or failed only when tried again, with what failed first. */
	readonly retried: readonly string[];
}

/** What we use of jest's JSON report. */
export interface JestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
	/** Files with a failure outside of a test, such as in an import or a hook. */
	readonly numRuntimeErrorTestSuites: number;
	readonly testResults: ReadonlyArray<{
		readonly name: string;
		readonly assertionResults: ReadonlyArray<{
			readonly title: string;
			readonly status: string;
			readonly fullName: string;
			readonly retryReasons?: readonly string[];
		}>;
	}>;
}

/** A check without tests of its own, such as lint, counts as one test. */
export function fromCheck(passed: boolean): Outcome {
	return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0, retried: [] };
}

/**
 * Outcome of a jest run.
 *
 * @param report `undefined` when jest wrote none
 * @param succeeded whether jest's exit code was 0
 */
export function fromJest(report: JestReport | undefined, succeeded: boolean): Outcome {
	if (!report) return fromCheck(false);
	const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	return {
		passed: report.numPassedTests,
		// Jest may be unhappy about something else than a test, for instance the set-up of a layer.
		failed: failed === 0 && !succeeded ? 1 : failed,
		skipped: report.numPendingTests + report.numTodoTests,
		retried: report.testResults.flatMap(({ name, assertionResults }) =>
			assertionResults.flatMap(({ fullName, status, retryReasons: [first] = [] }) =>
				first === undefined
					? []
					: `${path.relative(ROOT, name)}: ${fullName} (then ${status})\n    ${first.split('\n')[0]}`,
			),
		),
	};
}

export function sum(all: readonly Outcome[]): Outcome {
	return all.reduce((total, { passed, failed, skipped, retried }) => ({
		passed: total.passed + passed,
		failed: total.failed + failed,
		skipped: total.skipped + skipped,
		retried: [...total.retried, ...retried],
	}));
}

export function summary({ passed, failed, skipped }: Outcome): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
