import type { JobInputs } from './job';
import type { ModelSpec } from './models';
import { integer, invalid, parseUrl, type Fields } from './validate';

export const ORDERS = ['meanwhile', 'left_right', 'right_left'];
const URL_FIELDS = ['image', 'left_audio', 'right_audio'] as const;
const MAX_SEED = 2_147_483_647;

/**
 * The inputs of a submission. Unknown keys are dropped (and returned) or refused with a 400: the
 * official clients disagree on what the service does. A null is always refused.
 */
export function jobInputs(
	body: Fields,
	model: ModelSpec,
	unknownKeys: 'drop' | 'refuse',
): { inputs: JobInputs; ignoredKeys: string[] } {
	for (const [field, value] of Object.entries(body)) {
		if (value === null) throw invalid(field, 'null is not allowed');
	}
	for (const field of URL_FIELDS) requireUrl(body, field);
	if (body['prompt'] !== undefined && typeof body['prompt'] !== 'string') {
		throw invalid('prompt', 'a text is required');
	}
	checkEnums(body, model);
	if (body['seed'] !== undefined) integer(body, 'seed', -1, MAX_SEED);
	const known = new Set<string>([...URL_FIELDS, 'prompt', 'order', 'seed']);
	if (model.resolutions) known.add('resolution');
	const ignoredKeys = Object.keys(body).filter((key) => !known.has(key));
	const [unknown] = ignoredKeys;
	if (unknown !== undefined && unknownKeys === 'refuse') throw invalid(unknown, 'unknown');
	const inputs = Object.fromEntries(Object.entries(body).filter(([key]) => known.has(key)));
	return { inputs: inputs as unknown as JobInputs, ignoredKeys };
}

/** Refuses a text that is none of the allowed ones, in `order` and (if there is one) `resolution`. */
export function checkEnums(body: Fields, { resolutions }: ModelSpec): void {
	requireOneOf(body, 'order', ORDERS);
	if (resolutions) requireOneOf(body, 'resolution', Object.keys(resolutions));
}

function requireOneOf(body: Fields, field: string, allowed: string[]): void {
	if (body[field] === undefined || allowed.includes(body[field] as string)) return;
	throw invalid(field, `one of ${allowed.join(', ')} is required`);
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
