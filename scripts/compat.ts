import { parseArgs } from 'node:util';
import { runCompat } from '../test/compat/run';
import { writeTable } from '../test/compat/table';
import { VERSIONS, versionsOf } from '../test/compat/versions';
import { say } from '../test/testbed/lib/progress';
import { main } from './lib/main';

const USAGE = `Usage: npm run test:compat [-- --only <version of n8n>[,<version>…]]
Installs each n8n once, about 8 minutes and up to 2.8 GB, and runs the packed package in it.
Versions: ${VERSIONS.map(({ n8n }) => n8n).join(', ')}`;

main(async () => {
	const results = [];
	for (const versions of readArguments()) results.push(await runCompat(versions));
	say(`\nWritten: ${await writeTable(results)}`);
	return results.every(({ checks }) => Object.values(checks).every(Boolean)) ? 0 : 1;
});

function readArguments() {
	try {
		const { values } = parseArgs({ options: { only: { type: 'string' } } });
		return values.only?.split(',').map(versionsOf) ?? VERSIONS;
	} catch (error) {
		throw new Error(`${(error as Error).message}\n${USAGE}`, { cause: error });
	}
}
