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
