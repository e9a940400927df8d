import { parseArgs, type ParseArgsConfig } from 'node:util';

/** Runs a script's work; a failure is one clear message and exit code 1, not a stack trace. */
export function main(work: () => Promise<number | void>): void {
	work().then(
		(code) => {
			process.exitCode = code ?? 0;
		},
		(error: unknown) => {
			const text = error instanceof Error ? error.message : String(error);
			process.stderr.write(`\n${text}\n`);
			if (process.env.DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
			process.exitCode = 1;
		},
	);
}

/** @throws Error with the usage when an argument is not one of the options */
export function readOptions<T extends NonNullable<ParseArgsConfig['options']>>(
	usage: string,
	options: T,
	args: string[] = process.argv.slice(2),
) {
	try {
		return parseArgs({ args, options }).values;
	} catch (error) {
		throw new Error(`${(error as Error).message}\n${usage}`, { cause: error });
	}
}

/**
 * The names of a list that is separated by commas; all that are known without one.
 *
 * @throws Error with the usage when one is not known
 */
export function readNames(
	usage: string,
	known: readonly string[],
	list: string = known.join(','),
): string[] {
	const names = list.split(',');
	const unknown = names.find((name) => !known.includes(name));
	if (unknown !== undefined) throw new Error(`There is no "${unknown}".\n${usage}`);
	return names;
}
