/** BMP (Windows bitmaps): two headers, then rows of pixels. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';

/** Header of OS/2, with sides of 16 bits. */
const OLD_HEADER = 12;
/** Compressions that keep whole rows: none, and with masks for the colours. */
const UNCOMPRESSED = [0, 3, 6];
/** Some programs leave out the padding of the last row. */
const PADDING_BYTES = 3;

export function* readBmp(queue: ByteQueue, picture: Picture): Parser<boolean> {
	const head = yield* queue.take(38);
	const isOld = head.readUInt32LE(14) === OLD_HEADER;
	const width = isOld ? head.readUInt16LE(18) : head.readInt32LE(18);
	// A negative height says that the rows begin at the top.
	const height = Math.abs(isOld ? head.readUInt16LE(20) : head.readInt32LE(22));
	Object.assign(picture, { width, height });
	const bits = head.readUInt16LE(isOld ? 24 : 28);
	const isWhole = isOld || UNCOMPRESSED.includes(head.readUInt32LE(30));
	const rowBytes = Math.ceil((width * bits) / 32) * 4;
	const pixelBytes = isWhole ? rowBytes * height : head.readUInt32LE(34);
	yield* queue.skipTo(head.readUInt32LE(10) + pixelBytes - PADDING_BYTES);
	return true;
}
