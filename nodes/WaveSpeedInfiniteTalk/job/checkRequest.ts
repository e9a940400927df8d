/** The step before anything is sent or spent: is what the item asks for possible at all? */
import { checkPromptText } from '../media/promptText';
import { checkPublicUrl } from '../media/publicUrl';
import { shorten } from '../media/characters';
import { checkFile } from './checkFile';
import { jobError } from './jobError';
import type { CheckedMedia, CheckedRequest, InputName, Order, VideoRequest } from './request';
import { INPUT_LABELS, INPUT_NAMES, ORDERS } from './request';

/** Largest seed, a signed 32-bit integer (model page of infinitetalk-fast/multi). */
export const MAX_SEED = 2_147_483_647;

/**
 * Checks one item. Reads the first bytes of each file, and more only where these do not tell what it is.
 *
 * @throws JobError that names the field, the cause and the next step
 */
export async function checkRequest(request: VideoRequest): Promise<CheckedRequest> {
	const order = checkOrder(request.order);
	const seed = checkSeed(request.seed);
	const prompt = checkPrompt(request.prompt);
	const media = {} as Record<InputName, CheckedMedia>;
	for (const input of INPUT_NAMES) {
		const source = request[input];
		media[input] =
			'url' in source ? { url: checkUrl(input, source.url) } : await checkFile(input, source.file);
	}
	return { media, order, ...prompt, ...(seed !== undefined && { seed }) };
}

function checkOrder(order: string): Order {
	const known = ORDERS.find((candidate) => candidate === order);
	if (known) return known;
	throw jobError(
		`Speaking Order: "${shorten(order)}" is not known`,
		'Use one of: meanwhile (both at the same time), left_right (left first), right_left (right first).',
		{ step: 'check' },
	);
}

/** @returns undefined when the user gives none: then the seed is derived from the inputs */
function checkSeed(seed: unknown): number | undefined {
	const value = typeof seed === 'string' && seed.trim() !== '' ? Number(seed) : seed;
	if (value === undefined || value === null || value === '') return undefined;
	if (typeof value === 'number' && Number.isInteger(value) && value >= -1 && value <= MAX_SEED) {
		return value;
	}
	throw jobError(
		`Seed: ${shorten(JSON.stringify(seed) ?? String(seed))} is not a whole number from -1 to ${MAX_SEED}`,
		'Use -1 for a different result each time, or a whole number to repeat a result.',
		{ step: 'check' },
	);
}

function checkPrompt(value: unknown): Pick<CheckedRequest, 'prompt' | 'promptHint'> {
	const checked = checkPromptText(value);
	if ('cause' in checked) {
		throw jobError(`Prompt: ${checked.cause}`, checked.advice, { step: 'check' });
	}
	const { prompt, hint } = checked;
	return { prompt, ...(hint && { promptHint: `Prompt: ${hint}` }) };
}

/**
 * A web address that the service can fetch, as far as its text tells, in the form that is sent.
 *
 * @throws JobError
 */
export function checkUrl(input: InputName, text: string): string {
	const label = INPUT_LABELS[input];
	const checked = checkPublicUrl(text, label);
	if ('url' in checked) return checked.url;
	throw jobError(`${label}: ${checked.cause}`, checked.advice, { step: 'check', input });
}
