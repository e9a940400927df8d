import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { runCommand, type CommandOptions } from './command';

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

/**
 * Runs npm: the one that started us, else the one in PATH.
 *
 * @throws Error with the end of what it printed
 */
export async function npm(args: readonly string[], options: CommandOptions): Promise<string> {
	const { npm_execpath: cli = '' } = process.env;
	const all = { env: cleanEnv(), ...options };
	if (path.basename(cli) !== 'npm-cli.js') return await runCommand('npm', args, all);
	return await runCommand(process.execPath, [cli, ...args], all);
}

/** Names in a folder, none when it is not there. */
export function namesIn(folder: string): string[] {
	return existsSync(folder) ? readdirSync(folder) : [];
}
