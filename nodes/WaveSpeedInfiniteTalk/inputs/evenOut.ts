/** Pads the shorter of two voices that speak at the same time with silence. */
import { measureSound } from '../tracks/measureSound';
import { createTrack } from '../tracks/track';
import { MAX_FILE_BYTES } from './checkFile';
import type { Contents } from './contents';
import { opener, trackFile } from './madeFiles';
import type { VoiceName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { FileMedia } from './request';

/**
 * Seconds. Smaller differences are ignored: formats tell their length no better (a frame of MP3 lasts up
 * to 0.07 s), and a tenth is two pictures of the video.
 */
export const CLOSE_S = 0.1;

/** One of the two, with what its file tells. */
export interface Voice {
	input: VoiceName;
	media: FileMedia;
	/** Undefined where the length is not known. */
	seconds?: number | undefined;
}

export interface EvenVoices {
	voices: [Voice, Voice];
	/** Why the voices are sent as they are although they may not be equally long. */
	problem?: string;
}

/**
 * The two voices, the shorter one padded to the length of the other. Its digest is that of the padded file.
 *
 * @throws JobError that names the field, when the padded file cannot be read
 */
export async function evenOut(
	voices: [Voice, Voice],
	contents: Pick<Contents, 'of'>,
): Promise<EvenVoices> {
	const [left, right] = voices;
	const unknown = voices.find(({ seconds }) => seconds === undefined);
	if (unknown) {
		return { voices, problem: `the length of ${INPUT_LABELS[unknown.input]} is not known` };
	}
	const [leftS, rightS] = [left.seconds!, right.seconds!];
	if (Math.abs(leftS - rightS) < CLOSE_S) return { voices };
	const isLeftShorter = leftS < rightS;
	const padded = isLeftShorter
		? await pad(left, rightS, contents)
		: await pad(right, leftS, contents);
	if ('problem' in padded) return { voices, ...padded };
	return { voices: isLeftShorter ? [padded, right] : [left, padded] };
}

async function pad(
	{ input, media }: Voice,
	seconds: number,
	contents: Pick<Contents, 'of'>,
): Promise<Voice | { problem: string }> {
	const label = INPUT_LABELS[input];
	const open = opener(media.file);
	const sound = await measureSound(media.type, open);
	if ('message' in sound) return { problem: `${label} ${sound.message}` };
	const units = Math.round((seconds * sound.sampleRate) / sound.unitSamples);
	const length = Math.max(sound.units, units);
	const track = createTrack([{ at: 0, sound, open }], length, sound);
	if (track.size > MAX_FILE_BYTES) return { problem: `${label} would be too large` };
	const { name, identity } = media.file;
	const padded = trackFile(track, name, `${identity} padded to ${length}`);
	const content = await contents.of(input, padded.file);
	return {
		input,
		media: { ...padded, file: { ...padded.file, identity: content.sha256 } },
		seconds: content.seconds,
	};
}
