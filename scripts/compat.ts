import { runCompat } from '../test/compat/run';
import { writeTable } from '../test/compat/table';
import { VERSIONS, versionsOf } from '../test/compat/versions';
import { say } from '../test/testbed/lib/progress';
import { main, readNames, readOptions } from './lib/main';

const ALL = VERSIONS.map(({ n8n }) => n8n);

const USAGE = `Usage: npm run test:compat [-- --only <version of n8n>[,<version>…]]
Installs each n8n once, about 5 minutes and up to 3 GB, and runs the packed package in it.
Versions: ${ALL.join(', ')}`;

main(async () => {
	const { only } = readOptions(USAGE, { only: { type: 'string' } });
	const results = [];
	for (const n8n of readNames(USAGE, ALL, only)) results.push(await runCompat(versionsOf(n8n)));
	say(`\nWritten: ${await writeTable(results)}`);
	return results.every(({ checks }) => Object.values(checks).every(Boolean)) ? 0 : 1;
});
