/**
 * TIFF 6.0: a directory of tags somewhere in the file, which says where the pixels are. EXIF is a TIFF
 * file without pixels.
 */
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './pictures';

/** So much of EXIF is read: the orientation stands near its beginning. */
export const MAX_EXIF_BYTES = 64 * 1024;
const HEADER_BYTES = 8;
const ENTRY_BYTES = 12;
/** Programs write fewer than 200. */
const MAX_ENTRIES = 4096;
/** Type of a value of two bytes; all others that count here have four. */
const SHORT = 3;

const NEW_SUBFILE_TYPE = 254;
const WIDTH = 256;
const HEIGHT = 257;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const ORIENTATION = 274;
const SUB_DIRECTORIES = 330;
const DNG_VERSION = 50_706;
/** Where the strips or tiles of pixels are, and how many bytes each has. */
const OFFSETS = [273, 324];
const SIZES = [279, 325];
/** The colours of a sensor's filter, and of a sensor without one (DNG 1.7). */
const SENSOR = [32_803, 34_892];
/** Compressions that only cameras use: Sony, Samsung, Nikon, Pentax. */
const CAMERA_COMPRESSIONS = [32_767, 32_770, 34_713, 65_535];

/** A number of two or four bytes, in the order of the file's bytes. */
type ReadNumber = (bytes: Buffer, at: number, size: number) => number;

interface Entry {
	/** How many values there are. */
	count: number;
	/** Bytes of one of them. */
	width: number;
	/** The value where it fits into four bytes, else its offset. */
	value: number;
}

type Directory = ReadonlyMap<number, Entry>;

/** Reads the first directory only: further ones are other pages, or loops. */
export function* readTiff(queue: ByteQueue, picture: Picture): Parser<boolean> {
	const head = yield* queue.take(HEADER_BYTES);
	const number = numberReader(head)!;
	yield* queue.skipTo(number(head, 4, 4));
	const count = number(yield* queue.take(2), 0, 2);
	if (count > MAX_ENTRIES) return false;
	const directory = readDirectory(yield* queue.take(count * ENTRY_BYTES), number);
	const find = (tag: number) => directory.get(tag);
	picture.isRaw = isRaw(directory);
	picture.width = find(WIDTH)?.value;
	picture.height = find(HEIGHT)?.value;
	picture.orientation = find(ORIENTATION)?.value;
	const [offsets, sizes] = [OFFSETS, SIZES].map((tags) => tags.map(find).find(Boolean));
	if (!offsets) return false;
	let end = offsets.count === 1 ? offsets.value + (sizes?.value ?? 0) : 0;
	// Of many strips or tiles only where the last one begins, if the list of them has not passed by.
	const last = offsets.value + (offsets.count - 1) * offsets.width;
	if (offsets.count * offsets.width > 4 && last >= queue.position) {
		yield* queue.skipTo(last);
		end = number(yield* queue.take(offsets.width), 0, offsets.width);
	}
	yield* queue.skipTo(end);
	return true;
}

/** Not by the camera's name: a finished picture keeps it. */
function isRaw(directory: Directory): boolean {
	const value = (tag: number) => directory.get(tag)?.value ?? 0;
	// A preview, whose whole picture is in a directory below.
	const isPreview = (value(NEW_SUBFILE_TYPE) & 1) === 1 || !directory.has(WIDTH);
	return (
		directory.has(DNG_VERSION) ||
		SENSOR.includes(value(PHOTOMETRIC)) ||
		CAMERA_COMPRESSIONS.includes(value(COMPRESSION)) ||
		(directory.has(SUB_DIRECTORIES) && isPreview)
	);
}

/** The orientation that a block of EXIF tells; undefined where it tells none. */
export function exifOrientation(exif: Buffer): number | undefined {
	const number = exif.length < HEADER_BYTES ? undefined : numberReader(exif);
	const start = number ? number(exif, 4, 4) + 2 : Infinity;
	if (!number || start > exif.length) return undefined;
	const entries = exif.subarray(start, start + number(exif, start - 2, 2) * ENTRY_BYTES);
	return readDirectory(entries, number).get(ORIENTATION)?.value;
}

function numberReader(head: Buffer): ReadNumber | undefined {
	const mark = head.toString('latin1', 0, 4);
	if (mark === 'II*\0') return (bytes, at, size) => bytes.readUIntLE(at, size);
	if (mark === 'MM\0*') return (bytes, at, size) => bytes.readUIntBE(at, size);
	return undefined;
}

/** The entries of a directory (TIFF 6.0, section 2) by their tags. */
function readDirectory(bytes: Buffer, number: ReadNumber): Directory {
	const entries = new Map<number, Entry>();
	for (let at = 0; at + ENTRY_BYTES <= bytes.length; at += ENTRY_BYTES) {
		const width = number(bytes, at + 2, 2) === SHORT ? 2 : 4;
		const count = number(bytes, at + 4, 4);
		const value = number(bytes, at + 8, count === 1 ? width : 4);
		entries.set(number(bytes, at, 2), { count, width, value });
	}
	return entries;
}
