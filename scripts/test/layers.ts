import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHROMIUM_ADVICE, findChromium } from '../../test/testbed/lib/chromium';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';
import { heartbeat, say } from '../../test/testbed/lib/progress';
import { fromCheck, fromJest, type JestReport, type Outcome } from './counts';
import { checkTypes, lint, type OnLine } from './checks';

export interface Layer {
	readonly name: string;
	run(jestArgs: readonly string[], onLine?: OnLine): Promise<Outcome>;
}

/**
 * Layers of a stage run side by side; the first stage needs no n8n and tells something soon. A busy
 * editor misses clicks: nothing runs beside it. End-to-end tests mostly wait: for jobs to be polled,
 * for n8n to start.
 */
export const STAGES: ReadonlyArray<readonly Layer[]> = [
	[check('lint', lint), check('types', checkTypes), jest('unit', 2)],
	[jest('engine', 2)],
	[jest('e2e', 4)],
	[jest('browser', 1)],
];

function check(name: string, work: (onLine?: OnLine) => Promise<boolean>): Layer {
	return { name, run: async (_jestArgs, onLine) => fromCheck(await work(onLine)) };
}

/** @param name of a project in jest.config.js */
function jest(name: string, workers: number): Layer {
	return {
		name,
		async run(jestArgs, onLine) {
			if (name === 'browser' && !findChromium()) {
				say('!! SKIPPED: the tests in the editor need a browser, and none was found.');
				say(`!! To run them, ${CHROMIUM_ADVICE}.`);
			}
			// Jest speaks only when a file is done, which for a file of end-to-end tests may take minutes.
			const stopHeartbeat = heartbeat(`the ${name} tests`, 30_000);
			const args = ['--passWithNoTests', `--maxWorkers=${workers}`, ...jestArgs];
			const { report, succeeded } = await runJest(name, args, { onLine }).finally(stopHeartbeat);
			return fromJest(report, succeeded);
		},
	};
}

/**
 * Runs the tests of a project.
 *
 * @returns jest's report, `undefined` when it wrote none, and whether its exit code was 0
 */
export async function runJest(
	project: string,
	args: readonly string[],
	options: Parameters<typeof runHere>[1],
): Promise<{ report: JestReport | undefined; succeeded: boolean }> {
	const folder = await mkdtemp(path.join(tmpdir(), 'jest-report-'));
	const file = path.join(folder, 'report.json');
	try {
		const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
		const all = ['--selectProjects', project, '--json', `--outputFile=${file}`, ...args];
		const succeeded = await runHere([jest, ...all], options);
		const text = await readFile(file, 'utf8').catch(() => undefined);
		return { report: text ? (JSON.parse(text) as JestReport) : undefined, succeeded };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
