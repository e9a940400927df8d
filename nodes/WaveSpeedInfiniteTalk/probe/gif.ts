/** GIF (GIF89a specification): blocks, of which images and extensions hold sub-blocks. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './picture';
import { CUT_OFF, NO_PIXELS } from './picture';

/** Programs fill sub-blocks with 255 bytes, as many as a part has; some write smaller ones. */
const PARTS_PER_SUB_BLOCK = 1 / 16;
const IMAGE = 0x2c;
const EXTENSION = 0x21;

export function* readGif(queue: ByteQueue, picture: Picture): Parser<Problem | undefined> {
	const head = yield* queue.take(13);
	if (!head) return CUT_OFF;
	Object.assign(picture, { width: head.readUInt16LE(6), height: head.readUInt16LE(8) });
	queue.skipNow(tableBytes(head[10]!));
	let hasPixels = false;
	for (;;) {
		queue.countPart();
		const block = (yield* queue.take(1))?.[0];
		if (block === EXTENSION) queue.skipNow(1);
		else if (block === IMAGE) {
			const image = yield* queue.take(9);
			if (!image) return CUT_OFF;
			queue.skipNow(tableBytes(image[8]!) + 1);
		} else if (hasPixels) return undefined;
		else return block === undefined ? CUT_OFF : NO_PIXELS;
		let subBlocks = 0;
		// Sub-blocks in a loop without waiting, since a stranger's file may hold millions of them.
		for (let length = 1; length > 0; ) {
			if (!(yield* queue.has(1))) return CUT_OFF;
			while (length > 0 && queue.available > 0) {
				length = queue.peek(0);
				queue.skipNow(length + 1);
				subBlocks++;
				queue.countPart(PARTS_PER_SUB_BLOCK);
			}
		}
		if (block === IMAGE && subBlocks > 1) hasPixels = true;
	}
}

/** Bytes of a table of colours, from the flags in front of it. */
function tableBytes(flags: number): number {
	return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
