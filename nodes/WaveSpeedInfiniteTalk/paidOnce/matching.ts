/** What a job of the history shows of itself, compared with what is asked for. */
import type { SubmitBody } from '../api/client';
import type { Prediction } from '../api/prediction';
import { INPUT_KEYS } from '../errors/inputNames';
import type { Model } from '../inputs/models';
import { DEFAULT_RESOLUTION } from '../inputs/models';

/** What a job must show, beside the content of its files. */
export interface JobQuery {
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	/** As it was sent; undefined for a model that has none. */
	resolution: string | undefined;
	order: string;
	prompt: string;
	/** -1 for any: the history may show the one that was drawn. */
	seed: number;
}

/** True when a job of the history has the model, resolution, order, prompt and seed that are asked for. */
export function matchesQuery({ model, inputs }: Prediction, query: JobQuery): boolean {
	return (
		inputs !== undefined &&
		(model ?? query.model) === query.model &&
		hasResolution(inputs, query.resolution) &&
		// The history may leave defaults out.
		(inputs.order ?? 'meanwhile') === query.order &&
		normalizePrompt(String(inputs.prompt ?? '')) === normalizePrompt(query.prompt) &&
		(query.seed === -1 || inputs.seed === query.seed)
	);
}

/** True when a job of the history is one that was sent: nobody else has the addresses of its uploads. */
export function matchesSubmission(item: Prediction, model: string, body: SubmitBody): boolean {
	const { inputs = {} } = item;
	const { resolution, order = 'meanwhile', prompt = '', seed } = body;
	const hasAddresses = Object.values(INPUT_KEYS).every(
		(key) => (inputs[key] || undefined) === body[key],
	);
	// The addresses say enough where the history leaves the seed out.
	const shown = inputs.seed === undefined ? -1 : seed;
	return hasAddresses && matchesQuery(item, { model, resolution, order, prompt, seed: shown });
}

/** A prompt without what nobody sees: the kind of line ends, outer blanks, the form of accents. */
export function normalizePrompt(prompt: string): string {
	return prompt.replace(/\r\n?/g, '\n').trim().normalize('NFC');
}

/** True when a job has the model's resolution as well, or does not show which it has. */
export function isOfModel(item: Prediction, { id, resolution }: Model): boolean {
	if (item.model !== undefined && item.model !== id) return false;
	return item.inputs === undefined || hasResolution(item.inputs, resolution);
}

/** Milliseconds since 1970; NaN when the job has no date. The API's nanoseconds are cut off. */
export function createdAtMs({ createdAt = '' }: Pick<Prediction, 'createdAt'>): number {
	return Date.parse(createdAt.replace(/(\.\d{3})\d+/, '$1'));
}

function hasResolution(inputs: Record<string, unknown>, resolution: string | undefined): boolean {
	return (inputs.resolution ?? DEFAULT_RESOLUTION) === (resolution ?? DEFAULT_RESOLUTION);
}
