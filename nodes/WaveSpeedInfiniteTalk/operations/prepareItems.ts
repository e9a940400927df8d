/** Reads and checks all items before anything is sent. */
import { checkRequest } from '../job/checkRequest';
import type { CostLimits } from '../job/costLimits';
import { jobError } from '../job/jobError';
import { DEFAULT_MODEL } from '../job/models';
import type { CheckedRequest, InputName } from '../job/request';
import { INPUT_NAMES } from '../job/request';
import { tooLongReason, videoSeconds, voiceHints } from '../job/voiceLengths';
import type { Item } from '../n8n/item';
import { readInput } from '../n8n/item';
import { throwFirstError } from '../n8n/items';
import type { Run } from '../n8n/run';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { readCostLimits } from './costOptions';
import { readVideoRequest } from './parameters';

/**
 * @param read reads and checks one item
 * @returns a result for each item, in input order
 * @throws NodeOperationError naming every wrong item, unless the node continues on fail
 */
export async function prepareItems<T>(
	run: Run,
	read: (item: Item) => Promise<T>,
): Promise<Array<Result<T>>> {
	const results: Array<Result<T>> = [];
	for (const item of readInput(run.context)) results.push(await toResult(read(item)));
	throwFirstError(run, results);
	return results;
}

export interface PreparedRequest extends CheckedRequest {
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	limits: CostLimits;
}

/**
 * The checked inputs of a video. Reads each file once: for its digest, and for how long it sounds.
 *
 * @throws JobError that names the field
 */
export async function prepareRequest(run: Run, item: Item): Promise<PreparedRequest> {
	const limits = readCostLimits(item);
	const request = await checkRequest(await readVideoRequest(item));
	if (request.promptHint) run.report.addHint(request.promptHint);
	const seconds: Partial<Record<InputName, number>> = {};
	const reading = INPUT_NAMES.map(async (input) => {
		const source = request.media[input];
		if (!('file' in source)) return;
		const content = await run.contents.of(input, source.file);
		// From now on equal files are told by their content: each is uploaded once.
		source.file = { ...source.file, identity: content.sha256 };
		if (content.seconds !== undefined) seconds[input] = content.seconds;
	});
	await Promise.all(reading);
	const { order, model } = request;
	const lengths = { left: seconds.leftAudio, right: seconds.rightAudio };
	const reason = tooLongReason(lengths, order, model);
	if (reason) {
		const advice =
			model.maxVideoS < DEFAULT_MODEL.maxVideoS
				? 'Use shorter voices, or choose another Model in the options.'
				: 'Use shorter voices.';
		throw jobError(`Left Audio and Right Audio: ${reason}`, advice, { step: 'check' });
	}
	for (const hint of voiceHints(lengths, order, model)) run.report.addHint(hint);
	const durationS = videoSeconds(lengths, order);
	return { ...request, limits, ...(durationS !== undefined && { durationS }) };
}

/** @throws the error of the item whose check had failed */
export function requirePrepared<T>(prepared: ReadonlyArray<Result<T>>, itemIndex: number): T {
	const result = prepared[itemIndex]!;
	if ('error' in result) throw result.error;
	return result.value;
}
