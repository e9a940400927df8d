import { runCommand } from '../../testbed/lib/command';
import { ROOT } from '../../testbed/lib/paths';

/** The files in a packed package, without the leading `package/`, sorted. */
export async function filesIn(tarball: string): Promise<string[]> {
	const list = await runCommand('tar', ['-tzf', tarball], { cwd: ROOT });
	return list
		.split('\n')
		.filter((line) => line !== '' && !line.endsWith('/'))
		.map((line) => line.replace(/^package\//, ''))
		.sort();
}

/** One file of a packed package as text. */
export async function readFrom(tarball: string, file: string): Promise<string> {
	return await runCommand('tar', ['-xzOf', tarball, `package/${file}`], { cwd: ROOT });
}
