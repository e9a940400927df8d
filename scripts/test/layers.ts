import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CHROMIUM_ADVICE, findChromium } from '../../test/testbed/lib/chromium';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';
import { say } from '../../test/testbed/lib/progress';
import { fromCheck, fromJest, type FileReport, type Outcome } from './counts';
import { lint, type OnLine } from './lint';
import { checkTypes } from './types';

/** What runs in one process; its layers may be chosen one by one. */
export interface Task {
	readonly layers: readonly string[];
	run(layers: readonly string[], jestArgs: readonly string[], onLine?: OnLine): Promise<Outcome>;
}

/** Tasks of a stage run side by side; the first stage needs no n8n and tells something soon. */
export const STAGES: ReadonlyArray<readonly Task[]> = [
	[
		check('lint', async (onLine) => await lint({ onLine })),
		check('types', checkTypes),
		jest('unit'),
	],
	[jest('engine')],
	[jest('e2e')],
	[jest('browser')],
];

/**
 * Jest's workers. A busy editor misses clicks: nothing runs beside it. End-to-end tests mostly wait: for
 * jobs to be polled, for n8n to start.
 */
const WORKERS: Readonly<Record<string, number>> = { unit: 2, engine: 2, e2e: 4, browser: 1 };

function check(layer: string, work: (onLine?: OnLine) => Promise<boolean>): Task {
	return {
		layers: [layer],
		run: async (_layers, _jestArgs, onLine) => fromCheck(layer, await work(onLine)),
	};
}

function jest(...all: readonly string[]): Task {
	return {
		layers: all,
		async run(layers, jestArgs, onLine) {
			if (layers.includes('browser') && !findChromium()) {
				say('!! SKIPPED: the tests in the editor need a browser, and none was found.');
				say(`!! To run them, ${CHROMIUM_ADVICE}.`);
			}
			const folder = await mkdtemp(path.join(tmpdir(), 'jest-report-'));
			const report = path.join(folder, 'report.json');
			try {
				const workers = Math.max(...layers.map((layer) => WORKERS[layer] ?? 1));
				const succeeded = await runHere(
					[
						path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
						'--selectProjects',
						...layers,
						'--passWithNoTests',
						`--maxWorkers=${workers}`,
						'--reporters=default',
						`--reporters=${path.join(ROOT, 'test', 'testbed', 'jest', 'live-reporter.cjs')}`,
						'--json',
						`--outputFile=${report}`,
						...jestArgs,
					],
					{ onLine },
				);
				return fromJest(layers, await readReport(report), succeeded);
			} finally {
				await rm(folder, { recursive: true, force: true });
			}
		},
	};
}

async function readReport(file: string): Promise<FileReport[] | undefined> {
	try {
		const { testResults } = JSON.parse(await readFile(file, 'utf8')) as {
			testResults: FileReport[];
		};
		return testResults;
	} catch {
		return undefined;
	}
}
