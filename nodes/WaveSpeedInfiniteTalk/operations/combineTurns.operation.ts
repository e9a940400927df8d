import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';
import { MAX_VIDEO_S } from '../inputs/models';
import { isEmpty } from '../inputs/values';
import type { Item } from '../n8n/item';
import { readInput } from '../n8n/item';
import { throwFirstError, toNodeItems } from '../n8n/items';
import type { LocalRun } from '../n8n/run';
import type { Result } from '../shared/result';
import type { Conversation, SpokenTurn } from '../tracks/conversation';
import { combineTurns as combine, findMismatch, SERVICE_ADVICE } from '../tracks/conversation';
import { measureSound } from '../tracks/measureSound';
import type { Speaker } from '../tracks/schedule';
import type { SoundFile } from './audioFiles';
import { fileNamesOption, readSoundFile, storeTracks, throwIfCancelled } from './audioFiles';
import { optionsField } from './fields';
import { audioField } from './mediaFields';
import type { LocalOperation } from './operation';
import { prepareItems } from './prepareItems';
import { readChoice, readNumberOption } from './readField';

const DEFAULT_PAUSE_S = 0.3;
/** No video is longer. */
const MAX_PAUSE_S = MAX_VIDEO_S;

const speakerField: INodeProperties = {
	displayName: 'Speaker',
	name: 'speaker',
	type: 'options',
	default: 'left',
	description: 'Who speaks in this turn. Left and right are as you see the picture.',
	hint: "For a whole script, use an expression: {{ $json.speaker === 'Anna' ? 'left' : 'right' }}",
	options: [
		{ name: 'Left', value: 'left' },
		{ name: 'Right', value: 'right' },
	],
};

const SECONDS = { type: 'number', typeOptions: { numberPrecision: 3 } } as const;

const pauseBeforeOption: INodeProperties = {
	...SECONDS,
	displayName: 'Pause Before (Seconds)',
	name: 'pauseBeforeSeconds',
	default: DEFAULT_PAUSE_S,
	description:
		'The pause before this turn, instead of Pause Between Turns. Set it with an expression, and leave it empty for turns without a pause of their own.',
};

const pauseOption: INodeProperties = {
	...SECONDS,
	displayName: 'Pause Between Turns (Seconds)',
	name: 'pauseSeconds',
	default: DEFAULT_PAUSE_S,
	description:
		'From the end of one turn to the start of the next. If it is negative, two people talk over each other for that long. Between turns of the same person, a negative pause counts as 0.',
};

const silenceAtEndOption: INodeProperties = {
	...SECONDS,
	displayName: 'Silence at End (Seconds)',
	name: 'silenceAtEndSeconds',
	default: 1,
	description: 'How long both people are silent after the last turn',
};

const silenceAtStartOption: INodeProperties = {
	...SECONDS,
	displayName: 'Silence at Start (Seconds)',
	name: 'silenceAtStartSeconds',
	default: 1,
	description: 'How long both people are silent before the first turn',
};

/** One input item. */
interface Turn extends SpokenTurn {
	refuse: SoundFile['refuse'];
	/** What is said, where the item has it. */
	text?: string;
}

export const combineTurns: LocalOperation = {
	resource: 'audio',
	option: {
		name: 'Combine Turns',
		value: 'combineTurns',
		action: 'Combine turns into two voices',
		description:
			'Combine one sound file per turn into the two voices of a conversation. Takes all input items, in order. Nothing is sent.',
	},
	fields: updateDisplayOptions({ show: { resource: ['audio'], operation: ['combineTurns'] } }, [
		audioField('one turn of a conversation (MP3 or WAV)'),
		speakerField,
		optionsField(
			fileNamesOption,
			pauseBeforeOption,
			pauseOption,
			silenceAtEndOption,
			silenceAtStartOption,
		),
	]),

	async execute(run) {
		const [first] = readInput(run.context);
		const results = refuseMismatches(
			await prepareItems(run, async (item) => {
				throwIfCancelled(run);
				return await readTurn(run, item);
			}),
		);
		throwFirstError(run, results);
		const turns = results.flatMap((result) => ('value' in result ? [result.value] : []));
		if (turns.length < results.length) {
			// A conversation with holes is none: only what failed comes out.
			return toNodeItems(
				run,
				results.map((result) => ('error' in result ? result : { value: [] })),
			);
		}
		const conversation = combine(turns, readAround(first!));
		const binary = await storeTracks(run, conversation.tracks, first!.option('fileNames'));
		throwIfCancelled(run);
		addHints(run, conversation);
		return [
			{
				json: describe(turns, conversation),
				binary,
				pairedItem: results.map((_result, item) => ({ item })),
			},
		];
	},
};

/** @throws JobError that names the field */
async function readTurn(run: LocalRun, item: Item): Promise<Turn> {
	const speaker = readChoice(item, speakerField) as Speaker;
	const pauseS = readPause(item);
	readAround(item);
	const { type, open, refuse } = await readSoundFile(run, item);
	const sound = await measureSound(type, open);
	if ('message' in sound) {
		const { message, advice } = sound;
		throw refuse({ message, advice: `${advice} ${SERVICE_ADVICE}` });
	}
	const text = item.input()?.json.text;
	return { speaker, pauseS, sound, open, refuse, ...(typeof text === 'string' && { text }) };
}

/** Seconds before the turn; before the first one never below 0. */
function readPause(item: Item): number {
	const own = isEmpty(item.option(pauseBeforeOption.name))
		? undefined
		: readSeconds(item, pauseBeforeOption, -MAX_PAUSE_S);
	const pause = readSeconds(item, pauseOption, -MAX_PAUSE_S) ?? DEFAULT_PAUSE_S;
	return item.index === 0 ? Math.max(own ?? 0, 0) : (own ?? pause);
}

function readAround(item: Item): { startS: number; endS: number } {
	return {
		startS: readSeconds(item, silenceAtStartOption, 0) ?? 0,
		endS: readSeconds(item, silenceAtEndOption, 0) ?? 0,
	};
}

function readSeconds(item: Item, option: INodeProperties, min: number): number | undefined {
	const what = `a number from ${min} to ${MAX_PAUSE_S}`;
	return readNumberOption(item, option, what, (value) => value >= min && value <= MAX_PAUSE_S);
}

/** The turns, with an error in the place of each that does not fit those before it. */
function refuseMismatches(results: ReadonlyArray<Result<Turn>>): Array<Result<Turn>> {
	const turns: Turn[] = [];
	return results.map((result) => {
		if ('error' in result) return result;
		turns.push(result.value);
		const problem = findMismatch(turns, turns.length - 1);
		return problem ? { error: result.value.refuse(problem) } : result;
	});
}

function addHints({ report }: LocalRun, { schedule }: Conversation): void {
	if (schedule.seconds > MAX_VIDEO_S) {
		report.addNote(
			`The conversation lasts ${Math.ceil(schedule.seconds)} s, but a video can last at most ${MAX_VIDEO_S} s (${MAX_VIDEO_S / 60} minutes). Split it into several videos.`,
		);
	}
	report.addHints();
}

function describe(turns: readonly Turn[], { schedule }: Conversation) {
	return {
		duration_s: toMilliseconds(schedule.seconds),
		turns: turns.map(({ speaker, text }, index) => {
			const { startS, endS } = schedule.turns[index]!;
			return {
				speaker,
				start_s: toMilliseconds(startS),
				end_s: toMilliseconds(endS),
				...(text !== undefined && { text }),
			};
		}),
	};
}

/** Seconds, rounded to milliseconds. */
function toMilliseconds(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
