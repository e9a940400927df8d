/** The envelope around every successful result. */
export function success(data: unknown): object {
	return { code: 200, message: 'success', data };
}

/** An error response in the service's format; handlers throw it. */
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

	get response(): object | string {
		return this.body ?? { code: this.status, message: this.message };
	}
}

/** An error response of the storage host, in XML. */
export function storageError(status: number, code: string, message: string): ApiError {
	const xml =
		'<?xml version="1.0" encoding="UTF-8"?>\n' +
		`<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
	return new ApiError(status, message, xml, { 'content-type': 'application/xml' });
}
