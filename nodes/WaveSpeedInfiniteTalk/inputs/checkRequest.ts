/** The step before anything is sent or spent: is what the item asks for possible at all? */
import { toResult } from '../shared/result';
import { checkPromptText } from './promptText';
import { checkPublicUrl } from './publicUrl';
import { checkFile } from './checkFile';
import type { Contents } from './contents';
import { combineErrors, JobError, jobError } from '../errors/jobError';
import type { Model } from './models';
import { requireModel } from './models';
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_LABELS, inputEntries } from '../errors/inputNames';
import type {
	CheckedRequest,
	FileMedia,
	MediaSource,
	Silence,
	VideoRequest,
	WebFile,
} from './request';
import { ORDERS } from './request';
import { toChoice, toNumber } from './values';

/** A medium whose file may still be to be fetched. */
export type CheckedMedia = FileMedia | Silence | WebFile;

/** Largest seed, a signed 32-bit integer (model page of infinitetalk-fast/multi). */
export const MAX_SEED = 2_147_483_647;

/**
 * Checks one item, as far as nothing is fetched for it. Reads each of its files, once in a run.
 *
 * @param baseUrl of the API; only beside one on loopback a file may be on loopback
 * @throws JobError that names every wrong field, the cause and the next step
 */
export async function checkRequest(
	request: VideoRequest,
	contents: Pick<Contents, 'of'>,
	baseUrl = '',
): Promise<CheckedRequest<CheckedMedia>> {
	const errors: JobError[] = [];
	const collect = async <T>(check: () => T | Promise<T>): Promise<T | undefined> => {
		const result = await toResult(Promise.resolve().then(check));
		if ('value' in result) return result.value;
		if (!(result.error instanceof JobError)) throw result.error;
		errors.push(result.error);
		return undefined;
	};
	const media: ByInput<CheckedMedia> = {};
	for (const [input, source] of inputEntries(request.media)) {
		const checked = await collect(async () => await checkMedia(input, source, contents, baseUrl));
		if (checked) media[input] = checked;
	}
	await collect(() => requireVoice(media));
	const prompt = await collect(() => checkPrompt(request.prompt));
	const seed = await collect(() => checkSeed(request.seed));
	const model = await collect(() => requireModel(request.model, request.speakers));
	// Without an order, all that is heard is heard at once.
	const order = await collect(() =>
		model?.takesOrder === false ? 'meanwhile' : toChoice('Speaking Order', request.order, ORDERS),
	);
	await collect(() => requireTaken(media, model));
	if (errors.length > 0) throw combineErrors(errors);
	return {
		model: model!,
		media,
		order: order!,
		...prompt!,
		...(seed !== undefined && { seed }),
		...(request.conversationS !== undefined && { conversationS: request.conversationS }),
	};
}

async function checkMedia(
	input: InputName,
	source: MediaSource,
	contents: Pick<Contents, 'of'>,
	baseUrl: string,
): Promise<CheckedMedia> {
	if ('error' in source) throw source.error;
	if ('silence' in source) return source;
	if ('url' in source) return { url: checkUrl(input, source.url, baseUrl) };
	return await checkFile(input, source.file, contents);
}

function requireVoice({ leftAudio, rightAudio }: ByInput<CheckedMedia>): void {
	if (!leftAudio || !rightAudio || !('silence' in leftAudio && 'silence' in rightAudio)) return;
	throw jobError(
		'Left Audio and Right Audio are both set to Silence',
		'Give at least one of them a voice.',
		{ step: 'check' },
	);
}

function requireTaken(media: ByInput<CheckedMedia>, model: Model | undefined): void {
	const [extra] = inputEntries(media).filter(([input]) => model?.inputs.includes(input) === false);
	if (!extra || !model) return;
	const [input] = extra;
	throw jobError(
		`${INPUT_LABELS[input]}: the model ${model.label} does not support this input`,
		`Leave ${INPUT_LABELS[input]} empty, or choose another Model in the options.`,
		{ step: 'check', input },
	);
}

/**
 * The seed as the user gives it. Digits only: somebody who writes `1e3` or `0x10` means something else.
 *
 * @returns undefined when the user has not added the option: then the seed is derived from the inputs
 */
function checkSeed(seed: unknown): number | undefined {
	if (seed === undefined) return undefined;
	const isOtherText = typeof seed === 'string' && !/^\s*-?\d*\s*$/.test(seed);
	return toNumber('Seed', seed, {
		what: `a whole number from -1 to ${MAX_SEED}`,
		accepts: (number) =>
			!isOtherText && Number.isInteger(number) && number >= -1 && number <= MAX_SEED,
		advice:
			'Use -1 for a new take each time or another number for a similar take, or remove the option.',
	});
}

function checkPrompt(value: unknown): Pick<CheckedRequest, 'prompt' | 'promptNote'> {
	const checked = checkPromptText(value);
	if ('message' in checked) {
		throw jobError(`Prompt: ${checked.message}`, checked.advice, { step: 'check' });
	}
	const { prompt, note } = checked;
	return { prompt, ...(note && { promptNote: `Prompt: ${note}` }) };
}

/**
 * A web address that the node can fetch, as far as its text tells.
 *
 * @throws JobError
 */
export function checkUrl(input: InputName, text: string, baseUrl: string): string {
	const label = INPUT_LABELS[input];
	const checked = checkPublicUrl(text, label, baseUrl);
	if ('url' in checked) return checked.url;
	throw jobError(`${label}: ${checked.message}`, checked.advice, { step: 'check', input });
}
