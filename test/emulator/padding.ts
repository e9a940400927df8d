/** A 32-bit box size would not do above this. */
const LARGEST_SHORT_BOX = 0xffff_ffff;
const SMALLEST_BOX = 16;

/** Bytes of the `free` box that is really appended; a box cannot be smaller than its header. */
export function paddingSize(wanted: number): number {
	return wanted > 0 ? Math.max(wanted, SMALLEST_BOX) : 0;
}

/** The beginning of an MP4 `free` box of `size` bytes in all; players skip it. */
export function freeBoxHeader(size: number): Buffer {
	if (size === 0) return Buffer.alloc(0);
	const short = size <= LARGEST_SHORT_BOX;
	const header = Buffer.alloc(short ? 8 : 16);
	header.writeUInt32BE(short ? size : 1, 0);
	header.write('free', 4, 'latin1');
	if (!short) header.writeBigUInt64BE(BigInt(size), 8);
	return header;
}
