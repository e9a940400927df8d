/** BMP (Windows bitmaps): two headers, then rows of pixels. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture, PictureFault } from './picture';

/** Header of OS/2, with sides of 16 bits. */
const OLD_HEADER = 12;
/** Compressions that keep whole rows: none, and with masks for the colours. */
const UNCOMPRESSED = [0, 3, 6];
/** Some programs leave out the padding of the last row. */
const PADDING_BYTES = 3;

export function* readBmp(queue: ByteQueue, picture: Picture): Parser<PictureFault | undefined> {
	const head = yield* queue.take(26);
	if (!head) return 'cutOff';
	const isOld = head.readUInt32LE(14) === OLD_HEADER;
	const width = isOld ? head.readUInt16LE(18) : head.readInt32LE(18);
	// A negative height says that the rows begin at the top.
	const height = Math.abs(isOld ? head.readUInt16LE(20) : head.readInt32LE(22));
	Object.assign(picture, { width, height });
	const rest = isOld ? undefined : yield* queue.take(12);
	if (!isOld && !rest) return 'cutOff';
	const bits = isOld ? head.readUInt16LE(24) : rest!.readUInt16LE(2);
	const pixelBytes =
		isOld || UNCOMPRESSED.includes(rest!.readUInt32LE(4))
			? Math.ceil((width * bits) / 32) * 4 * height
			: rest!.readUInt32LE(8);
	const end = head.readUInt32LE(10) + pixelBytes - PADDING_BYTES;
	return (yield* queue.skip(Math.max(end - queue.position, 0))) ? undefined : 'cutOff';
}
