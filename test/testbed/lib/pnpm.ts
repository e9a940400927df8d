import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCommand, type CommandOptions } from './command';
import { cleanEnv } from './npm';
import { ROOT } from './paths';

/** What is installed into a folder. */
interface Manifest {
	readonly dependencies: Readonly<Record<string, string>>;
	/** Other versions for what the dependencies name, by name. */
	readonly overrides?: Readonly<Record<string, string>> | undefined;
}

export interface PnpmOptions extends Omit<CommandOptions, 'cwd'> {
	/** Folder that shares its files with what is installed by hard links; on the same disk. */
	readonly store: string;
	/** Runs pnpm, and with it the install scripts; ours unless given. */
	readonly nodeBinary?: string;
}

/**
 * `pnpm install` in a folder, which is made. The packages lie flat in `node_modules`, as npm puts them.
 *
 * @param args further arguments, such as `--frozen-lockfile`
 * @throws Error with the end of what it printed
 */
export async function pnpmInstall(
	folder: string,
	{ dependencies, overrides = {} }: Manifest,
	args: readonly string[],
	{ store, nodeBinary = process.execPath, ...options }: PnpmOptions,
): Promise<void> {
	await mkdir(folder, { recursive: true });
	const manifest = { name: 'runtime', private: true, dependencies, pnpm: { overrides } };
	await writeFile(path.join(folder, 'package.json'), JSON.stringify(manifest, null, '\t'));
	const pnpm = path.join(ROOT, 'node_modules', 'pnpm', 'bin', 'pnpm.cjs');
	const settings = ['--config.node-linker=hoisted', '--config.update-notifier=false'];
	// Nothing is left outside of the folders that we were given.
	const folders = [`--store-dir=${store}`, `--config.cache-dir=${path.join(store, 'metadata')}`];
	await runCommand(
		nodeBinary,
		[pnpm, 'install', '--prod', '--ignore-workspace', ...folders, ...settings, ...args],
		{ env: cleanEnv(), ...options, cwd: folder },
	);
}
