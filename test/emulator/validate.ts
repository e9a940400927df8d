import { ApiError } from './envelope';
import type { JobInputs } from './job';

const ORDERS = ['meanwhile', 'left_right', 'right_left'];
const URL_FIELDS = ['image', 'left_audio', 'right_audio'] as const;
const KNOWN = new Set<string>([...URL_FIELDS, 'prompt', 'order', 'seed']);
const LARGEST_SEED = 2_147_483_647;

export type Fields = Record<string, unknown>;

export function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A 400 that names the field. */
export function invalid(field: string, reason: string): ApiError {
	return new ApiError(400, `Invalid parameter "${field}": ${reason}`);
}

export function bodyOf(body: unknown): Fields {
	if (!isObject(body)) throw new ApiError(400, 'The request body must be a JSON object');
	return body;
}

export function text(body: Fields, field: string): string {
	const value = body[field];
	if (typeof value !== 'string' || value === '') throw invalid(field, 'a text is required');
	return value;
}

export function integer(body: Fields, field: string, least: number, most: number): number {
	const value = body[field];
	if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
		return value;
	}
	throw invalid(field, `an integer from ${least} to ${most} is required`);
}

/** An optional ISO 8601 field in milliseconds since the epoch. */
export function isoTime(body: Fields, field: string): number | undefined {
	if (body[field] === undefined) return undefined;
	const time = Date.parse(text(body, field));
	if (Number.isNaN(time)) throw invalid(field, 'an ISO 8601 time is required');
	return time;
}

/** The inputs of a submission; unknown keys are dropped silently, as the service does. */
export function jobInputs(body: Fields): { inputs: JobInputs; ignoredKeys: string[] } {
	for (const field of URL_FIELDS) requireUrl(body, field);
	if (body['prompt'] !== undefined && typeof body['prompt'] !== 'string') {
		throw invalid('prompt', 'a text is required');
	}
	if (body['order'] !== undefined && !ORDERS.includes(String(body['order']))) {
		throw invalid('order', `one of ${ORDERS.join(', ')} is required`);
	}
	if (body['seed'] !== undefined) integer(body, 'seed', -1, LARGEST_SEED);
	const known = Object.entries(body).filter(([key]) => KNOWN.has(key));
	const ignoredKeys = Object.keys(body).filter((key) => !KNOWN.has(key));
	return { inputs: Object.fromEntries(known) as unknown as JobInputs, ignoredKeys };
}

function requireUrl(body: Fields, field: string): void {
	if (body[field] === undefined || body[field] === '') throw invalid(field, 'it is required');
	const value = body[field];
	const url = typeof value === 'string' ? parseUrl(value) : undefined;
	if (!url || !['http:', 'https:'].includes(url.protocol)) {
		throw invalid(field, 'an http(s) URL is required');
	}
}

/** The webhook URL of a submission: https, or http on this machine. */
export function webhookUrl(value: string | undefined): string | undefined {
	if (value === undefined || value === '') return undefined;
	const url = parseUrl(value);
	const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url?.hostname ?? '');
	if (url?.protocol === 'https:' || (url?.protocol === 'http:' && local)) return value;
	throw invalid('webhook', 'a public https URL is required');
}

/** In hot code, Node.js 20's URL.canParse() rejects valid non-ASCII URLs; hence the try. */
function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
