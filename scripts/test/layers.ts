import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHROMIUM_ADVICE, findChromium } from '../../test/testbed/lib/chromium';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';
import { say } from '../../test/testbed/lib/progress';
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
			const folder = await mkdtemp(path.join(tmpdir(), 'jest-report-'));
			const report = path.join(folder, 'report.json');
			try {
				const succeeded = await runHere(
					[
						path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
						...['--selectProjects', name, '--passWithNoTests', `--maxWorkers=${workers}`],
						'--reporters=default',
						`--reporters=${path.join(ROOT, 'test', 'testbed', 'jest', 'live-reporter.cjs')}`,
						...['--json', `--outputFile=${report}`, ...jestArgs],
					],
					{ onLine },
				);
				return fromJest(await readReport(report), succeeded);
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		},
	};
}

async function readReport(file: string): Promise<JestReport | undefined> {
	try {
		return JSON.parse(await readFile(file, 'utf8')) as JestReport;
	} catch {
		return undefined;
	}
}
