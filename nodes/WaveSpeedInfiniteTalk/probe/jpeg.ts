/** JPEG (ITU-T T.81): segments, each with its marker, and the scans of compressed pixels. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './picture';
import { CUT_OFF, DAMAGED, NO_PIXELS } from './picture';
import { exifOrientation } from './tiff';

const END = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** DHT, JPG and DAC, which have their markers between those of frames. */
const NO_FRAMES = [0xc4, 0xc8, 0xcc];
const EXIF = 'Exif\0\0';

/** Reads up to the end of the first picture: a phone's second one or gain map may follow. */
export function* readJpeg(queue: ByteQueue, picture: Picture): Parser<Problem | undefined> {
	yield* queue.skip(2);
	let scanStart = Infinity;
	for (;;) {
		queue.countPart();
		const marker = yield* nextMarker(queue);
		if (marker === END) return queue.position - 2 > scanStart ? undefined : NO_PIXELS;
		const size = marker && (yield* queue.take(2))?.readUInt16BE(0);
		if (size !== undefined && size < 2) return DAMAGED;
		const content = size && (yield* queue.take(size - 2));
		if (!marker || !content) return CUT_OFF;
		if (marker === START_OF_SCAN) scanStart = queue.position;
		if (marker === APP1 && content.toString('latin1', 0, EXIF.length) === EXIF) {
			picture.orientation ??= exifOrientation(content.subarray(EXIF.length));
		}
		const isFrame = marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.includes(marker);
		if (isFrame && content.length >= 5) {
			picture.height = content.readUInt16BE(1);
			picture.width = content.readUInt16BE(3);
		}
	}
}

/** The next marker with a meaning of its own. */
function* nextMarker(queue: ByteQueue): Parser<number | undefined> {
	while (yield* queue.has(2)) {
		const bytes = queue.peekBytes(queue.available);
		const at = findMarker(bytes);
		queue.skipNow(at < 0 ? bytes.length - 1 : at + 2);
		if (at >= 0) return bytes[at + 1];
	}
	return undefined;
}

/**
 * Where a marker stands that is not the filling, an escape or a restart among compressed pixels, or -1. A
 * loop over bytes, since a stranger's file may hold millions of those.
 */
function findMarker(bytes: Buffer): number {
	for (let at = 0; at < bytes.length - 1; at++) {
		if (bytes[at] !== 0xff) continue;
		const marker = bytes[at + 1]!;
		if (marker >= 0xc0 && marker !== 0xff && (marker < 0xd0 || marker > 0xd8)) return at;
	}
	return -1;
}
