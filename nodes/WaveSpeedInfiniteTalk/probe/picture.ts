/** What the parsers of pictures have in common: what they tell, and what it means. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';

/** What a parser finds out while it reads; all absent until it is known. */
export interface Picture {
	/** Pixels, as stored. */
	width?: number | undefined;
	height?: number | undefined;
	/** EXIF orientation: 1 is upright, 2 to 8 are mirrored or turned. */
	orientation?: number | undefined;
	/** True for pixels of a sensor, which only cameras' own programs develop. */
	isRaw?: boolean;
}

/** Reads a picture to its end, and tells why no decoder can show it. */
export type PictureReader = (queue: ByteQueue, picture: Picture) => Parser<Problem | undefined>;

/** So much of EXIF is read: the orientation stands near its beginning. */
export const MAX_EXIF_BYTES = 64 * 1024;

export const CUT_OFF: Problem = {
	message: 'is cut off: the picture stops in the middle',
	advice: 'Check the node that provides it, and download or save the picture again.',
};
export const NO_PIXELS: Problem = {
	message: 'contains only a header, no picture',
	advice: 'Check the node that makes it, and save the picture again.',
};
export const DAMAGED: Problem = {
	message: 'is damaged: its parts do not match',
	advice: CUT_OFF.advice,
};

/** Below it not even one patch of a video model (16 × 16 pixels) fits: a spacer or tracking pixel. */
const MIN_SIDE = 16;
/** Above all cameras, of which the largest have 200 million pixels; decoders refuse such pictures. */
const MAX_PIXELS = 250_000_000;

/**
 * What keeps the picture from being used, or undefined.
 *
 * @param fault what its parser found
 */
export function pictureProblem(
	{ width = 0, height = 0 }: Picture,
	fault: Problem | undefined,
): Problem | undefined {
	const size = `is ${width.toLocaleString('en-US')} × ${height.toLocaleString('en-US')} pixels`;
	if (width * height > MAX_PIXELS) {
		return {
			message: `${size}, which is too large`,
			advice: 'Make it smaller, for example with the node Edit Image (Resize).',
		};
	}
	if (fault || Math.min(width, height) >= MIN_SIDE) return fault;
	return {
		message: `${size}, which is too small`,
		advice: 'Use a picture of at least a few hundred pixels on each side.',
	};
}

/** Degrees by which a viewer turns the picture clockwise, by EXIF orientation; the others mirror it. */
const DEGREES: Readonly<Record<number, number>> = { 3: 180, 6: 90, 8: 270 };

/**
 * What is worth knowing about a picture that is not stored upright, as the end of a sentence; or undefined.
 * The node Edit Image keeps the EXIF orientation of a picture that it turns, except in formats without EXIF.
 */
export function turnedNote({ orientation = 1 }: Picture): string | undefined {
	const degrees = DEGREES[orientation];
	if (degrees !== undefined) {
		return `is stored rotated by ${degrees}°: save it upright (node Edit Image: Rotate by ${degrees}, Format bmp), or people may lie on their side`;
	}
	if (orientation < 2 || orientation > 8) return undefined;
	return 'is stored mirrored: save it in an image editor the way you see it, or left and right may be swapped';
}
