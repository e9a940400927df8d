/** MP4, M4A, 3GP and QuickTime (ISO/IEC 14496-12), with the index at either end or in fragments. */
import type { Problem } from '../shared/problem';
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffNotes, ENCRYPTED, kindOfTracks, noSound } from './sound';

const SOUND: FileType = { family: 'audio', type: 'audio/mp4', label: 'an M4A file' };
const QUICKTIME = 'qt  ';
/** Tracks of real files are few: hundreds are damage. */
const PARTS_PER_TRACK = 1000;
/** Bytes of a box that are read. */
const FIELD_BYTES = 64;
/** Codecs of still pictures: covers and chapter thumbnails of sound files. */
const STILL_CODECS = /^(jpeg|png |mjpg|mjpa|gif |tiff)$/;
/** In the place of the codec where the samples are encrypted: common encryption, iTunes, Audible. */
const ENCRYPTED_CODECS = /^(enca|drms|aavd)$/;

const NO_INDEX: Problem = {
	message: 'is unfinished or cut off: its index is missing',
	advice:
		'Fetch or upload it again. If no player plays the original either, its recording was interrupted.',
};

class Track {
	/** Four letters: `soun` for sound, `vide` for pictures. */
	handler = '';
	/** Four letters: the type of the first sample entry. */
	codec = '';
	/** What is played, in units of the movie: the sum of all edits. */
	played = 0;
	/** What is stored, in units of the track, and its units a second. */
	stored = 0;
	timescale = 0;
}

/** All that is known so far. */
class Movie {
	timescale = 0;
	readonly tracks: Track[] = [];
	hasIndex = false;
	/** The last box at the top. */
	top: Box = { type: '', end: 0 };
	/** Of `mdat`, by the headers. */
	dataBytes = 0;
	/** Sum of the samples in fragments, in units of the track. */
	fragmented = 0;
	/** Length of a sample where the fragment does not say, and in the current one. */
	usualDuration = 0;
	sampleDuration = 0;
}

export interface Box {
	type: string;
	/** Offset of what follows. */
	end: number;
}

/** Boxes that hold others of interest. */
const ENTERED = /^(moov|trak|mdia|minf|stbl|mvex|moof|traf)$/;

/** The beginning of `mvhd`, `mdhd` and `tkhd`: timescale, but for the last, and duration. */
function readTimes(box: Buffer, gap = 0): [number, number] {
	// All ones are no duration.
	return box[0] === 1
		? [box.readUInt32BE(20), Math.max(0, Number(box.readBigInt64BE(24 + gap)))]
		: [box.readUInt32BE(12), Math.max(0, box.readInt32BE(16 + gap))];
}

/**
 * Reads the index. The tree of boxes is walked without recursion: only boxes of a fixed list are entered. The
 * length of a file with several sounds is not known.
 */
export function* probeMp4(queue: ByteQueue): Parser<Finding> {
	const start = (yield* queue.look(12)).toString('latin1', 4);
	const brand = start.startsWith('ftyp') ? start.slice(4) : QUICKTIME;
	const movie = new Movie();
	const kindOf = () => kindOfMovie(movie, brand);
	if (!(yield* readBoxes(queue, movie, kindOf))) return { kind: kindOf() };
	const { tracks, top, dataBytes } = movie;
	const missing = top.end === Infinity ? 0 : Math.max(0, top.end - queue.received);
	if (top.type === 'moov' && missing > 0) movie.hasIndex = false;
	const kind = kindOf();
	if (!movie.hasIndex) return { kind, problem: NO_INDEX };
	if (kind !== SOUND) return { kind };
	const sounds = tracks.filter(isSound);
	if (sounds.every(({ codec }) => ENCRYPTED_CODECS.test(codec))) {
		return { kind, problem: ENCRYPTED };
	}
	const isCut = missing > 0 && top.type === 'mdat';
	const present = dataBytes - (isCut ? missing : 0);
	if (present <= 0) return { kind, problem: noSound() };
	const seconds = soundSeconds(movie);
	// The last fragment may lack its data.
	if (top.type === 'moof' || seconds === undefined) return { kind };
	// Sound takes about as many bytes in each second.
	const left = isCut ? (seconds * present) / dataBytes : seconds;
	return { kind, seconds: left, notes: cutOffNotes(seconds, left) };
}

