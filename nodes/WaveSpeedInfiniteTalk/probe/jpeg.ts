/** JPEG (ITU-T T.81): segments, each with its marker, and the scans of compressed pixels. */
import type { ByteQueue, Parser } from './byteQueue';
import { exifOrientation } from './exif';
import type { Picture, PictureFault } from './picture';

const START_OF_SCAN = 0xda;
const END = 0xd9;
const NUMBER_OF_LINES = 0xdc;
const APP1 = 0xe1;
const EXIF = 'Exif\0\0';

/** Reads up to the end of the first picture: a phone's second one or gain map may follow. */
export function* readJpeg(queue: ByteQueue, picture: Picture): Parser<PictureFault | undefined> {
	yield* queue.skip(2);
	let scanBytes = 0;
	while (!queue.hasTooManyParts) {
		queue.countPart();
		const marker = yield* nextMarker(queue);
		if (marker === undefined) return 'cutOff';
		if (marker === END) return scanBytes > 0 ? undefined : 'noPixels';
		const size = (yield* queue.take(2))?.readUInt16BE(0);
		if (size === undefined) return 'cutOff';
		if (size < 2) return 'damaged';
		if (!isWanted(marker)) {
			if (!(yield* queue.skip(size - 2))) return 'cutOff';
		} else {
			const content = yield* queue.take(size - 2);
			if (!content) return 'cutOff';
			readSegment(marker, content, picture);
		}
		if (marker === START_OF_SCAN) {
			if (!(yield* queue.has(2))) return 'cutOff';
			if (queue.peek(0) !== 0xff || queue.peek(1) !== END) scanBytes++;
		}
	}
	return 'damaged';
}

function isWanted(marker: number): boolean {
	return isFrame(marker) || marker === APP1 || marker === NUMBER_OF_LINES;
}

/** SOF0 to SOF15, between which DHT, JPG and DAC have their markers. */
function isFrame(marker: number): boolean {
	return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

function readSegment(marker: number, content: Buffer, picture: Picture): void {
	if (marker === APP1) {
		if (content.toString('latin1', 0, EXIF.length) !== EXIF) return;
		picture.orientation ??= exifOrientation(content.subarray(EXIF.length));
	} else if (marker === NUMBER_OF_LINES && content.length >= 2) {
		picture.height = content.readUInt16BE(0);
	} else if (content.length >= 5) {
		picture.height = content.readUInt16BE(1);
		picture.width = content.readUInt16BE(3);
	}
}

/** The next marker with a meaning of its own. */
function* nextMarker(queue: ByteQueue): Parser<number | undefined> {
	while (yield* queue.has(2)) {
		const bytes = queue.peekBytes(queue.available);
		const at = findMarker(bytes);
		if (at >= 0) {
			queue.skipNow(at + 2);
			return bytes[at + 1];
		}
		queue.skipNow(bytes.length - 1);
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
