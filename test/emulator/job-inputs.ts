import { z } from 'zod/v4';
import type { JobInputs } from './job';
import type { ModelSpec } from './models';
import { invalid, parse, parseUrl } from './validate';

const ORDERS = ['meanwhile', 'left_right', 'right_left'] as const;
const MAX_SEED = 2_147_483_647;

const url = z.string().refine((text) => /^https?:$/.test(parseUrl(text)?.protocol ?? ''), {
	error: 'an http(s) URL is required',
});

/** The inputs that take one of a few texts. */
export function choices({ resolutions, voices }: ModelSpec) {
	return {
		...(voices.length > 1 && { order: z.enum(ORDERS).optional() }),
		...(resolutions && { resolution: z.enum(Object.keys(resolutions)).optional() }),
	};
}

/** What a submission to a model may contain. */
export function inputSchema(model: ModelSpec) {
	return z.strictObject({
		image: url,
		...Object.fromEntries(model.voices.map((key) => [key, url])),
		...(model.takesMask && { mask_image: url.optional() }),
		prompt: z.string().optional(),
		seed: z.int().min(-1).max(MAX_SEED).optional(),
		...choices(model),
	});
}

/**
 * The inputs of a submission. Unknown keys are refused, so that a test sees them: the official
 * clients disagree on whether the service drops them.
 */
export function jobInputs(body: unknown, model: ModelSpec): JobInputs {
	return parse(inputSchema(model), body) as JobInputs;
}

/** The webhook URL of a submission: https, or http on this machine. */
export function webhookUrl(value: string | undefined): string | undefined {
	if (value === undefined || value === '') return undefined;
	const address = parseUrl(value);
	const local = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(address?.hostname ?? '');
	if (address?.protocol === 'https:' || (address?.protocol === 'http:' && local)) return value;
	throw invalid('webhook', 'a public https URL is required');
}
