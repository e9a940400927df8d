/** Judges pictures of the formats that WaveSpeed reads. */
import type { Problem } from '../shared/problem';
import { readBmp } from './bmp';
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import { readGif } from './gif';
import { readJpeg } from './jpeg';
import { readPng } from './png';
import type { FileType } from './signatures';
import { readTiff } from './tiff';
import { readWebp } from './webp';

/** What a reader finds out while it reads; all absent until it is known. */
export interface Picture {
	/** Pixels, as stored. */
	width?: number | undefined;
	height?: number | undefined;
	/** EXIF orientation: 1 is upright, 2 to 8 are mirrored or turned. */
	orientation?: number | undefined;
	/** True for pixels of a sensor, which only cameras' own programs develop. */
	isRaw?: boolean;
}

/** Reads a picture to its end, and tells whether there are pixels in it. */
export type PictureReader = (queue: ByteQueue, picture: Picture) => Parser<boolean>;

/** By media type. */
export const PICTURE_READERS: Readonly<Record<string, PictureReader>> = {
	'image/jpeg': readJpeg,
	'image/png': readPng,
	'image/webp': readWebp,
	'image/gif': readGif,
	'image/bmp': readBmp,
	'image/tiff': readTiff,
};

/** TIFF in all but its pixels. */
const CAMERA_RAW: FileType = {
	family: 'image',
	type: 'image/x-raw',
	label: 'a camera raw picture',
};

const ADVICE = 'Check the node that provides it, and download or save the picture again.';
const CUT_OFF = { message: 'is cut off: the picture stops in the middle', advice: ADVICE };
export const NO_PICTURE = { message: 'is damaged: there is no picture in it', advice: ADVICE };

/** Below it not even one patch of a video model (16 × 16 pixels) fits: a spacer or tracking pixel. */
const MIN_SIDE = 16;
/** Above all cameras, of which the largest have 200 million pixels; decoders refuse such pictures. */
const MAX_PIXELS = 250_000_000;

/** Reads a picture of that kind. */
export function* probePicture(
	queue: ByteQueue,
	kind: FileType,
	read: PictureReader,
): Parser<Finding> {
	const picture: Picture = {};
	const reader = read(queue, picture);
	let step = reader.next();
	while (!step.done && !queue.ended) {
		yield step.value;
		step = reader.next();
	}
	// One that still waits when the file has ended was cut off.
	const fault = step.done ? (step.value ? undefined : NO_PICTURE) : CUT_OFF;
	if (picture.isRaw) return { kind: CAMERA_RAW };
	const problem = problemOf(picture, fault);
	const note = turnedNote(picture);
	return { kind, ...(problem && { problem }), ...(note && { notes: [note] }) };
}

/** What keeps the picture from being used, or undefined. The size of one with a fault may not be known. */
function problemOf(
	{ width = 0, height = 0 }: Picture,
	fault: Problem | undefined,
): Problem | undefined {
	const isTooLarge = width * height > MAX_PIXELS;
	if (!isTooLarge && (fault || Math.min(width, height) >= MIN_SIDE)) return fault;
	const sides = `${width.toLocaleString('en-US')} × ${height.toLocaleString('en-US')}`;
	return {
		message: `is ${sides} pixels, which is too ${isTooLarge ? 'large' : 'small'}`,
		advice: 'Use a picture of a few hundred to a few thousand pixels on each side.',
	};
}

/** Degrees by which a viewer turns the picture clockwise, by EXIF orientation; the others mirror it. */
const DEGREES: Readonly<Record<number, number>> = { 3: 180, 6: 90, 8: 270 };

/**
 * What is worth knowing about a picture that is not stored upright, as the end of a sentence; or undefined.
 * The node Edit Image keeps the EXIF orientation of a picture that it turns, except in formats without EXIF.
 */
function turnedNote({ orientation = 1 }: Picture): string | undefined {
	const degrees = DEGREES[orientation];
	if (degrees !== undefined) {
		return `is stored rotated by ${degrees}°: save it upright (node Edit Image: Rotate by ${degrees}, Format bmp), or people may lie on their side`;
	}
	if (orientation < 2 || orientation > 8) return undefined;
	return 'is stored mirrored: save it in an image editor the way you see it, or left and right may be swapped';
}
