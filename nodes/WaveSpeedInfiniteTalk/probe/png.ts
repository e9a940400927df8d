/** PNG (W3C, third edition): chunks from IHDR to IEND. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';
import { exifOrientation, MAX_EXIF_BYTES } from './tiff';

const SIGNATURE_BYTES = 8;
const CRC_BYTES = 4;
/** The most pixels, of one bit, that deflate makes of one byte. */
const MAX_INFLATION = 8 * 1032;

export function* readPng(queue: ByteQueue, picture: Picture): Parser<boolean> {
	queue.skip(SIGNATURE_BYTES);
	let pixels = 0;
	for (;;) {
		queue.countPart();
		const head = yield* queue.take(8);
		const length = head.readUInt32BE(0);
		const type = head.toString('latin1', 4);
		const end = queue.position + length + CRC_BYTES;
		if (type === 'IHDR') {
			const sides = yield* queue.take(8);
			picture.width = sides.readUInt32BE(0);
			picture.height = sides.readUInt32BE(4);
		}
		// In front of IHDR stands only CgBI, of a form that nobody but Apple reads.
		if (picture.width === undefined || picture.height === undefined) return false;
		if (type === 'IEND') return pixels >= picture.width * picture.height;
		if (type === 'IDAT') pixels += length * MAX_INFLATION;
		if (type === 'eXIf') {
			picture.orientation ??= exifOrientation(yield* queue.take(Math.min(length, MAX_EXIF_BYTES)));
		}
		yield* queue.skipTo(end);
	}
}
