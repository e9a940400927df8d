/** Reads the files of an item, and makes what is missing: silence for a person who only listens, and equal lengths. */
import type { ByInput, InputName, VoiceName } from '../errors/inputNames';
import { INPUT_LABELS, inputEntries, kindOf } from '../errors/inputNames';
import { jobError } from '../errors/jobError';
import { joinWords } from '../shared/characters';
import type { Contents } from './contents';
import type { ReadMedia } from './madeFiles';
import { CLOSE_S, padShorter, silentFile } from './madeFiles';
import { MAX_VIDEO_S } from './models';
import type { CheckedRequest, FileMedia, FittedRequest } from './request';
import type { VoiceLengths } from './voiceLengths';
import { tooLongReason, videoSeconds, voiceHints } from './voiceLengths';

/** Seconds of silence for a person who never speaks while the voices take turns. */
const SILENT_TURN_S = 1;

/**
 * Reads each file once, for its digest and its duration, and makes what is missing: silence, and voices
 * of equal length where both sound together. Afterwards the `fileId` of a file is the SHA-256 of its content.
 *
 * @throws JobError that names the field, when a file cannot be read, the voices are too long, or a length
 * that is needed is not known
 */
export async function fitVoices(
	request: CheckedRequest,
	contents: Pick<Contents, 'of'>,
): Promise<FittedRequest> {
	const { order, model } = request;
	const read = async (input: InputName, media: FileMedia): Promise<ReadMedia> => {
		const { sha256, found } = await contents.of(input, media.file);
		const { seconds, wav } = found && 'kind' in found ? found : {};
		return { ...media, file: { ...media.file, fileId: sha256 }, seconds, wav };
	};
	const given: ByInput<ReadMedia> = {};
	const silent: VoiceName[] = [];
	await Promise.all(
		inputEntries(request.media).map(async ([input, media]) => {
			if ('file' in media) given[input] = await read(input, media);
			else silent.push(input as VoiceName);
		}),
	);
	const spoken = lengthsOf(given);
	const silence = silent.map((input) => [input, silentSeconds(input, spoken, order)] as const);
	const lengths = { ...spoken, ...Object.fromEntries(silence) };
	requirePossible(request, lengths);
	for (const [input, seconds] of silence) given[input] = await read(input, silentFile(seconds));
	const { leftAudio, rightAudio } = given;
	const isPair = order === 'meanwhile' && silent.length === 0 && leftAudio && rightAudio;
	const { padded, problem } = isPair ? await padShorter({ leftAudio, rightAudio }, read) : {};
	const media = { ...given, ...padded };
	const durationS = videoSeconds(lengthsOf(media), order);
	return {
		...request,
		media,
		notes: [
			...inputEntries(media).flatMap(([, { notes = [] }]) => notes),
			...voiceHints(spoken, order, model, problem),
		],
		...(durationS !== undefined && { durationS }),
	};
}

/** @throws JobError when the voices are too long, or those of a conversation that is already in turns */
function requirePossible(request: CheckedRequest, lengths: VoiceLengths): void {
	const { order, model, conversationS = NaN } = request;
	const isConversation = [lengths.leftAudio, lengths.rightAudio].every(
		(seconds = NaN) => Math.abs(seconds - conversationS) < CLOSE_S,
	);
	// One after the other, such voices would make a video of twice the length, half of it silence.
	if (order !== 'meanwhile' && isConversation) {
		throw jobError(
			'Speaking Order: these voices come from Combine Turns and already take turns',
			'Choose Both at the Same Time.',
			{ step: 'check' },
		);
	}
	const reason = tooLongReason(lengths, order, model);
	if (!reason) return;
	const voices = inputEntries(lengths).map(([input]) => INPUT_LABELS[input]);
	const shorter = voices.length > 1 ? 'shorter voices' : 'a shorter voice';
	const hasLonger = (model.maxVideoS ?? 0) < MAX_VIDEO_S;
	throw jobError(
		`${joinWords(voices)}: ${reason}`,
		`Use ${shorter}${hasLonger ? ', or choose another Model in the options' : ''}.`,
		{ step: 'check' },
	);
}

function lengthsOf(read: ByInput<ReadMedia>): VoiceLengths {
	const voices = inputEntries(read).filter(([input]) => kindOf(input) === 'audio');
	return Object.fromEntries(voices.map(([input, { seconds }]) => [input, seconds]));
}

/**
 * Seconds of silence: as long as the other voice where both sound together.
 *
 * @throws JobError when the length of the other voice is not known
 */
function silentSeconds(
	input: VoiceName,
	spoken: VoiceLengths,
	order: CheckedRequest['order'],
): number {
	if (order !== 'meanwhile') return SILENT_TURN_S;
	const other = input === 'leftAudio' ? 'rightAudio' : 'leftAudio';
	const seconds = spoken[other];
	if (seconds !== undefined) return seconds;
	throw jobError(
		`${INPUT_LABELS[input]}: silence must be as long as ${INPUT_LABELS[other]}, but the length of that file is unknown`,
		`Use a WAV or MP3 file for ${INPUT_LABELS[other]}, or choose who speaks first in Speaking Order.`,
		{ step: 'check', input },
	);
}
