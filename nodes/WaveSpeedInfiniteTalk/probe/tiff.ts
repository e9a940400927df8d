/**
 * TIFF 6.0: a directory of tags somewhere in the file, which says where the pixels are. EXIF is a TIFF
 * file without pixels.
 */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Picture } from './picture';
import { CUT_OFF, DAMAGED, NO_PIXELS } from './picture';

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
/** Where the pixels are, and how many bytes: in strips or in tiles. */
const PIXELS = [
	[273, 279],
	[324, 325],
] as const;
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
export function* readTiff(queue: ByteQueue, picture: Picture): Parser<Problem | undefined> {
	const head = yield* queue.take(HEADER_BYTES);
	const number = head && numberReader(head);
	if (!number) return CUT_OFF;
	const offset = number(head, 4, 4);
	if (offset < HEADER_BYTES) return DAMAGED;
	if (!(yield* queue.skip(offset - queue.position))) return CUT_OFF;
	const size = yield* queue.take(2);
	const count = size ? number(size, 0, 2) : 0;
	if (count > MAX_ENTRIES) return DAMAGED;
	const entries = size && (yield* queue.take(count * ENTRY_BYTES));
	if (!entries) return CUT_OFF;
	const directory = readDirectory(entries, number);
	picture.isRaw = isRaw(directory);
	picture.width = directory.get(WIDTH)?.value;
	picture.height = directory.get(HEIGHT)?.value;
	picture.orientation = directory.get(ORIENTATION)?.value;
	const pixels = PIXELS.find(([tag]) => directory.has(tag));
	if (!pixels) return NO_PIXELS;
	const offsets = directory.get(pixels[0])!;
	let end = offsets.count === 1 ? offsets.value + (directory.get(pixels[1])?.value ?? 0) : 0;
	// Of many strips or tiles only where the last one begins, if the list of them has not passed by.
	const last = offsets.value + (offsets.count - 1) * offsets.width;
	if (offsets.count * offsets.width > 4 && last >= queue.position) {
		if (!(yield* queue.skip(last - queue.position))) return CUT_OFF;
		const item = yield* queue.take(offsets.width);
		if (!item) return CUT_OFF;
		end = number(item, 0, offsets.width);
	}
	return (yield* queue.skip(Math.max(end - queue.position, 0))) ? undefined : CUT_OFF;
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
