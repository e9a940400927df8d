/** Tells from its bytes what a file is, whatever its name and declared type say. */
import type { TrackReader, Tracks } from './byteCursor';
import type { Damage } from './damage';
import { findBehindOtherBytes, findDamage } from './damage';
import { findFrames } from './findFrames';
import { id3Bytes } from './id3';
import { Mp4TrackReader } from './mp4Tracks';
import type { FileType } from './signatures';
import { findSignature } from './signatures';
import { detectText } from './text';
import { WebmTrackReader } from './webmTracks';

/** Bytes to read of a file before deciding. */
export const HEAD_BYTES = 4096;
/** How many other bytes may precede frames of sound. */
const FRAME_SEARCH_BYTES = 64 * 1024;

/** What is examined of a file. */
export interface FileContent {
	name: string;
	/** Media type as declared; may be wrong or empty. */
	declaredType: string;
	/** Bytes. */
	size: number;
	/** The whole content, opened anew at each call. */
	open(): Promise<AsyncIterable<unknown> | Buffer>;
}

const SOUND_BRAND = /^(M4A|M4B|M4P|F4A|F4B)/;
const OLD_QUICKTIME_BOXES = new Set(['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
const STREAM_BOXES = new Set(['styp', 'moof', 'sidx']);
const HEIC_BRAND = /^(heic|heix|heim|heis|hevc|hevx|hevm|hevs)$/;
const SOUND_NAME = /\.(m4a|m4b|m4r|mp3|mpga|aac|wav|ogg|oga|opus|flac|weba|mka)$/i;
const VIDEO_HINT = 'Take the sound out of it first, for instance with FFmpeg.';

const MP3: FileType = { family: 'audio', type: 'audio/mpeg', label: 'an MP3 file' };
const AAC: FileType = { family: 'audio', type: 'audio/aac', label: 'an AAC file' };

/**
 * What the bytes are: a format, the damage done to them, or undefined. Reads on beyond the first
 * bytes only where these do not decide: for the list of tracks of an MP4 or WebM file, wherever it
 * stands, and for MP3 or AAC frames behind other bytes.
 *
 * @param head the first {@link HEAD_BYTES} of the file
 * @throws whatever reading the file throws
 */
export async function detectFileType(
	file: FileContent,
	head: Buffer,
): Promise<FileType | Damage | undefined> {
	return (
		findDamage(head) ??
		(await detectContainer(file, head)) ??
		findSignature(head) ??
		detectFrames(head, head.length >= file.size) ??
		detectText(head) ??
		findBehindOtherBytes(head) ??
		(await searchFrames(file, head))
	);
}

function detectFrames(bytes: Buffer, isWhole: boolean): FileType | undefined {
	// The mark of UTF-16 text would pass for a frame.
	if (/^(\xff\xfe|\xfe\xff)/.test(bytes.toString('latin1', 0, 2))) return undefined;
	const format = findFrames(bytes, isWhole);
	return format && (format === 'audio/aac' ? AAC : MP3);
}

async function searchFrames(file: FileContent, head: Buffer): Promise<FileType | undefined> {
	if (head.length >= file.size) return undefined;
	const pieces: Buffer[] = [];
	let length = 0;
	await readPieces(file, (piece) => {
		pieces.push(piece);
		length += piece.length;
		return length < FRAME_SEARCH_BYTES;
	});
	const bytes = Buffer.concat(pieces).subarray(0, FRAME_SEARCH_BYTES);
	return detectFrames(bytes, bytes.length >= file.size);
}

async function detectContainer(file: FileContent, head: Buffer): Promise<FileType | undefined> {
	const text = head.toString('latin1');
	if (text.startsWith('\x1a\x45\xdf\xa3')) return await detectWebm(file, head);
	if (text.startsWith('OggS')) return detectOgg(text);
	const tagBytes = id3Bytes(head);
	if (tagBytes) return detectBehindId3(head, tagBytes);
	if (text.startsWith('ftyp', 4)) return detectPicture(head) ?? (await detectMp4(file, head));
	// Old QuickTime files begin without a brand, with a box of less than 256 MiB.
	const box = text.slice(4, 8);
	if (OLD_QUICKTIME_BOXES.has(box) && (head[0] ?? 0) < 0x10) return await detectMp4(file, head);
	if (STREAM_BOXES.has(box) && head[0] === 0) {
		return { family: 'video', type: 'video/iso.segment', label: 'a piece of an MP4 stream' };
	}
	return undefined;
}

/** Pictures in the container of MP4 (ISO/IEC 23008-12), by their brands. */
function detectPicture(head: Buffer): FileType | undefined {
	const size = Math.min(head.readUInt32BE(0), head.length);
	const brands = [head.toString('latin1', 8, 12)];
	for (let at = 16; at + 4 <= size; at += 4) brands.push(head.toString('latin1', at, at + 4));
	const picture = (type: string, label: string): FileType => ({ family: 'image', type, label });
	const [major = ''] = brands;
	if (/^avi[fso]$/.test(major)) return picture('image/avif', 'an AVIF picture');
	if (HEIC_BRAND.test(major)) return picture('image/heic', 'a HEIC picture');
	if (/^(mif[12]|msf1|miaf|mi.f|MiH|MiP|vvic)/.test(major)) {
		if (brands.some((brand) => /^avi[fs]$/.test(brand))) {
			return picture('image/avif', 'an AVIF picture');
		}
		const isHeic = brands.some((brand) => HEIC_BRAND.test(brand));
		return picture('image/heif', isHeic ? 'a HEIC picture' : 'a HEIF picture');
	}
	if (major === 'crx ') return picture('image/x-canon-cr3', 'a camera raw picture (CR3)');
	if (/^(jp2|jpx|jpm)/.test(major)) return picture('image/jp2', 'a JPEG 2000 picture');
	return undefined;
}

async function detectMp4(file: FileContent, head: Buffer): Promise<FileType> {
	const tracks = await readTracks(file, head, new Mp4TrackReader());
	const brand = head.toString('latin1', 4, 8) === 'ftyp' ? head.toString('latin1', 8, 12) : 'qt  ';
	const [type, container] =
		brand === 'qt  '
			? ['video/quicktime', 'a QuickTime']
			: /^3g/.test(brand)
				? ['video/3gpp', 'a 3GP']
				: ['video/mp4', 'an MP4'];
	const sound: FileType = { family: 'audio', type: 'audio/mp4', label: 'an M4A file' };
	if (!tracks) {
		const isSound = SOUND_BRAND.test(brand) || (brand !== 'qt  ' && claimsSound(file));
		return isSound ? sound : videoType(type, container);
	}
	return tracks.sound && !tracks.video ? sound : videoType(type, container, tracks);
}

async function detectWebm(file: FileContent, head: Buffer): Promise<FileType> {
	const text = head.toString('latin1');
	const tracks = (await readTracks(file, head, new WebmTrackReader())) ?? {
		sound: /A_(OPUS|VORBIS|PCM|AAC|FLAC|MPEG)/.test(text),
		video: /V_(VP8|VP9|AV1|MPEG|MS|THEORA|UNCOMPRESSED)/.test(text),
	};
	const sound: FileType = { family: 'audio', type: 'audio/webm', label: 'a WebM file' };
	if (!tracks.sound && !tracks.video) {
		return claimsSound(file) ? sound : videoType('video/webm', 'a WebM');
	}
	return tracks.video ? videoType('video/webm', 'a WebM', tracks) : sound;
}

/** A video by its container; tracks tell whether there is sound in it. */
function videoType(type: string, container: string, tracks?: Tracks): FileType {
	if (tracks && !tracks.sound) {
		const label = `${container} ${tracks.video ? 'video' : 'file'} without sound`;
		return { family: 'video', type, label };
	}
	const word = tracks || type === 'video/quicktime' ? 'video' : 'file';
	return { family: 'video', type, label: `${container} ${word}`, hint: VIDEO_HINT };
}

/** Where the bytes do not tell, the name decides, then the declared type. */
function claimsSound({ name, declaredType }: FileContent): boolean {
	return SOUND_NAME.test(name) || !/^video\//i.test(declaredType);
}

function detectOgg(text: string): FileType {
	return text.includes('\x80theora') || text.includes('\x01video\0')
		? { family: 'video', type: 'video/ogg', label: 'an Ogg video', hint: VIDEO_HINT }
		: { family: 'audio', type: 'audio/ogg', label: 'an Ogg file' };
}

/** What stands behind the tag: MP3 unless it shows otherwise. */
function detectBehindId3(head: Buffer, tagBytes: number): FileType {
	const rest = head.subarray(tagBytes);
	return findSignature(rest) ?? (findFrames(rest, false) === 'audio/aac' ? AAC : MP3);
}

/** The tracks, from the first bytes or else by reading on; undefined when there is no list of them. */
async function readTracks(
	file: FileContent,
	head: Buffer,
	reader: TrackReader,
): Promise<Tracks | undefined> {
	reader.push(head);
	if (!reader.done && !reader.tracks() && head.length < file.size) {
		let known = head.length;
		await readPieces(file, (piece) => {
			// The reader has the first bytes already.
			const dropped = Math.min(known, piece.length);
			known -= dropped;
			reader.push(piece.subarray(dropped));
			return !reader.done && !reader.tracks();
		});
	}
	return reader.tracks();
}

/** Hands the file on piece by piece for as long as `take` says true. */
async function readPieces(file: FileContent, take: (piece: Buffer) => boolean): Promise<void> {
	const content = await file.open();
	if (Buffer.isBuffer(content)) {
		take(content);
		return;
	}
	// Leaving the loop ends the stream: the rest is not read.
	for await (const piece of content) if (!take(piece as Buffer)) break;
}
