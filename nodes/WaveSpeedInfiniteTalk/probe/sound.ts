/** What is said of sound files, whatever their container. */
import type { Problem } from '../shared/problem';
import type { ProbedFile } from './finding';
import type { FileType } from './signatures';
import { detectText } from './text';

/** Seconds that may be missing without a word: rounding, and a last frame that is cut. */
const MAX_MISSING_S = 0.5;

export const VIDEO_ADVICE = 'Extract the sound first, for example with FFmpeg.';

export const ENCRYPTED: Problem = {
	message: 'is encrypted (DRM), so other services cannot play it',
	advice: 'Use a file without copy protection.',
};

/** More parts than any recording of that size has, so that reading on would only cost time. */
export const DAMAGED: Problem = {
	message: 'is damaged or many hours long: it has too many parts to read',
	advice: 'Save it again as MP3 or WAV.',
};

/**
 * Why a file with the beginning of a sound file cannot be used.
 *
 * @param rest what stands where the sound belongs
 */
export function noSound(rest: Buffer = Buffer.alloc(0)): Problem {
	const text = rest.length > 0 ? detectText(rest) : undefined;
	const maker = 'Check the node or service that made it: it wrote only the beginning of the file.';
	if (!text) return { message: 'contains no sound', advice: maker };
	return {
		message: `contains ${text.label} instead of sound`,
		advice: [text.advice, 'Check the node or service that made it.'].filter(Boolean).join(' '),
	};
}

/**
 * The note about a file that was cut off, or none when all is there.
 *
 * @param declared seconds by the header of the file
 * @param present seconds that are there
 */
export function cutOffNotes(declared = 0, present: number): string[] {
	if (!Number.isFinite(declared) || declared - present <= MAX_MISSING_S) return [];
	return [
		`is cut off: its header declares ${inSeconds(declared)}, but the file has only ${inSeconds(present)}`,
	];
}

/** Seconds as people read them. */
export function inSeconds(seconds: number): string {
	return `${Math.round(seconds * 10) / 10} s`;
}

const SOUND_NAME = /\.(m4a|m4b|m4r|mp3|mpga|aac|wav|ogg|oga|opus|flac|weba|mka)$/i;

/** Where the bytes do not tell, the name decides, then the declared type. */
function claimsSound({ name, declaredType }: ProbedFile): boolean {
	return SOUND_NAME.test(name) || !/^video\//i.test(declaredType);
}

/** Of a container: its media type as video, and its name with the article. */
export type Container = readonly [type: string, name: string];

/**
 * What a container is. The tracks decide, whatever it is called.
 *
 * @param sound what it is when there is sound in it and no moving picture
 * @param tracks undefined where the bytes do not tell
 */
export function kindOfTracks(
	sound: FileType,
	[type, name]: Container,
	tracks: { sound: boolean; video: boolean } | undefined,
	file: ProbedFile,
): FileType {
	if (tracks ? tracks.sound && !tracks.video : claimsSound(file)) return sound;
	const label = `${name} ${tracks?.video ? 'video' : 'file'}`;
	if (tracks?.sound === false) return { family: 'video', type, label: `${label} without sound` };
	return { family: 'video', type, label, advice: VIDEO_ADVICE };
}
