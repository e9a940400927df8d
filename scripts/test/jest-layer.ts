import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fromJest, type Counts, type JestReport } from './counts';
import { ROOT } from '../../test/testbed/lib/paths';
import { runHere } from '../../test/testbed/lib/command';

/** Runs the tests of one layer; its output is shown as it comes. */
export async function jestLayer(layer: string, args: readonly string[]): Promise<Counts> {
	const folder = await mkdtemp(path.join(tmpdir(), 'jest-report-'));
	const report = path.join(folder, 'report.json');
	try {
		const succeeded = await runHere([
			path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
			'--selectProjects',
			layer,
			'--passWithNoTests',
			'--reporters=default',
			`--reporters=${path.join(ROOT, 'test', 'testbed', 'jest', 'live-reporter.cjs')}`,
			'--json',
			`--outputFile=${report}`,
			...args,
		]);
		return fromJest(await readReport(report), succeeded);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

async function readReport(file: string): Promise<JestReport | undefined> {
	if (!existsSync(file)) return undefined;
	return JSON.parse(await readFile(file, 'utf8')) as JestReport;
}
