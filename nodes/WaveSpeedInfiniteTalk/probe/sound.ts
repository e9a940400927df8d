/** What is said of sound files, whatever their container. */
import type { Problem } from '../shared/problem';
import type { FileType } from './signatures';
import { detectText } from './text';

/** Seconds that may be missing without a word: rounding, and a last frame that is cut. */
const MAX_MISSING_S = 0.5;

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
	return {
		message: text ? `contains ${text.label} instead of sound` : 'contains no sound',
		advice: `Check the node or service that made it. ${text?.advice ?? ''}`.trim(),
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

/**
 * What a container is. The tracks decide, whatever it is called.
 *
 * @param sound what it is when there is sound in it and no moving picture, or when it tells no tracks
 * @param video its media type as video, and its name with the article
 */
export function kindOfTracks(
	sound: FileType,
	[type, name]: readonly [type: string, name: string],
	tracks: { sound: boolean; video: boolean } | undefined,
): FileType {
	if (!tracks || (tracks.sound && !tracks.video)) return sound;
	const label = `${name} ${tracks.video ? 'video' : 'file'}`;
	if (!tracks.sound) return { family: 'video', type, label: `${label} without sound` };
	return {
		family: 'video',
		type,
		label,
		advice: 'Extract the sound first, for example with FFmpeg.',
	};
}
