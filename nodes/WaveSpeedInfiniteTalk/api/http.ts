import type { BinaryHelperFunctions } from 'n8n-workflow';

/** A Node.js byte stream. Taken from n8n's types: verified nodes may not import `stream`. */
export type ByteStream = Awaited<ReturnType<BinaryHelperFunctions['getBinaryStream']>>;

/** A body of known length. Opened again for each try, because a stream can be read only once. */
export interface ByteBody {
	/** Bytes. */
	size: number;
	open(): Promise<ByteStream>;
}

export interface HttpRequest {
	method: 'GET' | 'POST' | 'PUT';
	url: string;
	/** Sent unchanged. About the body, the client adds nothing but `Content-Length`. */
	headers?: Record<string, string>;
	body?: string | ByteBody;
	/** Adds the API key. Only for addresses below the credential's base URL. */
	authenticated: boolean;
	/** Milliseconds of silence after which the request is given up. */
	idleTimeoutMs: number;
	/** Milliseconds after which the request is given up whatever happens; none for bulk data. */
	timeoutMs?: number;
	/** Milliseconds after which bulk data is given up, and one second more for each 16 KiB that moved. */
	bulkTimeoutMs?: number;
	/** Bytes of the response's body after which it is given up, with the code `TOO_LONG`. */
	maxBytes?: number;
	/**
	 * False for the one request whose response must not be lost: it is allowed to finish when the
	 * user stops the execution, since its response names a job that costs money.
	 */
	cancellable?: boolean;
}

export interface HttpResponse {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	text: string;
}

export interface HttpStream {
	status: number;
	/** Names in lower case. */
	headers: Record<string, string>;
	stream: ByteStream;
}

/**
 * The HTTP client that the code below n8n is given; `n8n/http.ts` implements it with n8n's own. Never
 * follows a redirect, never throws for a status code.
 */
export interface Http {
	/**
	 * @throws NoResponseError when no complete response arrived
	 * @throws CancelledError when the execution was stopped
	 */
	send(request: HttpRequest): Promise<HttpResponse>;
	/** As {@link Http.send}, with the response's body as a stream that fails when it stalls. */
	open(request: HttpRequest): Promise<HttpStream>;
}

/**
 * Errors of a connection that was never made: the server cannot have taken the request.
 * Everything else that goes wrong without a response may have happened after it was taken.
 */
const NEVER_SENT = new Set([
	'ECONNREFUSED',
	'ENOTFOUND',
	'EAI_AGAIN',
	'ERR_INVALID_URL',
	'ERR_INVALID_CHAR',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
	'PROXY',
]);

/** A certificate whose authority Node.js does not know; nothing is sent then, and it cannot pass by itself. */
export const UNKNOWN_AUTHORITY_CODES: ReadonlySet<string> = new Set([
	'CERT_SIGNATURE_FAILURE',
	'CERT_UNTRUSTED',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'INVALID_CA',
	'SELF_SIGNED_CERT_IN_CHAIN',
	'UNABLE_TO_GET_ISSUER_CERT',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** No complete response arrived. */
export class NoResponseError extends Error {
	constructor(
		/** Node.js error code such as `ECONNRESET`, or `TIMEOUT`, or `PROXY` for one that let nothing through. */
		readonly code: string,
		message: string,
		/** True when the request certainly never left, whatever the code says. */
		readonly refusedLocally = false,
		/** Its `cause` must hold no request: that has the key in its headers. */
		options?: ErrorOptions,
	) {
		super(message, options);
		this.name = 'NoResponseError';
	}

	/** True when the server certainly did not take the request. */
	get neverSent(): boolean {
		return (
			this.refusedLocally || NEVER_SENT.has(this.code) || UNKNOWN_AUTHORITY_CODES.has(this.code)
		);
	}
}

/** The user stopped the execution. Not a failure of any job. */
export class CancelledError extends Error {
	constructor() {
		super('The execution was stopped');
		this.name = 'CancelledError';
	}
}
