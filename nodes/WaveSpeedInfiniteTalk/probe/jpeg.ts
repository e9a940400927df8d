/** JPEG (ITU-T T.81): segments, each with its marker, and the scans of compressed pixels. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';
import { exifOrientation } from './tiff';

const END = 0xd9;
const START_OF_SCAN = 0xda;
const APP1 = 0xe1;
/** All SOF, which are between others of their range: DHT, JPG and DAC. */
const FRAMES = [0xc0, 0xc1, 0xc2, 0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf];
const EXIF = 'Exif\0\0';
/** Any marker but restarts and the start; what else begins with ff are escapes and filling. */
const MARKER = /\xff[\xc0-\xcf\xd9-\xfe]/;
/** Bytes that are searched for a marker at once. */
const SEARCH_BYTES = 1024;

/** Reads up to the end of the first picture: a phone's second one or gain map may follow. */
export function* readJpeg(queue: ByteQueue, picture: Picture): Parser<boolean> {
	queue.skip(2);
	let scanStart = Infinity;
	for (;;) {
		queue.countPart();
		const marker = yield* nextMarker(queue);
		if (marker === END) return picture.width !== undefined && queue.position - 2 > scanStart;
		const size = (yield* queue.take(2)).readUInt16BE(0);
		if (size < 2) return false;
		const content = yield* queue.take(size - 2);
		if (marker === START_OF_SCAN) scanStart = queue.position;
		if (marker === APP1 && content.toString('latin1', 0, EXIF.length) === EXIF) {
			picture.orientation ??= exifOrientation(content.subarray(EXIF.length));
		}
		if (FRAMES.includes(marker) && content.length >= 5) {
			picture.height = content.readUInt16BE(1);
			picture.width = content.readUInt16BE(3);
		}
	}
}

/** The next marker with a meaning of its own. */
function* nextMarker(queue: ByteQueue): Parser<number> {
	for (;;) {
		yield* queue.need(2);
		const bytes = queue.peekBytes(SEARCH_BYTES);
		const at = bytes.toString('latin1').search(MARKER);
		queue.skip(at < 0 ? bytes.length - 1 : at + 2);
		if (at >= 0) return bytes[at + 1]!;
	}
}
