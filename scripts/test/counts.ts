import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';

/** How many tests of a layer, or of all, ended which way. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** What came out of a layer. */
export interface Outcome extends Counts {
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

export function sum(all: readonly Counts[]): Counts {
	const of = (key: keyof Counts) => all.reduce((total, counts) => total + counts[key], 0);
	return { passed: of('passed'), failed: of('failed'), skipped: of('skipped') };
}

export function summary({ passed, failed, skipped }: Counts): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
