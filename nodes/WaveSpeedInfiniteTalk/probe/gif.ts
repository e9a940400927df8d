/** GIF (GIF89a specification): blocks, of which images and extensions hold sub-blocks. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';

const IMAGE = 0x2c;
const EXTENSION = 0x21;

/** What follows the first image does not matter: others of an animation, or where these were cut off. */
export function* readGif(queue: ByteQueue, picture: Picture): Parser<boolean> {
	const head = yield* queue.take(13);
	Object.assign(picture, { width: head.readUInt16LE(6), height: head.readUInt16LE(8) });
	queue.skip(tableBytes(head[10]!));
	for (;;) {
		const [block] = yield* queue.take(1);
		if (block === IMAGE) queue.skip(tableBytes((yield* queue.take(9))[8]!));
		else if (block !== EXTENSION) return false;
		// How the pixels are packed, or what the extension is for.
		queue.skip(1);
		let bytes = 0;
		for (let length = 1; length > 0; bytes += length) {
			queue.countPart();
			[length = 0] = yield* queue.take(1);
			queue.skip(length);
		}
		if (block === IMAGE && bytes > 0) return true;
	}
}

/** Bytes of a table of colours, from the flags in front of it. */
function tableBytes(flags: number): number {
	return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
