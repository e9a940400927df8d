/** The service's answer around every result. */
export function success(data: unknown): object {
	return { code: 200, message: 'success', data };
}

/** A refusal in the service's own shape; thrown by handlers, answered by the error handler. */
export class ApiError extends Error {
	constructor(
		readonly status: number,
		message: string,
		/** Sent instead of `{code, message}` when given. */
		readonly body?: object | string,
		readonly headers: Record<string, string> = {},
	) {
		super(message);
	}

	get answer(): object | string {
		return this.body ?? { code: this.status, message: this.message };
	}
}

/** A refusal by the storage host, which is not the API and speaks XML. */
export function storageError(status: number, code: string, message: string): ApiError {
	const xml =
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		`<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return new ApiError(status, message, xml, { 'content-type': 'application/xml' });
}
