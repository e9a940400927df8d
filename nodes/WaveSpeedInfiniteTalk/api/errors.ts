/** What a refused or unreadable API response means. */
import { parseEnvelope, parseErrorCode, retryAfterMs, serviceMessage } from './envelope';
import type { HttpResponse } from './http';
import { NoResponseError } from './http';

/** Kinds of failure that the node treats or explains differently (wavespeed.ai/docs/error-codes). */
export type ApiErrorKind =
	| 'invalid'
	| 'key'
	| 'credit'
	| 'forbidden'
	| 'notFound'
	| 'tooLarge'
	| 'rateLimit'
	| 'quota'
	| 'redirect'
	| 'refused'
	| 'server'
	| 'unreadable'
	| 'noAnswer'
	/** Refused on this side: by the credential, or by n8n's protection of its own network. */
	| 'notSent';

/** A call of the API, or a transfer to or from storage, that did not succeed. */
export class ApiError extends Error {
	constructor(
		readonly kind: ApiErrorKind,
		/** The service's own sentence where it gave one. */
		message: string,
		readonly details: {
			/** HTTP status, when there was a response. */
			status?: number;
			/** The envelope's code, when it differs from the status. */
			code?: number;
			/** The service's word for the reason, such as the right that a key lacks. */
			errorCode?: string;
			/** What may be the ID of a job, in a response to a submission that cannot be used. */
			possibleId?: string;
			/** Milliseconds the server asked to wait. */
			retryAfterMs?: number;
			/** True when the server certainly did not act on the request. */
			notProcessed: boolean;
		},
		options?: ErrorOptions,
	) {
		super(message, options);
		this.name = 'ApiError';
	}

	/** True when the same reading request may succeed later. */
	get transient(): boolean {
		return ['rateLimit', 'server', 'unreadable', 'noAnswer'].includes(this.kind);
	}
}

/** The failure behind a request that got no response. */
export function toApiError(error: NoResponseError): ApiError {
	const kind = error.refusedLocally ? 'notSent' : 'noAnswer';
	return new ApiError(kind, error.message, { notProcessed: error.neverSent }, { cause: error });
}

/**
 * The failure behind a response, or undefined when it is a success: HTTP 2xx with the envelope's
 * code 200. A failure can arrive as HTTP 200 with another code.
 *
 * @param now milliseconds since 1970, for a `Retry-After` date
 */
export function errorFromResponse(response: HttpResponse, now: number): ApiError | undefined {
	const envelope = parseEnvelope(response.text);
	const okStatus = response.status >= 200 && response.status < 300;
	if (okStatus && envelope?.code === 200) return undefined;
	const decisive = okStatus ? envelope?.code : response.status;
	const sentence = serviceMessage(response.text);
	const errorCode = parseErrorCode(response.text);
	const kind = classify(decisive, sentence, errorCode);
	const wait = retryAfterMs(response, now);
	return new ApiError(kind, sentence || defaultMessage(response, kind), {
		status: response.status,
		notProcessed: kind !== 'server' && kind !== 'unreadable',
		...(envelope && envelope.code !== response.status && { code: envelope.code }),
		...(errorCode && { errorCode }),
		...(wait !== undefined && { retryAfterMs: wait }),
	});
}

/** The failure behind a storage or download response, which has no envelope; undefined for 2xx. */
export function errorFromTransfer(response: HttpResponse, host: string): ApiError | undefined {
	if (response.status >= 200 && response.status < 300) return undefined;
	const kind = classify(response.status, '', undefined);
	return new ApiError(kind, `${host} answered with HTTP ${response.status}`, {
		status: response.status,
		notProcessed: false,
	});
}

const KIND_OF_STATUS: Record<number, ApiErrorKind> = {
	400: 'invalid',
	401: 'key',
	402: 'credit',
	403: 'forbidden',
	404: 'notFound',
	// A gateway's "request timeout" says nothing about what happened behind it.
	408: 'server',
	413: 'tooLarge',
	422: 'invalid',
	429: 'rateLimit',
	1400: 'invalid',
	1401: 'invalid',
};

/** Words of a right that a key lacks, which may well be that to see the balance. */
const LACKS_RIGHT = /permission|privilege|scope|\brole\b|not allowed|access denied/i;

function classify(
	code: number | undefined,
	sentence: string,
	errorCode: string | undefined,
): ApiErrorKind {
	if (isCreditSentence(sentence) && !LACKS_RIGHT.test(sentence)) {
		// A 403 with a reason is about rights, unless the reason itself says otherwise.
		const isRight = code === 403 && errorCode !== undefined && !isCreditSentence(errorCode);
		if (!isRight) return 'credit';
	}
	if (code === undefined) return 'unreadable';
	// An upload quota does not reset within a minute, unlike the rate limit with the same status.
	if (code === 429 && /(upload|storage).*quota|quota.*(upload|storage)/i.test(sentence))
		return 'quota';
	const known = KIND_OF_STATUS[code];
	if (known) return known;
	if (code >= 300 && code < 400) return 'redirect';
	if ((code >= 400 && code < 500) || (code >= 1000 && code < 2000)) return 'refused';
	return 'server';
}

/** Insufficient credit is documented as a condition without a status; only its words tell. */
export function isCreditSentence(sentence: string): boolean {
	return /insufficient/i.test(sentence) && /credit|balance|fund/i.test(sentence);
}

/**
 * True when the API says that it has no such address, or no such method at it.
 * A job that does not exist is answered in the same way.
 */
export function isMissingRoute(error: unknown): error is ApiError {
	if (!(error instanceof ApiError)) return false;
	const { status = 0, code } = error.details;
	const decisive = status < 300 ? code : status;
	return decisive === 404 || decisive === 405;
}

function defaultMessage(response: HttpResponse, kind: ApiErrorKind): string {
	if (kind === 'unreadable') {
		return `WaveSpeed answered with something that is not its API's JSON (HTTP ${response.status})`;
	}
	return `WaveSpeed answered with HTTP ${response.status}`;
}
