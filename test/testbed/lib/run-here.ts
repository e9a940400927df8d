import { spawnManaged } from './children';
import { ROOT } from './paths';

/** Runs a Node program in the repository's root, its output on ours; true when it succeeds. */
export async function runHere(
	args: readonly string[],
	env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
	return await new Promise((resolve) => {
		const child = spawnManaged(process.execPath, args, {
			cwd: ROOT,
			stdio: 'inherit',
			env: { ...process.env, ...env },
		});
		child.once('error', () => resolve(false));
		child.once('exit', (code) => resolve(code === 0));
	});
}
