export type Result<T> = { value: T } | { error: unknown };

/** The outcome of a promise as a value, for code that decides what a failure means. */
export async function toResult<T>(work: Promise<T>): Promise<Result<T>> {
	return await work.then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
}
