import path from 'node:path';
import { ROOT } from '../../test/testbed/lib/paths';
import { runHere } from '../../test/testbed/lib/command';

/** Checks the types of what is shipped, then of the tests and scripts. */
export async function checkTypes(): Promise<boolean> {
	const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
	const shipped = await runHere([tsc, '--noEmit', '-p', 'tsconfig.json']);
	const tests = await runHere([tsc, '--noEmit', '-p', path.join('test', 'tsconfig.json')]);
	return shipped && tests;
}
