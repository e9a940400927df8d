/** Pads the shorter of two voices that speak at the same time with silence. */
import { planWavPadding } from '../tracks/padWav';
import type { WavLayout } from '../probe/wav';
import { MAX_FILE_BYTES, megabytes } from './checkFile';
import type { Contents } from './contents';
import { jobError } from '../errors/jobError';
import { paddedFile } from './madeFiles';
import type { VoiceName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { FileMedia } from './request';

/** Seconds. Smaller differences are ignored: some formats give no more precise duration. */
const CLOSE_S = 0.1;

/** One of the two, with what its file tells. */
export interface Voice {
	input: VoiceName;
	media: FileMedia;
	/** Undefined where the length is not known. */
	seconds?: number | undefined;
	/** Of WAV files only. */
	wav?: WavLayout | undefined;
}

/**
 * The two voices, the shorter one padded to the length of the other. Its digest is that of the padded file.
 *
 * @throws JobError that names the field, when a length is not known or the shorter file cannot be padded
 */
export async function evenOut(
	[left, right]: readonly [Voice, Voice],
	contents: Pick<Contents, 'of'>,
): Promise<[Voice, Voice]> {
	const difference = secondsOf(left) - secondsOf(right);
	if (Math.abs(difference) < CLOSE_S) return [left, right];
	return difference < 0
		? [await pad(left, secondsOf(right), contents), right]
		: [left, await pad(right, secondsOf(left), contents)];
}

async function pad(voice: Voice, seconds: number, contents: Pick<Contents, 'of'>): Promise<Voice> {
	const { input, media, wav } = voice;
	const label = INPUT_LABELS[input];
	const refuse = (cause: string, advice: string) =>
		jobError(`${label}: ${cause}`, advice, { step: 'check', input });
	const padding = planWavPadding(wav, seconds);
	if ('reason' in padding) {
		throw refuse(
			`it is shorter than the other voice and cannot be made as long: ${padding.reason}`,
			'Give it as a WAV file of 16 bit, or remove the option Even Out Lengths.',
		);
	}
	if (padding.size > MAX_FILE_BYTES) {
		throw refuse(
			`with silence up to the length of the other voice it is too large: ${megabytes(padding.size)}, and at most ${megabytes(MAX_FILE_BYTES)} can be uploaded`,
			'Use a WAV file with fewer bits or channels, or remove the option Even Out Lengths.',
		);
	}
	const padded = paddedFile(media, padding);
	const content = await contents.of(input, padded.file);
	return {
		input,
		media: { ...padded, file: { ...padded.file, identity: content.sha256 } },
		seconds: content.seconds,
		wav: content.wav,
	};
}

function secondsOf({ input, seconds }: Voice): number {
	if (seconds !== undefined) return seconds;
	const label = INPUT_LABELS[input];
	throw jobError(
		`${label}: its length is not known, so Even Out Lengths cannot work`,
		`Give ${label} as a WAV or MP3 file, or remove the option Even Out Lengths.`,
		{ step: 'check', input },
	);
}
