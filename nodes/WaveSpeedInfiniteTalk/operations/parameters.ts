/** Reads the fields that more than one operation has. All are read before anything is sent. */
import type { OutputForm } from '../output/output';
import type { VideoRequest } from '../inputs/request';
import { readMedia } from '../n8n/media';
import { listNodesBefore } from '../n8n/readWiring';
import { adviseOnSwap } from '../n8n/wiring';
import type { Item } from '../n8n/item';
import { isTool } from '../n8n/tool';
import { readOutputForm } from './outputFields';

const MINUTE_MS = 60_000;

/** What becomes of a finished job. */
export interface OutputParameters {
	/** Binary field for the video; none when it is not downloaded. */
	binaryField?: string;
	/** Name for the file; may be empty. */
	fileName: string;
	form: OutputForm;
}

export interface WaitParameters {
	/** Undefined to let it follow from the length of the video. */
	timeoutMs: number | undefined;
	/** True to output the unfinished job when the time has passed, false to fail the item. */
	outputAtTimeout: boolean;
}

export function readOutputParameters(item: Item): OutputParameters {
	const form = readOutputForm(item);
	const fileName = String(item.option('fileName') ?? '');
	const download = item.parameter('downloadVideo', false) as boolean;
	const field = download ? String(item.parameter('outputField', 'data') ?? '').trim() : '';
	// A model reads text only: n8n would drop the file, or hand the model its content as text.
	if (!download || isTool(item.context)) return { fileName, form };
	return { fileName, form, binaryField: field || 'data' };
}

export function readWaitParameters(item: Item): WaitParameters {
	const minutes = Number(item.option('timeoutMinutes'));
	const isGiven = Number.isFinite(minutes) && minutes > 0;
	return {
		timeoutMs: isGiven ? minutes * MINUTE_MS : undefined,
		outputAtTimeout: item.option('onTimeout') === 'output',
	};
}

/** Name of the model; undefined when the user has not chosen, null when an expression gives nothing. */
export function readModel(item: Item): unknown {
	return item.hasOption('model') ? (item.option('model') ?? null) : undefined;
}

/** What the video is made of, and what is wrong with its files. */
export async function readVideoRequest(item: Item): Promise<VideoRequest> {
	return {
		...(await readMedia(item)),
		order: String(item.parameter('order')),
		prompt: item.parameter('prompt', ''),
		seed: item.option('seed'),
		model: readModel(item),
		evenOutLengths: item.option('evenOutLengths') === true,
		swapAdvice: adviseOnSwap(listNodesBefore(item.context)),
	};
}
