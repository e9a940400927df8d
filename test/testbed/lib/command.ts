import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { killGroup, spawnManaged } from './children';

/** How much of a failed command's output is shown, in characters. */
const TAIL = 4_000;

export interface CommandOptions {
	readonly cwd: string;
	readonly env?: NodeJS.ProcessEnv;
	/** File to which all output is appended. */
	readonly logFile?: string;
	/** Ends the command after so many milliseconds. */
	readonly timeoutMs?: number;
}

/** A command that could not be started, ended with a code other than 0, or was cut off. */
export class CommandError extends Error {
	constructor(
		command: string,
		reason: string,
		readonly output: string,
	) {
		super(`${command}: ${reason}\n${stripVTControlCharacters(output).slice(-TAIL).trim()}`);
		this.name = 'CommandError';
	}
}

/**
 * Runs a command to its end and returns its standard output.
 *
 * @throws CommandError with the end of what it printed
 */
export async function runCommand(
	file: string,
	args: readonly string[],
	options: CommandOptions,
): Promise<string> {
	const name = `${path.basename(file)} ${args.join(' ')}`;
	if (options.logFile) await mkdir(path.dirname(options.logFile), { recursive: true });
	const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a' }) : undefined;
	log?.write(`\n$ ${name}\n`);

	return await new Promise<string>((resolve, reject) => {
		const child = spawnManaged(file, args, {
			cwd: options.cwd,
			env: options.env ?? process.env,
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let stdout = '';
		let all = '';
		let timer: NodeJS.Timeout | undefined;
		let reason: string | undefined;
		const collect = (chunk: Buffer) => {
			log?.write(chunk);
			all = (all + chunk.toString()).slice(-TAIL * 4);
		};
		child.stdout?.on('data', (chunk: Buffer) => {
			stdout += chunk.toString();
			collect(chunk);
		});
		child.stderr?.on('data', collect);
		if (options.timeoutMs !== undefined) {
			const limit = options.timeoutMs;
			timer = setTimeout(() => {
				reason = `no end after ${Math.round(limit / 1000)} s`;
				killGroup(child, 'SIGKILL');
			}, limit);
		}
		const finish = (failure: string | undefined) => {
			clearTimeout(timer);
			log?.end();
			if (failure === undefined) resolve(stdout);
			else reject(new CommandError(name, failure, all));
		};
		child.once('error', (error) => finish(error.message));
		child.once('close', (code, signal) => {
			if (code === 0) finish(undefined);
			else finish(reason ?? (signal ? `ended by ${signal}` : `exit code ${code}`));
		});
	});
}
