/** WebP (RFC 9649): a RIFF file of chunks. */
import type { ByteQueue, Parser } from './byteQueue';
import { exifOrientation } from './exif';
import type { Picture, PictureFault } from './picture';

/** So much of EXIF is read: the orientation stands near its beginning. */
const MAX_EXIF_BYTES = 64 * 1024;
const EXIF = 'Exif\0\0';
/** What stands in front of the pixels in their chunk. */
const MIN_PIXEL_BYTES = 10;

/** Decoders refuse a file that ends before the size in its header. */
export function* readWebp(queue: ByteQueue, picture: Picture): Parser<PictureFault | undefined> {
	const head = yield* queue.take(12);
	if (!head) return 'cutOff';
	const end = head.readUInt32LE(4) + 8;
	let hasPixels = false;
	while (!queue.hasTooManyParts) {
		queue.countPart();
		if (queue.position + 8 > end) return hasPixels ? undefined : 'noPixels';
		const chunk = yield* queue.take(8);
		if (!chunk) return 'cutOff';
		const type = chunk.toString('latin1', 0, 4);
		const length = chunk.readUInt32LE(4);
		const start = queue.position;
		if (length > end - start) return 'damaged';
		if (type === 'EXIF' && picture.orientation === undefined) {
			const exif = yield* queue.take(Math.min(length, MAX_EXIF_BYTES));
			if (!exif) return 'cutOff';
			const isMarked = exif.toString('latin1', 0, EXIF.length) === EXIF;
			picture.orientation ??= exifOrientation(exif.subarray(isMarked ? EXIF.length : 0));
		} else if (/^VP8[ LX]$/.test(type)) {
			const fields = yield* queue.take(Math.min(length, 10));
			if (!fields) return 'cutOff';
			if (fields.length < 10 && type !== 'VP8L') return 'damaged';
			if (picture.width === undefined) Object.assign(picture, readSize(type, fields));
		}
		if (/^(VP8[ L]|ANMF)$/.test(type) && length > MIN_PIXEL_BYTES) hasPixels = true;
		// Chunks begin at even places.
		if (!(yield* queue.skip(start + length + (length % 2) - queue.position))) return 'cutOff';
	}
	return 'damaged';
}

function readSize(type: string, fields: Buffer): Picture {
	if (type === 'VP8X') {
		return { width: fields.readUIntLE(4, 3) + 1, height: fields.readUIntLE(7, 3) + 1 };
	}
	if (type === 'VP8 ') {
		return { width: fields.readUInt16LE(6) & 0x3fff, height: fields.readUInt16LE(8) & 0x3fff };
	}
	const bits = fields.length < 5 ? 0 : fields.readUInt32LE(1);
	return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}
