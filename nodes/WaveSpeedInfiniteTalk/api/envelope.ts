/** Reads the envelope of an API response and the sentence in an error body. */
import type { HttpResponse } from './http';
import { isNumber, isPlainObject } from './prediction';
import { toSentence } from './sentence';

export interface Envelope {
	code: number;
	message: string;
	data: unknown;
}

/** The parsed JSON, or undefined when the text is not JSON. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

/** The envelope `{code, message, data}` that every response of the API has, or undefined. */
export function parseEnvelope(text: string): Envelope | undefined {
	const body = parseJson(text);
	if (!isPlainObject(body) || !isNumber(body.code)) return undefined;
	return { code: body.code, message: toMessage(body.message), data: body.data };
}

/**
 * The service's own sentence in an error body, in every shape seen: `{code, message}`, `{error}`
 * (text or object), `{detail}` (text or list), `{errors: […]}`; empty for pages and other bodies.
 */
export function serviceMessage(text: string): string {
	const body = parseJson(text);
	if (!isPlainObject(body)) return '';
	const candidates = [body.message, body.error, body.detail, body.errors, body.msg];
	return candidates.map((part) => toMessage(part)).find((found) => found !== '') ?? '';
}

/** The word for the reason in an error body (`error_code`), or undefined when it has none. */
export function parseErrorCode(text: string): string | undefined {
	const body = parseJson(text);
	if (!isPlainObject(body)) return undefined;
	const { error_code: code } = body;
	return (typeof code === 'string' && toMessage(code)) || undefined;
}

/** @param depth levels of lists and objects to look into; a hostile response may have any number */
function toMessage(value: unknown, depth = 4): string {
	if (typeof value === 'string') return toSentence(value);
	if (depth === 0) return '';
	const inner = (part: unknown) => toMessage(part, depth - 1);
	if (Array.isArray(value)) return toSentence(value.map(inner).filter(Boolean).join('; '));
	if (isPlainObject(value)) {
		const found = [value.message, value.msg, value.detail, value.error].map(inner);
		return found.find((text) => text !== '') ?? '';
	}
	return '';
}

/**
 * Milliseconds that the server asks to wait (`Retry-After`, seconds or a date), or undefined.
 *
 * @param now milliseconds since 1970
 */
export function retryAfterMs(
	response: Pick<HttpResponse, 'headers'>,
	now: number,
): number | undefined {
	const value = response.headers['retry-after']?.trim();
	if (!value) return undefined;
	if (/^\d+(\.\d+)?$/.test(value)) {
		const ms = Math.ceil(Number(value) * 1000);
		return isNumber(ms) ? ms : undefined;
	}
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
