/** How many tests of a layer, or of all, ended which way. */
export interface Counts {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

export const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

export function add(a: Counts, b: Counts): Counts {
	return {
		passed: a.passed + b.passed,
		failed: a.failed + b.failed,
		skipped: a.skipped + b.skipped,
	};
}

/** A check without tests of its own, such as lint, counts as one test. */
export function fromCheck(passed: boolean): Counts {
	return { ...NOTHING, passed: passed ? 1 : 0, failed: passed ? 0 : 1 };
}

export function summary({ passed, failed, skipped }: Counts): string {
	return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** The figures in jest's JSON report that matter here. */
export interface JestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
	/** Files that could not be run at all: none of their tests is in the other figures. */
	readonly numRuntimeErrorTestSuites: number;
}

/**
 * Counts of a jest run.
 *
 * @param report `undefined` when jest wrote none
 * @param succeeded whether jest's exit code was 0
 */
export function fromJest(report: JestReport | undefined, succeeded: boolean): Counts {
	if (!report) return fromCheck(false);
	const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
	return {
		passed: report.numPassedTests,
		// Jest may be unhappy about something else than a test, for instance the set-up of a layer.
		failed: failed === 0 && !succeeded ? 1 : failed,
		skipped: report.numPendingTests + report.numTodoTests,
	};
}
