/** What the parsers of pictures have in common: what they tell, and what it means. */
import type { Problem } from '../shared/problem';

/** What a parser finds out while it reads; all absent until it is known. */
export interface Picture {
	/** Pixels, as stored. */
	width?: number | undefined;
	height?: number | undefined;
	/** EXIF orientation: 1 is upright, 2 to 8 are mirrored or turned. */
	orientation?: number | undefined;
}

/** Why no decoder can show the picture. */
export type PictureFault = 'cutOff' | 'noPixels' | 'damaged' | 'raw';

/** Below it not even one patch of a video model (16 × 16 pixels) fits: a spacer or tracking pixel. */
const MIN_SIDE = 16;
/** Above all cameras, of which the largest have 200 million pixels; decoders refuse such pictures. */
const MAX_PIXELS = 250_000_000;

const FAULTS: Readonly<Record<Exclude<PictureFault, 'raw'>, Problem>> = {
	cutOff: {
		message: 'is cut off: the picture stops in the middle',
		advice: 'Look at the node that gives it, and download or save the picture again.',
	},
	noPixels: {
		message: 'has no picture in it, only its header',
		advice: 'Look at the node that makes it, and save the picture again.',
	},
	damaged: {
		message: 'is damaged: its parts do not fit together',
		advice: 'Look at the node that gives it, and download or save the picture again.',
	},
};

/** What keeps the picture from being shown, or undefined. */
export function pictureProblem(
	{ width = 0, height = 0 }: Picture,
	fault: Exclude<PictureFault, 'raw'> | undefined,
): Problem | undefined {
	const size = `is ${width.toLocaleString('en-US')} × ${height.toLocaleString('en-US')} pixels`;
	if (width * height > MAX_PIXELS) {
		return {
			message: `${size}, too large for any decoder`,
			advice: 'Make it smaller, for instance with the node Edit Image (Resize).',
		};
	}
	if (fault) return FAULTS[fault];
	return width < MIN_SIDE || height < MIN_SIDE
		? {
				message: `${size}, too small to show two people`,
				advice: 'Use a picture of at least a few hundred pixels on each side.',
			}
		: undefined;
}

/** Degrees by which a viewer turns the picture clockwise, by EXIF orientation. */
const DEGREES = [0, 0, 0, 180, 180, 270, 90, 90, 270];
/** Orientations that a viewer mirrors as well. */
const MIRRORED = [2, 4, 5, 7];

/**
 * What is worth knowing about a picture that is not stored upright, as the end of a sentence; or undefined.
 * The node Edit Image keeps the EXIF orientation of a picture that it turns, except in formats without EXIF.
 */
export function turnedHint({ orientation = 1 }: Picture): string | undefined {
	const degrees = DEGREES[orientation];
	if (!degrees && orientation !== 2) return undefined;
	if (!MIRRORED.includes(orientation)) {
		return `is stored turned by ${degrees}°: save it upright (node Edit Image: Rotate by ${degrees}, Format bmp), or both people may lie on the side`;
	}
	const turned = degrees ? ` and turned by ${degrees}°` : '';
	return `is stored mirrored${turned}: save it with an image editor as you see it, or left and right may be swapped`;
}
