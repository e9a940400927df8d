/** PNG (W3C, third edition): chunks from IHDR to IEND. */
import type { ByteQueue, Parser } from './byteQueue';
import { exifOrientation } from './exif';
import type { Picture, PictureFault } from './picture';

const HEADER_BYTES = 13;
const CRC_BYTES = 4;
/** So much of EXIF is read: the orientation stands near its beginning. */
const MAX_EXIF_BYTES = 64 * 1024;
/** The most that deflate makes of one byte. */
const MAX_INFLATION = 1032;
/** Samples of a pixel by colour type. */
const SAMPLES = [1, 0, 3, 1, 2, 0, 4];

export function* readPng(queue: ByteQueue, picture: Picture): Parser<PictureFault | undefined> {
	yield* queue.skip(8);
	let expected = 0;
	let compressed = 0;
	for (let isFirst = true; !queue.hasTooManyParts; isFirst = false) {
		queue.countPart();
		const head = yield* queue.take(8);
		if (!head) return 'cutOff';
		const length = head.readUInt32BE(0);
		const type = head.toString('latin1', 4);
		// In front of IHDR stands only CgBI, of a form that nobody but Apple reads.
		if ((type === 'IHDR') !== isFirst || !/^[A-Za-z]{4}$/.test(type)) return 'damaged';
		if (type === 'IEND') return compressed > 0 && compressed >= expected ? undefined : 'noPixels';
		if (type === 'IDAT') compressed += length;
		const end = queue.position + length + CRC_BYTES;
		if (type === 'IHDR') {
			const header = yield* queue.take(HEADER_BYTES);
			if (!header) return 'cutOff';
			if (length !== HEADER_BYTES) return 'damaged';
			expected = readHeader(header, picture);
		} else if (type === 'eXIf' && picture.orientation === undefined) {
			const exif = yield* queue.take(Math.min(length, MAX_EXIF_BYTES));
			if (!exif) return 'cutOff';
			picture.orientation = exifOrientation(exif);
		}
		if (!(yield* queue.skip(end - queue.position))) return 'cutOff';
	}
	return 'damaged';
}

/** @returns bytes of compressed pixels that the picture needs at least */
function readHeader(header: Buffer, picture: Picture): number {
	const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
	Object.assign(picture, { width, height });
	const bits = (SAMPLES[header[9]!] ?? 1) * header[8]!;
	return (Math.ceil((width * bits) / 8) * height) / MAX_INFLATION;
}
