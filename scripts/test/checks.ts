import path from 'node:path';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';

const MODULES = path.join(ROOT, 'node_modules');

/** Gets each line of a command's output. */
export type OnLine = (line: string) => void;

/**
 * `n8n-node lint`, as n8n's own check runs it, plus the formatting of all files, and what is exported for nobody. The
 * flag makes ESLint look for the configuration nearest to each file: nodes, scripts and tests have their own.
 *
 * @param fix whether to correct what can be corrected
 */
export async function lint(onLine?: OnLine, fix = false): Promise<boolean> {
	const n8nNode = path.join(MODULES, '@n8n', 'node-cli', 'bin', 'n8n-node.mjs');
	const prettier = path.join(MODULES, 'prettier', 'bin', 'prettier.cjs');
	const env = { ESLINT_FLAGS: 'v10_config_lookup_from_file' };
	const eslint = await runHere([n8nNode, 'lint', ...(fix ? ['--fix'] : [])], { env, onLine });
	const formatting = await runHere([prettier, fix ? '--write' : '--check', '.'], { onLine });
	const exports = await runHere([path.join(MODULES, 'knip', 'bin', 'knip.js')], { onLine });
	return eslint && formatting && exports;
}

/** Checks the types of what is shipped, then of the tests and scripts. */
export async function checkTypes(onLine?: OnLine): Promise<boolean> {
	const tsc = [path.join(MODULES, 'typescript', 'bin', 'tsc'), '--noEmit', '-p'];
	const shipped = await runHere([...tsc, 'tsconfig.json'], { onLine });
	const tests = await runHere([...tsc, path.join('test', 'tsconfig.json')], { onLine });
	return shipped && tests;
}
