import path from 'node:path';
import { runHere } from '../test/testbed/lib/command';
import { cacheDir, ROOT } from '../test/testbed/lib/paths';
import { main } from './lib/main';

/** Changes the code piece by piece and looks whether a unit test notices; arguments are Stryker's. */
main(async () => {
	const stryker = path.join(ROOT, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js');
	const config = path.join('scripts', 'mutation', 'stryker.config.mjs');
	const succeeded = await runHere([stryker, 'run', config, ...process.argv.slice(2)], {
		env: { MUTATION_CACHE: path.join(cacheDir(), 'mutation') },
	});
	return succeeded ? 0 : 1;
});
