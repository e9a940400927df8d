import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import execa, { type ExecaError } from 'execa';
import { DETACHED, manage } from './children';
import { ROOT } from './paths';

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

/**
 * Runs a command to its end and returns its standard output.
 *
 * @throws Error with the end of what it printed
 */
export async function runCommand(
	file: string,
	args: readonly string[],
	{ cwd, env = process.env, logFile, timeoutMs = 0 }: CommandOptions,
): Promise<string> {
	const child = execa(file, args, {
		...DETACHED,
		cwd,
		env,
		extendEnv: false,
		stdin: 'ignore',
		all: true,
		stripFinalNewline: false,
		timeout: timeoutMs,
		killSignal: 'SIGKILL',
	});
	manage(child);
	if (logFile) {
		await mkdir(path.dirname(logFile), { recursive: true });
		const log = createWriteStream(logFile, { flags: 'a' });
		log.write(`\n$ ${path.basename(file)} ${args.join(' ')}\n`);
		child.all?.pipe(log);
	}
	try {
		return (await child).stdout;
	} catch (error) {
		const { shortMessage, all = '' } = error as ExecaError;
		const tail = stripVTControlCharacters(all).slice(-TAIL).trim();
		throw new Error(`${shortMessage}\n${tail}`, { cause: error });
	}
}

export interface RunOptions {
	readonly env?: Readonly<Record<string, string>>;
	/** Gets each line of the output, which is shown as it comes unless this is given. */
	readonly onLine?: ((line: string) => void) | undefined;
}

/** Runs a Node program in the repository's root; true when it succeeds. */
export async function runHere(
	args: readonly string[],
	{ env = {}, onLine }: RunOptions = {},
): Promise<boolean> {
	const output = onLine
		? ({ stdin: 'ignore', all: true } as const)
		: ({ stdio: 'inherit' } as const);
	const child = execa(process.execPath, args, {
		...DETACHED,
		...output,
		cwd: ROOT,
		env,
		reject: false,
	});
	manage(child);
	if (onLine && child.all) {
		for await (const line of createInterface({ input: child.all })) onLine(line);
	}
	return !(await child).failed;
}
