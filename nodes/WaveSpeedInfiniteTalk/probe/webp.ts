/** WebP (RFC 9649): a RIFF file of chunks. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';
import { exifOrientation, MAX_EXIF_BYTES } from './tiff';

const EXIF = 'Exif\0\0';
/** What stands in front of the pixels in their chunk, and of which VP8X is made. */
const FIELDS_BYTES = 10;

/** Decoders refuse a file that ends before the size in its header. */
export function* readWebp(queue: ByteQueue, picture: Picture): Parser<boolean> {
	const end = (yield* queue.take(12)).readUInt32LE(4) + 8;
	let hasPixels = false;
	while (queue.position + 8 <= end) {
		queue.countPart();
		const chunk = yield* queue.take(8);
		const type = chunk.toString('latin1', 0, 4);
		const length = chunk.readUInt32LE(4);
		// Chunks begin at even places.
		const next = queue.position + length + (length % 2);
		const wanted = type === 'EXIF' ? MAX_EXIF_BYTES : FIELDS_BYTES;
		const content = yield* queue.take(Math.min(length, wanted));
		if (type === 'EXIF') {
			const isMarked = content.toString('latin1', 0, EXIF.length) === EXIF;
			picture.orientation ??= exifOrientation(content.subarray(isMarked ? EXIF.length : 0));
		} else if (length >= FIELDS_BYTES) {
			if (picture.width === undefined) Object.assign(picture, readSize(type, content));
			hasPixels ||= /^(VP8[ L]|ANMF)$/.test(type);
		}
		yield* queue.skipTo(next);
	}
	return hasPixels;
}

function readSize(type: string, fields: Buffer): Picture | undefined {
	if (type === 'VP8X') {
		return { width: fields.readUIntLE(4, 3) + 1, height: fields.readUIntLE(7, 3) + 1 };
	}
	if (type === 'VP8 ') {
		return { width: fields.readUInt16LE(6) & 0x3fff, height: fields.readUInt16LE(8) & 0x3fff };
	}
	if (type !== 'VP8L') return undefined;
	const bits = fields.readUInt32LE(1);
	return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}
