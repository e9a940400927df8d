import { ApiError } from './envelope';

/** RFC 3339: date, time and offset are all required. */
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/i;

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

export function optionalText(body: Fields, field: string): string | undefined {
	return body[field] === undefined ? undefined : text(body, field);
}

export function integer(body: Fields, field: string, least: number, most: number): number {
	const value = body[field];
	if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) {
		return value;
	}
	throw invalid(field, `an integer from ${least} to ${most} is required`);
}

export interface Page {
	page: number;
	pageSize: number;
}

/** `page` and `page_size`, both required. */
export function pageOf(body: Fields): Page {
	return {
		page: integer(body, 'page', 1, 1_000_000),
		pageSize: integer(body, 'page_size', 1, 100),
	};
}

export function slicePage<T>(items: T[], { page, pageSize }: Page): T[] {
	return items.slice((page - 1) * pageSize, page * pageSize);
}

/** An optional RFC 3339 field in milliseconds since the epoch. */
export function rfc3339(body: Fields, field: string): number | undefined {
	const value = optionalText(body, field);
	if (value === undefined) return undefined;
	const time = RFC_3339.test(value) ? Date.parse(value) : NaN;
	if (Number.isNaN(time)) throw invalid(field, 'an RFC 3339 time is required');
	return time;
}

/** In hot code, Node.js 20's URL.canParse() rejects valid non-ASCII URLs; hence the try. */
export function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
