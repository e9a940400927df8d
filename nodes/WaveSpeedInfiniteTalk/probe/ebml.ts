/** Elements of EBML (RFC 8794), on which WebM is built. */
import type { ByteQueue, Parser } from './byteQueue';

export interface Element {
	/** With its length bits, as the specification writes it. */
	id: number;
	/** Bytes; undefined where it is not known, as in live recordings. */
	size: number | undefined;
}

const MOST_ID_BYTES = 4;
const MOST_SIZE_BYTES = 8;

/** Reads the beginning of an element. Undefined at the end of the file or where there is none. */
export function* readElement(queue: ByteQueue): Parser<Element | undefined> {
	const id = yield* readNumber(queue, MOST_ID_BYTES);
	const size = id && (yield* readNumber(queue, MOST_SIZE_BYTES));
	if (!size) return undefined;
	const isUnknown = size.value === size.most;
	return { id: id.raw, size: isUnknown ? undefined : size.value };
}

interface VariableNumber {
	/** With the bits that tell its length. */
	raw: number;
	value: number;
	/** The greatest value of this length. */
	most: number;
}

/** A number whose first byte tells how many follow. */
export function* readNumber(
	queue: ByteQueue,
	mostBytes: number,
): Parser<VariableNumber | undefined> {
	if (!(yield* queue.has(1))) return undefined;
	const bytes = Math.clz32(queue.peek(0)) - 23;
	if (bytes > mostBytes) return undefined;
	const content = yield* queue.take(bytes);
	if (!content) return undefined;
	// More than 53 bits are no size of a real file: what is lost of them does not matter.
	const raw = content.reduce((sum, byte) => sum * 256 + byte, 0);
	const first = (content[0] ?? 0) & (0xff >> bytes);
	const value = content.subarray(1).reduce((sum, byte) => sum * 256 + byte, first);
	return { raw, value, most: 2 ** (7 * bytes) - 1 };
}
