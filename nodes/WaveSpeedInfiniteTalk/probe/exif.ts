/** Reads directories of TIFF (TIFF 6.0, section 2), in which EXIF is written as well. */

export interface IfdEntry {
	/** How many values there are. */
	count: number;
	/** Bytes of all values. */
	bytes: number;
	/** The value where it fits into four bytes, else its offset. */
	value: number;
}

export interface TiffHeader {
	isBigEndian: boolean;
	/** Where the first directory begins. */
	offset: number;
}

const ORIENTATION = 274;
/** Bytes of a value by its type. */
const TYPE_BYTES = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4];
export const ENTRY_BYTES = 12;

/** @param bytes at least eight */
export function readTiffHeader(bytes: Buffer): TiffHeader | undefined {
	const mark = bytes.toString('latin1', 0, 4);
	if (mark !== 'II*\0' && mark !== 'MM\0*') return undefined;
	const isBigEndian = mark === 'MM\0*';
	return { isBigEndian, offset: isBigEndian ? bytes.readUInt32BE(4) : bytes.readUInt32LE(4) };
}

/** A number of two or four bytes. */
export function readNumber(bytes: Buffer, at: number, size: number, isBigEndian: boolean): number {
	return isBigEndian ? bytes.readUIntBE(at, size) : bytes.readUIntLE(at, size);
}

/** The entries of a directory by their tags. */
export function readEntries(bytes: Buffer, isBigEndian: boolean): Map<number, IfdEntry> {
	const entries = new Map<number, IfdEntry>();
	for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
		const number = (offset: number, size: number) =>
			readNumber(bytes, at + offset, size, isBigEndian);
		const valueBytes = TYPE_BYTES[number(2, 2)] ?? 0;
		const count = number(4, 4);
		const size = count === 1 && valueBytes > 0 && valueBytes < 4 ? valueBytes : 4;
		entries.set(number(0, 2), { count, bytes: count * valueBytes, value: number(8, size) });
	}
	return entries;
}

/** The orientation that a block of EXIF tells; 1 where it tells none. */
export function exifOrientation(exif: Buffer): number {
	const header = exif.length < 8 ? undefined : readTiffHeader(exif);
	if (!header || header.offset + 2 > exif.length) return 1;
	const { isBigEndian, offset } = header;
	const count = readNumber(exif, offset, 2, isBigEndian);
	const directory = exif.subarray(offset + 2, offset + 2 + count * ENTRY_BYTES);
	return orientationOf(readEntries(directory, isBigEndian)) ?? 1;
}

export function orientationOf(entries: ReadonlyMap<number, IfdEntry>): number | undefined {
	return entries.get(ORIENTATION)?.value;
}
