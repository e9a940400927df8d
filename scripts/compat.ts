import { writeTable, type CompatResult } from '../test/compat/table';
import { VERSIONS, versionsOf } from '../test/compat/versions';
import { say } from '../test/testbed/lib/progress';
import { ensureTarball } from '../test/testbed/n8n/package';
import { ensureRuntime } from '../test/testbed/n8n/runtime';
import { main, readNames, readOptions } from './lib/main';
import { runJest } from './test/layers';

const ALL = VERSIONS.map(({ n8n }) => n8n);

const USAGE = `Usage: npm run test:compat [-- --only <version of n8n>[,<version>…]]
Installs each n8n once, about 5 minutes and up to 3 GB, and runs the packed package in it.
Versions: ${ALL.join(', ')}`;

main(async () => {
	const { only } = readOptions(USAGE, { only: { type: 'string' } });
	const results: CompatResult[] = [];
	for (const n8n of readNames(USAGE, ALL, only)) {
		const versions = versionsOf(n8n);
		say(`\nn8n ${n8n}, Node.js ${versions.node}`);
		await ensureRuntime(versions);
		await ensureTarball();
		const { report } = await runJest('compat', ['--runInBand'], { env: { COMPAT_N8N: n8n } });
		if (!report) throw new Error('Jest wrote no report.');
		const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults);
		const checks = tests.map(({ title, status }) => [title, status === 'passed'] as const);
		const date = new Date().toISOString().slice(0, 10);
		results.push({ n8n, node: versions.node, date, checks: Object.fromEntries(checks) });
	}
	say(`\nWritten: ${await writeTable(results)}`);
	return results.every(({ checks }) => Object.values(checks).every(Boolean)) ? 0 : 1;
});
