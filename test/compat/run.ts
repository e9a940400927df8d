import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runHere } from '../testbed/lib/command';
import { ROOT } from '../testbed/lib/paths';
import { say } from '../testbed/lib/progress';
import { ensureTarball } from '../testbed/n8n/package';
import { ensureRuntime } from '../testbed/n8n/runtime';
import type { Versions } from '../testbed/versions';

/** What came out in one version of n8n. */
export interface CompatResult {
	readonly n8n: string;
	readonly node: string;
	/** Day of the run, ISO 8601. */
	readonly date: string;
	/** By the titles of compat.test.ts; whether it passed. */
	readonly checks: Readonly<Record<string, boolean>>;
}

interface Report {
	testResults: ReadonlyArray<{
		assertionResults: ReadonlyArray<{ title: string; status: string }>;
	}>;
}

/**
 * Runs compat.test.ts in one version of n8n.
 *
 * @throws Error when that n8n or the package cannot be installed
 */
export async function runCompat(versions: Versions): Promise<CompatResult> {
	const { n8n, node } = versions;
	say(`\nn8n ${n8n}, Node.js ${node}`);
	await ensureRuntime(versions);
	await ensureTarball();
	const folder = await mkdtemp(path.join(tmpdir(), 'compat-report-'));
	const file = path.join(folder, 'report.json');
	try {
		const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
		const args = ['--selectProjects', 'compat', '--runInBand', '--json', `--outputFile=${file}`];
		await runHere([jest, ...args], { env: { COMPAT_N8N: n8n } });
		const { testResults } = JSON.parse(await readFile(file, 'utf8')) as Report;
		const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
		const checks = tests.map(({ title, status }) => [title, status === 'passed'] as const);
		const date = new Date().toISOString().slice(0, 10);
		return { n8n, node, date, checks: Object.fromEntries(checks) };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
