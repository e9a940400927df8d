import path from 'node:path';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';
import type { OnLine } from './lint';

/** Checks the types of what is shipped, then of the tests and scripts. */
export async function checkTypes(onLine?: OnLine): Promise<boolean> {
	const tsc = path.join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
	const shipped = await runHere([tsc, '--noEmit', '-p', 'tsconfig.json'], { onLine });
	const tests = await runHere([tsc, '--noEmit', '-p', path.join('test', 'tsconfig.json')], {
		onLine,
	});
	return shipped && tests;
}
