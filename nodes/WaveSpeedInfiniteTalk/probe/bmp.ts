/** BMP (Windows bitmaps): two headers, then rows of pixels. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './picture';
import { CUT_OFF } from './picture';

/** Header of OS/2, with sides of 16 bits. */
const OLD_HEADER = 12;
/** Compressions that keep whole rows: none, and with masks for the colours. */
const UNCOMPRESSED = [0, 3, 6];
/** Some programs leave out the padding of the last row. */
const PADDING_BYTES = 3;

export function* readBmp(queue: ByteQueue, picture: Picture): Parser<Problem | undefined> {
	const head = yield* queue.take(38);
	if (!head) return CUT_OFF;
	const isOld = head.readUInt32LE(14) === OLD_HEADER;
	const width = isOld ? head.readUInt16LE(18) : head.readInt32LE(18);
	// A negative height says that the rows begin at the top.
	const height = Math.abs(isOld ? head.readUInt16LE(20) : head.readInt32LE(22));
	Object.assign(picture, { width, height });
	const bits = head.readUInt16LE(isOld ? 24 : 28);
	const pixelBytes =
		isOld || UNCOMPRESSED.includes(head.readUInt32LE(30))
			? Math.ceil((width * bits) / 32) * 4 * height
			: head.readUInt32LE(34);
	const end = head.readUInt32LE(10) + pixelBytes - PADDING_BYTES;
	return (yield* queue.skip(Math.max(end - queue.position, 0))) ? undefined : CUT_OFF;
}
