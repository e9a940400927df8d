/** Makes the two voices fit each other: silence for a person who only listens, and equal lengths. */
import type { Contents } from './contents';
import type { Voice } from './evenOut';
import { CLOSE_S, evenOut } from './evenOut';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import { silentFile } from './madeFiles';
import type { Model } from './models';
import { MAX_VIDEO_S } from './models';
import type { InputName, VoiceName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { CheckedRequest, FileMedia, FittedRequest, Silence } from './request';
import type { VoiceLengths } from './voiceLengths';
import { tooLongReason, videoSeconds, voiceHints } from './voiceLengths';

/** Seconds of silence for a person who never speaks while the voices take turns. */
const SILENT_TURN_S = 1;

/**
 * Reads each file once, for its digest and its duration, and makes what is missing: silence, and voices
 * of equal length where both sound together. Afterwards the `identity` of a file is the SHA-256 of its content.
 *
 * @throws JobError that names the field, when a file cannot be read, the voices are too long, or a length
 * that is needed is not known
 */
export async function fitVoices(
	request: CheckedRequest,
	contents: Pick<Contents, 'of'>,
): Promise<FittedRequest> {
	const { order, model, media } = request;
	const isTogether = order === 'meanwhile';
	const [image, left, right] = await Promise.all([
		readMedia('image', media.image as FileMedia, contents),
		readVoice('leftAudio', media.leftAudio!, contents),
		readVoice('rightAudio', media.rightAudio!, contents),
	]);
	const lengths = {
		leftAudio: left ? left.seconds : silentSeconds('leftAudio', right, isTogether),
		rightAudio: right ? right.seconds : silentSeconds('rightAudio', left, isTogether),
	};
	if (!isTogether) requireNoConversation(request.conversationS, lengths);
	const reason = tooLongReason(lengths, order, model);
	if (reason) throw tooLongError(reason, model);
	let [first, second] = await Promise.all([
		left ?? makeSilence('leftAudio', lengths.leftAudio, contents),
		right ?? makeSilence('rightAudio', lengths.rightAudio, contents),
	]);
	const spoken = { leftAudio: left?.seconds, rightAudio: right?.seconds };
	let problem: string | undefined;
	if (isTogether && left && right) {
		const even = await evenOut([left, right], contents);
		[first, second] = even.voices;
		problem = even.problem;
	}
	const durationS = videoSeconds({ leftAudio: first.seconds, rightAudio: second.seconds }, order);
	return {
		...request,
		media: { image: image.media, leftAudio: first.media, rightAudio: second.media },
		hints: [
			...[image, first, second].flatMap(({ media: { hints = [] } }) => hints),
			...voiceHints(spoken, order, model, problem),
		],
		...(durationS !== undefined && { durationS }),
	};
}

/**
 * The voices of a conversation are silent where the other one speaks. One after the other, they would make
 * a video of twice the length, half of it silence.
 *
 * @param seconds of the conversation in the item
 * @throws JobError when both voices have its length
 */
function requireNoConversation(seconds: number | undefined, lengths: VoiceLengths): void {
	const isLike = (other = NaN) => seconds !== undefined && Math.abs(other - seconds) < CLOSE_S;
	if (!isLike(lengths.leftAudio) || !isLike(lengths.rightAudio)) return;
	throw jobError(
		'Speaking Order: these two voices are one conversation, and already pause for each other',
		'Choose Both at the Same Time for voices of Combine Turns.',
		{ step: 'check' },
	);
}

/** @returns undefined for silence */
async function readVoice(
	input: VoiceName,
	media: FileMedia | Silence,
	contents: Pick<Contents, 'of'>,
): Promise<Voice | undefined> {
	if ('silence' in media) return undefined;
	return { input, ...(await readMedia(input, media, contents)) };
}

async function readMedia(
	input: InputName,
	media: FileMedia,
	contents: Pick<Contents, 'of'>,
): Promise<Omit<Voice, 'input'>> {
	const { sha256, seconds } = await contents.of(input, media.file);
	return { media: { ...media, file: { ...media.file, identity: sha256 } }, seconds };
}

async function makeSilence(
	input: VoiceName,
	seconds = SILENT_TURN_S,
	contents: Pick<Contents, 'of'>,
): Promise<Voice> {
	return { input, ...(await readMedia(input, silentFile(seconds), contents)) };
}

/**
 * Seconds of silence: as long as the other voice where both sound together.
 *
 * @throws JobError when the length of the other voice is not known
 */
function silentSeconds(input: VoiceName, other: Voice | undefined, isTogether: boolean): number {
	if (!isTogether) return SILENT_TURN_S;
	if (other?.seconds !== undefined) return other.seconds;
	const label = INPUT_LABELS[other?.input ?? input];
	throw jobError(
		`${INPUT_LABELS[input]}: silence is made as long as ${label}, whose length its file does not tell`,
		`Give ${label} as a WAV or MP3 file, or choose in Speaking Order who speaks first.`,
		{ step: 'check', input },
	);
}

function tooLongError(reason: string, { maxVideoS }: Model): JobError {
	const hasLonger = (maxVideoS ?? 0) < MAX_VIDEO_S;
	return jobError(
		`Left Audio and Right Audio: ${reason}`,
		hasLonger
			? 'Use shorter voices, or choose another Model in the options.'
			: 'Use shorter voices.',
		{ step: 'check' },
	);
}
