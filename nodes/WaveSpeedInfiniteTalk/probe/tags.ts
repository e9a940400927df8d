/** Tags before, between and behind frames of sound: ID3v2 and ID3v1. */
import type { ByteQueue, Parser } from './byteQueue';

/** Bytes that tell how long a tag is. */
export const TAG_HEADER_BYTES = 10;
const ID3V1_BYTES = 128;

/** Moves past the ID3v2 tags in front of sound, pictures and all. True when there is one. */
export function* skipLeadingTags(queue: ByteQueue): Parser<boolean> {
	while (yield* skipTag(queue, id3Length)) queue.countPart();
	return queue.position > 0;
}

/** Moves past the tag that begins here. False when none does. */
export function* skipTag(queue: ByteQueue, lengthOf = tagLength): Parser<boolean> {
	const length = lengthOf(yield* queue.look(TAG_HEADER_BYTES));
	if (length !== undefined) queue.skip(length);
	return length !== undefined;
}

/** Bytes of the whole tag whose first bytes these are, or undefined when they are none. */
export function tagLength(head: Buffer): number | undefined {
	return head.toString('latin1', 0, 3) === 'TAG' ? ID3V1_BYTES : id3Length(head);
}

/**
 * Bytes of the ID3v2 tag that begins here, its header included (id3.org/id3v2.4.0-structure, section 3.1);
 * undefined when none does.
 */
export function id3Length(head: Buffer): number | undefined {
	if (head.length < TAG_HEADER_BYTES || head.toString('latin1', 0, 3) !== 'ID3') return undefined;
	const [version = 0, revision = 0, flags = 0, ...sizes] = head.subarray(3, TAG_HEADER_BYTES);
	if (version > 4 || revision === 0xff || sizes.some((byte) => byte > 0x7f)) return undefined;
	const body = sizes.reduce((sum, byte) => sum * 128 + byte, 0);
	const hasFooter = (flags & 0x10) !== 0;
	return TAG_HEADER_BYTES + body + (hasFooter ? TAG_HEADER_BYTES : 0);
}
