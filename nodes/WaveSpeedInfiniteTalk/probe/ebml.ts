/** Elements of EBML (RFC 8794), on which WebM is built. */
import type { ByteQueue, Parser } from './byteQueue';

export interface Element {
	/** With its length bits, as the specification writes it. */
	id: number;
	/** Bytes; undefined where it is not known, as in live recordings. */
	size: number | undefined;
}

const MAX_ID_BYTES = 4;
export const MAX_SIZE_BYTES = 8;
/** Bytes of the beginning of an element at most. */
export const ELEMENT_BYTES = MAX_ID_BYTES + MAX_SIZE_BYTES;

/** Reads the beginning of an element. Undefined at the end of the file or where there is none. */
export function* readElement(queue: ByteQueue): Parser<Element | undefined> {
	if (queue.available < ELEMENT_BYTES) yield* queue.has(ELEMENT_BYTES);
	const id = readNumber(queue, 0, MAX_ID_BYTES);
	const size = id && readNumber(queue, id.bytes, MAX_SIZE_BYTES);
	if (!size) return undefined;
	queue.skipNow(id.bytes + size.bytes);
	const isUnknown = size.value === 2 ** (7 * size.bytes) - 1;
	return { id: id.raw, size: isUnknown ? undefined : size.value };
}

interface VariableNumber {
	/** With the bits that tell its length. */
	raw: number;
	value: number;
	/** That it takes. */
	bytes: number;
}

/** A number whose first byte tells how many follow; undefined when they are not there. */
export function readNumber(
	queue: ByteQueue,
	at: number,
	maxBytes: number,
): VariableNumber | undefined {
	if (at >= queue.available) return undefined;
	const first = queue.peek(at);
	const bytes = Math.clz32(first) - 23;
	if (bytes > maxBytes || at + bytes > queue.available) return undefined;
	// More than 53 bits are no size of a real file: what is lost of them does not matter.
	let raw = first;
	let value = first & (0xff >> bytes);
	for (let next = at + 1; next < at + bytes; next++) {
		raw = raw * 256 + queue.peek(next);
		value = value * 256 + queue.peek(next);
	}
	return { raw, value, bytes };
}
