/** PNG (W3C, third edition): chunks from IHDR to IEND. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './picture';
import { CUT_OFF, DAMAGED, MAX_EXIF_BYTES, NO_PIXELS } from './picture';
import { exifOrientation } from './tiff';

const HEADER_BYTES = 13;
const CRC_BYTES = 4;
/** The most pixels, of one bit, that deflate makes of one byte. */
const MAX_INFLATION = 8 * 1032;

export function* readPng(queue: ByteQueue, picture: Picture): Parser<Problem | undefined> {
	yield* queue.skip(8);
	const header = yield* queue.take(8 + HEADER_BYTES);
	if (!header) return CUT_OFF;
	// In front of IHDR stands only CgBI, of a form that nobody but Apple reads.
	if (header.toString('latin1', 4, 8) !== 'IHDR') return DAMAGED;
	const [width, height] = [header.readUInt32BE(8), header.readUInt32BE(12)];
	Object.assign(picture, { width, height });
	yield* queue.skip(CRC_BYTES);
	let pixels = 0;
	for (;;) {
		queue.countPart();
		const head = yield* queue.take(8);
		if (!head) return CUT_OFF;
		const length = head.readUInt32BE(0);
		const type = head.toString('latin1', 4);
		const end = queue.position + length + CRC_BYTES;
		if (type === 'IEND') return pixels < width * height ? NO_PIXELS : undefined;
		if (type === 'IDAT') pixels += length * MAX_INFLATION;
		if (type === 'eXIf') {
			const exif = yield* queue.take(Math.min(length, MAX_EXIF_BYTES));
			if (exif) picture.orientation ??= exifOrientation(exif);
		}
		if (!(yield* queue.skip(end - queue.position))) return CUT_OFF;
	}
}
