/** The parsers of the pictures that WaveSpeed reads, by media type. */
import { readBmp } from './bmp';
import type { Parser } from './byteQueue';
import type { Finding, ProbeParser } from './finding';
import { readGif } from './gif';
import { readJpeg } from './jpeg';
import type { Picture, PictureReader } from './picture';
import { pictureProblem, turnedNote } from './picture';
import { readPng } from './png';
import type { FileType } from './signatures';
import { readTiff } from './tiff';
import { readWebp } from './webp';

const READERS: Readonly<Record<string, PictureReader>> = {
	'image/jpeg': readJpeg,
	'image/png': readPng,
	'image/webp': readWebp,
	'image/gif': readGif,
	'image/bmp': readBmp,
	'image/tiff': readTiff,
};

/** TIFF in all but its pixels. */
const CAMERA_RAW: FileType = {
	family: 'image',
	type: 'image/x-adobe-dng',
	label: 'a camera raw picture',
};

/** The parser of a picture of that kind, or undefined. */
export function findPictureParser(kind: FileType): ProbeParser | undefined {
	const read = READERS[kind.type];
	if (!read) return undefined;
	return function* (queue): Parser<Finding> {
		yield kind;
		const picture: Picture = {};
		const fault = yield* read(queue, picture);
		if (picture.isRaw) return { kind: CAMERA_RAW };
		const problem = pictureProblem(picture, fault);
		const note = turnedNote(picture);
		return { kind, ...(problem && { problem }), ...(note && { notes: [note] }) };
	};
}