/** Reads all boxes. False when one makes no sense, or when there are too many. */
function* readBoxes(queue: ByteQueue, movie: Movie, kindOf: () => FileType): Parser<boolean> {
	for (;;) {
		const isTop = queue.position >= movie.top.end;
		if (isTop && movie.top.type === 'moov') yield kindOf();
		const box = yield* readBox(queue);
		if (!box) return true;
		queue.countPart();
		const { type, end } = box;
		const bytes = end - queue.position;
		if (isTop) {
			// Whatever follows the boxes of a whole file does not matter.
			if (bytes < 0) return true;
			movie.top = box;
			if (type === 'mdat') movie.dataBytes += bytes;
		} else if (bytes < 0 || end > movie.top.end || end === Infinity) return false;
		if (ENTERED.test(type) && !(type === 'moov' && movie.hasIndex)) {
			movie.hasIndex ||= type === 'moov';
			if (type === 'trak') {
				movie.tracks.push(new Track());
				queue.countPart(PARTS_PER_TRACK);
			}
			continue;
		}
		if (!isTop) yield* readFields(queue, movie, box);
		if (!(yield* queue.pass(Math.max(0, end - queue.position)))) return true;
	}
}

/** Undefined at the end of the file; the end is before the position where the size is nonsense. */
export function* readBox(queue: ByteQueue): Parser<Box | undefined> {
	const start = queue.position;
	if (!(yield* queue.has(8))) return undefined;
	const header = yield* queue.take(8);
	const type = header.toString('latin1', 4, 8);
	const size = header.readUInt32BE(0);
	// To the end of the file.
	if (size === 0) return { type, end: Infinity };
	if (size > 1) return { type, end: start + size };
	if (!(yield* queue.has(8))) return undefined;
	return { type, end: start + Number((yield* queue.take(8)).readBigUInt64BE(0)) };
}

/** Reads what is of interest in a box. */
function* readFields(queue: ByteQueue, movie: Movie, { type, end }: Box): Parser<void> {
	// A copy with zeros behind: fields that are missing are 0.
	const box = Buffer.alloc(FIELD_BYTES);
	(yield* queue.look(Math.min(end - queue.position, FIELD_BYTES))).copy(box);
	// The boxes of a track belong to the last one.
	const track = movie.tracks.at(-1) ?? new Track();
	if (type === 'mvhd') [movie.timescale] = readTimes(box);
	// Four bytes stand in front of its duration.
	else if (type === 'tkhd') [, track.played] = readTimes(box, 4);
	else if (type === 'mdhd') [track.timescale, track.stored] = readTimes(box);
	// QuickTime has a second one, for the storage of the data.
	else if (type === 'hdlr') track.handler ||= box.toString('latin1', 8, 12);
	else if (type === 'stsd') track.codec ||= box.toString('latin1', 12, 16);
	else if (type === 'trex') movie.usualDuration = box.readUInt32BE(12);
	else if (type === 'tfhd') {
		const flags = box.readUInt32BE(0);
		const durationAt = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
		movie.sampleDuration = flags & 8 ? box.readUInt32BE(durationAt) : movie.usualDuration;
	} else if (type === 'trun') yield* readRun(queue, movie, box, end);
}

/** Adds up the samples of a fragment, which may each have a length of their own. */
function* readRun(queue: ByteQueue, movie: Movie, fields: Buffer, end: number): Parser<void> {
	const flags = fields.readUInt32BE(0);
	const samples = fields.readUInt32BE(4);
	if ((flags & 0x100) === 0) {
		movie.fragmented += samples * movie.sampleDuration;
		return;
	}
	queue.skip(8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0));
	const entryBytes = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
	for (let left = samples; left > 0 && queue.position + entryBytes <= end; left--) {
		queue.countPart();
		const entry = yield* queue.look(entryBytes);
		if (entry.length < entryBytes) return;
		movie.fragmented += entry.readUInt32BE(0);
		queue.skip(entryBytes);
	}
}

function isSound({ handler }: Track): boolean {
	return handler === 'soun';
}

/** A picture that does not move is a cover. */
function kindOfMovie({ hasIndex, tracks }: Movie, brand: string): FileType {
	const isVideo = ({ handler, codec }: Track) => handler === 'vide' && !STILL_CODECS.test(codec);
	const found = { sound: tracks.some(isSound), video: tracks.some(isVideo) };
	const movie =
		brand === QUICKTIME
			? (['video/quicktime', 'a QuickTime'] as const)
			: (['video/mp4', 'an MP4'] as const);
	return kindOfTracks(SOUND, movie, hasIndex ? found : undefined);
}

/** Not known of several tracks in fragments. */
function soundSeconds({ timescale, tracks, fragmented }: Movie): number | undefined {
	const [track, other] = fragmented > 0 ? tracks : tracks.filter(isSound);
	if (!track || other || track.timescale === 0) return undefined;
	// The index of a fragmented file is written before its length is known.
	const stored = (track.stored + fragmented) / track.timescale;
	const isPart = track.played > 0 && fragmented === 0;
	return isPart ? Math.min(stored, track.played / timescale) : stored;
}
