/** TIFF 6.0: a directory of tags somewhere in the file, which says where the pixels are. */
import type { ByteQueue, Parser } from './byteQueue';
import type { IfdEntry } from './exif';
import { ENTRY_BYTES, orientationOf, readEntries, readNumber, readTiffHeader } from './exif';
import type { Picture, PictureFault } from './picture';

/** Programs write fewer than 200. */
const MAX_ENTRIES = 4096;
const NEW_SUBFILE_TYPE = 254;
const COMPRESSION = 259;
const PHOTOMETRIC = 262;
const SUB_DIRECTORIES = 330;
const DNG_VERSION = 50_706;
/** Of TIFF 6.0, with the pixels as a whole JPEG. */
const OLD_JPEG = 513;
/** Where the pixels are, and how many bytes: in strips or in tiles. */
const PIXELS = [
	[273, 279],
	[324, 325],
] as const;
/** Without their values nothing can be shown: bits of each sample, colours of a palette, tables of JPEG. */
const ESSENTIAL = [258, 320, 347, ...PIXELS.flat()];
/** The colours of a sensor's filter, and of a sensor without one (DNG 1.7). */
const SENSOR = [32_803, 34_892];
/** Compressions that only cameras use: Sony, Samsung, Nikon, Pentax. */
const CAMERA_COMPRESSIONS = [32_767, 32_770, 34_713, 65_535];

/** Reads the first directory only: further ones are other pages, or loops. */
export function* readTiff(queue: ByteQueue, picture: Picture): Parser<PictureFault | undefined> {
	const head = yield* queue.take(8);
	const header = head && readTiffHeader(head);
	if (!header) return 'cutOff';
	const { isBigEndian, offset } = header;
	if (offset < 8) return 'damaged';
	if (!(yield* queue.skip(offset - queue.position))) return 'cutOff';
	const size = yield* queue.take(2);
	if (!size) return 'cutOff';
	const count = readNumber(size, 0, 2, isBigEndian);
	if (count > MAX_ENTRIES) return 'damaged';
	const directory = yield* queue.take(count * ENTRY_BYTES);
	if (!directory) return 'cutOff';
	const entries = readEntries(directory, isBigEndian);
	if (isRaw(entries)) return 'raw';
	picture.width = entries.get(256)?.value;
	picture.height = entries.get(257)?.value;
	picture.orientation = orientationOf(entries);
	const pixels = PIXELS.find(([tag]) => entries.has(tag));
	if (!pixels) return entries.has(OLD_JPEG) ? undefined : 'noPixels';
	const listsEnd = ESSENTIAL.map((tag) => entries.get(tag)).map((entry) =>
		entry && entry.bytes > 4 ? entry.value + entry.bytes : 0,
	);
	const end = Math.max(
		...listsEnd,
		yield* pixelsEnd(queue, entries.get(pixels[0])!, entries.get(pixels[1]), isBigEndian),
	);
	return (yield* queue.skip(Math.max(end - queue.position, 0))) ? undefined : 'cutOff';
}

/** Not by the camera's name: a finished picture keeps it. */
function isRaw(entries: ReadonlyMap<number, IfdEntry>): boolean {
	const value = (tag: number) => entries.get(tag)?.value ?? 0;
	// A preview, whose whole picture is in a directory below.
	const isPreview = (value(NEW_SUBFILE_TYPE) & 1) === 1 || !entries.has(256);
	return (
		entries.has(DNG_VERSION) ||
		SENSOR.includes(value(PHOTOMETRIC)) ||
		CAMERA_COMPRESSIONS.includes(value(COMPRESSION)) ||
		(entries.has(SUB_DIRECTORIES) && isPreview)
	);
}

/**
 * Where the last strip or tile ends, as far as that can be read without going back: lists of strips in
 * front of the directory have passed by, and what they name mostly has as well.
 */
function* pixelsEnd(
	queue: ByteQueue,
	offsets: IfdEntry,
	sizes: IfdEntry | undefined,
	isBigEndian: boolean,
): Parser<number> {
	const last: number[] = [];
	const lists = [offsets, sizes].filter((entry) => entry !== undefined);
	if (lists.every(({ bytes }) => bytes <= 4)) {
		return lists.reduce((end, { count, value }) => (count === 1 ? end + value : end), 0);
	}
	for (const { bytes, count, value } of lists.sort((a, b) => a.value - b.value)) {
		const width = bytes / count;
		const at = value + bytes - width;
		if (bytes <= 4 || at < queue.position || (width !== 2 && width !== 4)) return queue.position;
		if (!(yield* queue.skip(at - queue.position))) return Infinity;
		const item = yield* queue.take(width);
		if (!item) return Infinity;
		last.push(readNumber(item, 0, width, isBigEndian));
	}
	return last.reduce((end, value) => end + value, 0);
}
