/** Tags before, between and behind frames of sound: ID3v2, ID3v1 and APE. */
import type { ByteQueue, Parser } from './byteQueue';

/** Bytes that tell how long a tag is. */
const HEADER_BYTES = 32;
const ID3_HEADER_BYTES = 10;
const ID3V1_BYTES = 128;
const APE_HEADER_BYTES = 32;
/** Set in the flags of an APE tag's header, not in those of its footer. */
const APE_IS_HEADER = 0x20000000;
/** Tags written one after the other by careless tools. */
const MOST_LEADING_TAGS = 16;

/** Moves past the ID3v2 tags in front of sound, pictures and all. */
export function* skipLeadingTags(queue: ByteQueue): Parser<void> {
	for (let tags = 0; tags < MOST_LEADING_TAGS; tags++) {
		yield* queue.has(ID3_HEADER_BYTES);
		if (!id3Length(queue.peekBytes(ID3_HEADER_BYTES))) return;
		if (!(yield* skipTag(queue))) return;
	}
}

/** Moves past the tag that begins here. False when none does. */
export function* skipTag(queue: ByteQueue): Parser<boolean> {
	yield* queue.has(HEADER_BYTES);
	const length = tagLength(queue.peekBytes(HEADER_BYTES));
	if (length === undefined) return false;
	yield* queue.skip(length);
	return true;
}

/** Bytes of the whole tag whose first bytes these are, or undefined when they are none. */
export function tagLength(head: Buffer): number | undefined {
	const text = head.toString('latin1');
	if (text.startsWith('TAG')) return ID3V1_BYTES;
	if (text.startsWith('APETAGEX') && head.length >= APE_HEADER_BYTES) {
		const isHeader = (head.readUInt32LE(20) & APE_IS_HEADER) !== 0;
		return APE_HEADER_BYTES + (isHeader ? head.readUInt32LE(12) : 0);
	}
	return id3Length(head);
}

/** As id3.org/id3v2.4.0-structure has it, section 3.1. */
function id3Length(head: Buffer): number | undefined {
	if (head.length < ID3_HEADER_BYTES || head.toString('latin1', 0, 3) !== 'ID3') return undefined;
	const sizes = head.subarray(6, ID3_HEADER_BYTES);
	if (head[3] === 0xff || sizes.some((byte) => byte > 0x7f)) return undefined;
	const body = sizes.reduce((sum, byte) => sum * 128 + byte, 0);
	const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
	return ID3_HEADER_BYTES + body + (hasFooter ? ID3_HEADER_BYTES : 0);
}
