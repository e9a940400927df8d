import { z } from 'zod/v4';
import { ApiError } from './envelope';

/** Fields of every request for a page. */
export const pageFields = { page: z.int().min(1), page_size: z.int().min(1).max(100) };

/** An optional RFC 3339 time, in milliseconds since the epoch. */
export const timeField = z.iso.datetime({ offset: true }).transform(Date.parse).optional();

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A 400 that names the field. */
export function invalid(field: string, reason: string): ApiError {
	return new ApiError(400, `Invalid parameter "${field}": ${reason}`);
}

/** The body as the schema has it; throws a 400 that names the first field that is not. */
export function parse<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
	const { data, error } = schema.safeParse(body);
	const issue = error?.issues[0];
	if (!issue) return data as z.infer<Schema>;
	const unknown = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
	throw invalid(unknown ?? issue.path.join('.'), issue.message);
}

export function slicePage<T>(items: T[], query: { page: number; page_size: number }): T[] {
	return items.slice((query.page - 1) * query.page_size, query.page * query.page_size);
}

/** In hot code, Node.js 20's URL.canParse() rejects valid non-ASCII URLs; hence the try. */
export function parseUrl(text: string): URL | undefined {
	try {
		return new URL(text);
	} catch {
		return undefined;
	}
}
