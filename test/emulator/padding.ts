/** Larger boxes need a 64-bit size field. */
const MAX_32_BIT_BOX = 0xffff_ffff;
const MIN_BOX = 16;

/** Size in bytes of the appended `free` box; it is never smaller than its header. */
export function paddingSize(wanted: number): number {
	return wanted > 0 ? Math.max(wanted, MIN_BOX) : 0;
}

/** Header of an MP4 `free` box of `size` bytes in total; players skip it. */
export function freeBoxHeader(size: number): Buffer {
	if (size === 0) return Buffer.alloc(0);
	const short = size <= MAX_32_BIT_BOX;
	const header = Buffer.alloc(short ? 8 : 16);
	header.writeUInt32BE(short ? size : 1, 0);
	header.write('free', 4, 'latin1');
	if (!short) header.writeBigUInt64BE(BigInt(size), 8);
	return header;
}
