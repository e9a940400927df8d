/** Reads the fields that more than one operation has. All are read before anything is sent. */
import type { OutputForm } from '../output/output';
import type { Speakers } from '../inputs/models';
import { INPUTS_FOR } from '../inputs/models';
import type { VideoRequest } from '../inputs/request';
import { isLeftEmpty, readMedia } from '../n8n/media';
import type { Item } from '../n8n/item';
import type { LocalRun } from '../n8n/run';
import { isTool } from '../n8n/tool';
import {
	downloadField,
	includeInputFieldsOption,
	maxParallelJobsOption,
	onTimeoutOption,
	timeoutOption,
	waitingOption,
} from './fields';
import { speakersField } from './mediaFields';
import { readOutputForm } from './outputFields';
import {
	readChoice,
	readChoiceOption,
	readNumberOption,
	readSwitch,
	readSwitchOption,
} from './readField';

const MINUTE_MS = 60_000;
const DEFAULT_PARALLEL_JOBS = 50;

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
	/** True to keep the execution in memory while its jobs run; that of the first item counts. */
	keepRunning: boolean;
	/** Jobs of the run that may be unfinished at the same time; that of the first item counts. */
	maxParallelJobs: number;
}

export function readOutputParameters(item: Item): OutputParameters {
	const form = readOutputForm(item);
	const fileName = String(item.option('fileName') ?? '');
	const download = readSwitch(item, downloadField);
	const field = download ? String(item.parameter('outputField', 'data') ?? '').trim() : '';
	// A model reads text only: n8n would drop the file, or hand the model its content as text.
	if (!download || isTool(item.context)) return { fileName, form };
	return { fileName, form, binaryField: field || 'data' };
}

/** Notes whether the item keeps the fields of its input. @throws JobError when the option is no switch */
export function noteInputFields(run: LocalRun, item: Item): void {
	if (isTool(item.context)) return;
	if (readSwitchOption(item, includeInputFieldsOption)) run.keepsInput.add(item.index);
}

export function readWaitParameters(item: Item): WaitParameters {
	const minutes = readNumberOption(item, timeoutOption, 'a number above 0', (number) => number > 0);
	const jobs = readNumberOption(
		item,
		maxParallelJobsOption,
		'a whole number of at least 1',
		(number) => Number.isInteger(number) && number >= 1,
	);
	return {
		timeoutMs: minutes === undefined ? undefined : minutes * MINUTE_MS,
		outputAtTimeout: readChoiceOption(item, onTimeoutOption) === 'output',
		keepRunning: readChoiceOption(item, waitingOption) === 'keepRunning',
		maxParallelJobs: jobs ?? DEFAULT_PARALLEL_JOBS,
	};
}

/** Name of the model; see {@link readOption}. */
export function readModel(item: Item): unknown {
	return readOption(item, 'model');
}

/** Undefined when the user has not added the option, null when its expression gives nothing. */
function readOption(item: Item, name: string): unknown {
	return item.hasOption(name) ? (item.option(name) ?? null) : undefined;
}

/**
 * What the video is made of, and what is wrong with its files.
 *
 * @param addNote takes what to know about files that no field names
 */
export async function readVideoRequest(
	item: Item,
	addNote: (note: string) => void,
): Promise<VideoRequest> {
	const speakers = readChoice(item, speakersField) as Speakers;
	const given = INPUTS_FOR[speakers].filter(
		(input) => input !== 'maskImage' || !isLeftEmpty(item, input),
	);
	return {
		speakers,
		media: await readMedia(item, given, addNote),
		order: item.parameter('order', 'meanwhile'),
		prompt: item.parameter('prompt', ''),
		seed: readOption(item, 'seed'),
		model: readModel(item),
		...readConversation(item),
	};
}

/** What Combine Turns says in its output, where the item is one. */
function readConversation(item: Item): Pick<VideoRequest, 'conversationS'> {
	const { duration_s: seconds, turns } = item.input()?.json ?? {};
	const isOne = Array.isArray(turns) && turns.some((turn) => turn?.start_s !== undefined);
	return isOne && typeof seconds === 'number' ? { conversationS: seconds } : {};
}
