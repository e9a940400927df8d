import path from 'node:path';
import { runHere } from '../../test/testbed/lib/command';
import { ROOT } from '../../test/testbed/lib/paths';

const MODULES = path.join(ROOT, 'node_modules');

/** Gets each line of a command's output. */
export type OnLine = (line: string) => void;

/**
 * `n8n-node lint`, as n8n's own check runs it, plus the formatting of all files. The flag makes
 * ESLint look for the configuration nearest to each file, so that scripts and tests have their own.
 *
 * @param fix whether to correct what can be corrected
 */
export async function lint({
	fix = false,
	onLine,
}: {
	fix?: boolean;
	onLine?: OnLine | undefined;
}) {
	const eslint = await runHere(
		[
			path.join(MODULES, '@n8n', 'node-cli', 'bin', 'n8n-node.mjs'),
			'lint',
			...(fix ? ['--fix'] : []),
		],
		{ env: { ESLINT_FLAGS: 'v10_config_lookup_from_file' }, onLine },
	);
	const formatting = await runHere(
		[path.join(MODULES, 'prettier', 'bin', 'prettier.cjs'), fix ? '--write' : '--check', '.'],
		{ onLine },
	);
	return eslint && formatting;
}
