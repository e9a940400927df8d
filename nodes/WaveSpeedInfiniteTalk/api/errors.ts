/** What a refused or unreadable API response means. */
import { parseEnvelope, parseErrorCode, parseJson, retryAfterMs, serviceMessage } from './envelope';
import type { HttpResponse } from './http';
import { UNKNOWN_AUTHORITY_CODES, NoResponseError } from './http';
import { isPlainObject } from './prediction';
import { shorten } from '../shared/characters';

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
	/** A proxy or firewall answered in the service's place. */
	| 'proxy'
	/** The certificate that came is of an authority that n8n does not know. */
	| 'certificate'
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
	const kind = kindOfNoResponse(error);
	return new ApiError(kind, error.message, { notProcessed: error.neverSent }, { cause: error });
}

function kindOfNoResponse({ code, refusedLocally }: NoResponseError): ApiErrorKind {
	if (code === 'PROXY') return 'proxy';
	if (UNKNOWN_AUTHORITY_CODES.has(code)) return 'certificate';
	return refusedLocally ? 'notSent' : 'noAnswer';
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
	const isForeign = !okStatus && isForeignRefusal(response);
	const kind = isForeign ? 'proxy' : classify(decisive, sentence, errorCode);
	const wait = retryAfterMs(response, now);
	return new ApiError(kind, (!isForeign && sentence) || defaultMessage(response, kind), {
		status: response.status,
		notProcessed: response.status === 407 || !['server', 'unreadable', 'proxy'].includes(kind),
		...(envelope && envelope.code !== response.status && { code: envelope.code }),
		...(errorCode && { errorCode }),
		...(wait !== undefined && { retryAfterMs: wait }),
	});
}

/** The failure behind a storage or download response, which has no envelope; undefined for 2xx. */
export function errorFromTransfer(response: HttpResponse, host: string): ApiError | undefined {
	if (response.status >= 200 && response.status < 300) return undefined;
	const kind = classify(response.status, '', undefined);
	const { status } = response;
	const message = status === 407 ? PROXY_LOGIN : `${host} returned HTTP ${status}`;
	return new ApiError(kind, message, { status, notProcessed: status === 407 });
}

const PROXY_LOGIN = 'The proxy requires a user name and password (HTTP 407)';

/** What the service's own gateway refuses with a page as well. */
const GATEWAY_STATUSES = [408, 413, 429];

/**
 * True for a refusal that is not the service's: every one of its own is a JSON object. A page may well
 * have cut off the response to a request that was carried out.
 */
function isForeignRefusal({ status, text }: HttpResponse): boolean {
	if (status === 407) return true;
	if (status < 400 || status >= 500 || GATEWAY_STATUSES.includes(status)) return false;
	return text.trim() !== '' && !isPlainObject(parseJson(text));
}

const KIND_OF_STATUS: Record<number, ApiErrorKind> = {
	400: 'invalid',
	401: 'key',
	402: 'credit',
	403: 'forbidden',
	404: 'notFound',
	407: 'proxy',
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
	if (response.status === 407) return PROXY_LOGIN;
	if (kind === 'proxy' || kind === 'unreadable') {
		const words = wordsOfPage(response.text);
		return `The response did not come from WaveSpeed's API (HTTP ${response.status}${words && `: "${words}"`})`;
	}
	return `WaveSpeed returned HTTP ${response.status}`;
}

/** The title of a web page, or the beginning of what it says; empty for JSON. */
function wordsOfPage(text: string): string {
	if (/^\s*[[{"]/.test(text)) return '';
	const start = text.slice(0, 4_000);
	const title = /<title[^>]*>([^<]*)/i.exec(start)?.[1];
	return shorten((title ?? start.replace(/<(style|script)[^]*?<\/\1>|<[^>]*>/gi, ' ')).trim());
}
