/** Tags before, between and behind frames of sound: ID3v2, ID3v1 and APE. */
import type { ByteQueue, Parser } from './byteQueue';

/** Bytes that tell how long a tag is. */
export const TAG_HEADER_BYTES = 32;
const ID3_HEADER_BYTES = 10;
const ID3V1_BYTES = 128;
const APE_HEADER_BYTES = 32;
/** Set in the flags of an APE tag's header, not in those of its footer. */
const APE_IS_HEADER = 0x20000000;
/** Tags written one after the other by careless tools. */
const MAX_LEADING_TAGS = 16;

/** Moves past the ID3v2 tags in front of sound, pictures and all. True when there is one. */
export function* skipLeadingTags(queue: ByteQueue): Parser<boolean> {
	for (let tags = 0; tags < MAX_LEADING_TAGS; tags++) {
		yield* queue.has(ID3_HEADER_BYTES);
		const length = id3Length(queue.peekBytes(ID3_HEADER_BYTES));
		if (length === undefined) return tags > 0;
		yield* queue.skip(length);
	}
	return true;
}

/** Moves past the tag that begins here. False when none does. */
export function* skipTag(queue: ByteQueue): Parser<boolean> {
	yield* queue.has(TAG_HEADER_BYTES);
	const length = tagLength(queue.peekBytes(TAG_HEADER_BYTES));
	if (length === undefined) return false;
	yield* queue.skip(length);
	return true;
}

/** Bytes of the whole tag whose first bytes these are, or undefined when they are none. */
export function tagLength(head: Buffer): number | undefined {
	if (startsWith(head, 'TAG')) return ID3V1_BYTES;
	if (startsWith(head, 'APETAGEX') && head.length >= APE_HEADER_BYTES) {
		const isHeader = (head.readUInt32LE(20) & APE_IS_HEADER) !== 0;
		return APE_HEADER_BYTES + (isHeader ? head.readUInt32LE(12) : 0);
	}
	return id3Length(head);
}

/**
 * Bytes of the ID3v2 tag that begins here, its header included (id3.org/id3v2.4.0-structure, section 3.1);
 * undefined when none does.
 */
export function id3Length(head: Buffer): number | undefined {
	if (head.length < ID3_HEADER_BYTES || !startsWith(head, 'ID3')) return undefined;
	const sizes = [...head.subarray(6, ID3_HEADER_BYTES)];
	const isVersion = (head[3] ?? 255) < 5 && head[4] !== 0xff;
	if (!isVersion || sizes.some((byte) => byte > 0x7f)) return undefined;
	const body = sizes.reduce((sum, byte) => sum * 128 + byte, 0);
	const hasFooter = ((head[5] ?? 0) & 0x10) !== 0;
	return ID3_HEADER_BYTES + body + (hasFooter ? ID3_HEADER_BYTES : 0);
}

/** Byte by byte: it is asked about each byte where frames are lost. */
function startsWith(head: Buffer, mark: string): boolean {
	for (let at = 0; at < mark.length; at++) {
		if (head[at] !== mark.charCodeAt(at)) return false;
	}
	return true;
}
