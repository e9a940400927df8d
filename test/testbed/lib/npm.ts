import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { runCommand, type CommandOptions } from './command';

/**
 * The path of npm's JavaScript entry: the npm that started us, else the one in PATH or beside the
 * running Node. Started through Node itself, it needs no shell, on Windows neither.
 *
 * @throws Error when there is no npm
 */
export function npmCli(env: NodeJS.ProcessEnv = process.env): string {
	const starter = env.npm_execpath;
	if (starter && path.basename(starter) === 'npm-cli.js' && existsSync(starter)) return starter;

	const nodeDir = path.dirname(process.execPath);
	const folders = [...(env.PATH ?? env.Path ?? '').split(path.delimiter), nodeDir];
	for (const folder of folders.filter(Boolean)) {
		const candidates = [
			path.join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
			path.join(folder, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
		];
		const link = path.join(folder, 'npm');
		if (existsSync(link) && path.basename(realpathSync(link)) === 'npm-cli.js') {
			return realpathSync(link);
		}
		const found = candidates.find((candidate) => existsSync(candidate));
		if (found) return path.resolve(found);
	}
	throw new Error('npm was not found. Install Node.js with npm, then run the command again.');
}

/**
 * The environment for commands in another folder than ours: without what `npm run` set for the
 * script that is running, as it names this project's folder.
 */
export function cleanEnv(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
	const ours =
		/^(npm_(package|lifecycle|command|execpath|node_execpath|config_local_prefix)|INIT_CWD$)/i;
	return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

/** Puts a folder first in PATH, whatever this platform calls the variable. */
export function withPathFirst(folder: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
	return { ...env, [name]: [folder, env[name]].filter(Boolean).join(path.delimiter) };
}

/** Runs npm under the given Node. */
export async function npm(
	args: readonly string[],
	options: CommandOptions & { readonly nodeBinary?: string },
): Promise<string> {
	return await runCommand(options.nodeBinary ?? process.execPath, [npmCli(), ...args], {
		...options,
		env: options.env ?? cleanEnv(),
	});
}

/** Names in a folder, none when it is not there. */
export function namesIn(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}
