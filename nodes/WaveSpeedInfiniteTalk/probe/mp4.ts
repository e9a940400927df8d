/** MP4, M4A, 3GP and QuickTime (ISO/IEC 14496-12), with the index at either end or in fragments. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding, ProbedFile } from './finding';
import { Mp4Movie } from './mp4Movie';
import type { FileType } from './signatures';
import {
	agreedSeconds,
	claimsSound,
	cutOffHints,
	DAMAGED,
	ENCRYPTED,
	noSound,
	videoType,
} from './sound';

const SOUND: FileType = { family: 'audio', type: 'audio/mp4', label: 'an M4A file' };
const SOUND_BRAND = /^(M4A|M4B|M4P|F4A|F4B)/;
const QUICKTIME = 'qt  ';
const HEADER_BYTES = 8;
/** In the place of a size: it follows as 64 bits. */
const LONG_SIZE = 1;
/** In the place of a size: to the end of the file. */
const TO_THE_END = 0;

const UNFINISHED = {
	message: 'is a recording that was not finished: its index is missing',
	advice: 'Record it again, or have the recording app repair it. No player can read it.',
};
const INDEX_CUT_OFF = {
	message: 'is cut off: its index, which stands at the end, is missing',
	advice: 'Fetch or upload it again: the transfer was broken off.',
};

interface Box {
	type: string;
	/** Offset of what follows. */
	end: number;
}

/** What was seen of the boxes at the top. */
interface Layout {
	last: Box | undefined;
	hasIndex: boolean;
	/** An index whose boxes make no sense. */
	isBroken: boolean;
	/** A fragment whose data have not begun. */
	awaitsData: boolean;
	/** Of `mdat`, by the headers. */
	dataBytes: number;
}

/**
 * Reads the index. The tree of boxes is walked without recursion: only boxes of a fixed list are entered.
 */
export function* probeMp4(queue: ByteQueue, file: ProbedFile): Parser<Finding> {
	yield* queue.has(12);
	const start = queue.peekBytes(12).toString('latin1', 4);
	const brand = start.startsWith('ftyp') ? start.slice(4) : QUICKTIME;
	const movie = new Mp4Movie();
	const layout: Layout = {
		last: undefined,
		hasIndex: false,
		isBroken: false,
		awaitsData: false,
		dataBytes: 0,
	};
	const isTooMuch = yield* readBoxes(queue, movie, layout, () => kindOf(movie, brand));
	if (isTooMuch) return { kind: SOUND, problem: DAMAGED };
	const { last, hasIndex, isBroken } = layout;
	const missing = last && last.end !== Infinity ? Math.max(0, last.end - queue.received) : 0;
	if (!hasIndex || (last?.type === 'moov' && missing > 0)) {
		const kind = kindByName(brand, file);
		return { kind, problem: missing > 0 ? INDEX_CUT_OFF : UNFINISHED };
	}
	const kind = kindOf(movie, brand);
	const sounds = movie.tracks.filter(({ isSound }) => isSound);
	if (kind !== SOUND) return { kind };
	if (sounds.every(({ isEncrypted }) => isEncrypted)) return { kind, problem: ENCRYPTED };
	if (isBroken) return { kind };
	const isCut = missing > 0 && last?.type === 'mdat';
	const present = layout.dataBytes - (isCut ? missing : 0);
	if (present <= 0) return { kind, problem: noSound() };
	const seconds = agreedSeconds(sounds.map((track) => track.seconds(movie.timescale)));
	if (layout.awaitsData || seconds === undefined) return { kind };
	// Sound takes about as many bytes in each second.
	const left = isCut ? (seconds * present) / layout.dataBytes : seconds;
	return { kind, seconds: left, hints: cutOffHints(seconds, left) };
}

/** Reads all boxes. True when there are more than a real file has. */
function* readBoxes(
	queue: ByteQueue,
	movie: Mp4Movie,
	layout: Layout,
	kind: () => FileType,
): Parser<boolean> {
	for (;;) {
		const isTop = !layout.last || queue.position >= layout.last.end;
		if (isTop && layout.last?.type === 'moov') yield kind();
		const box = yield* readBox(queue);
		if (!box) return false;
		queue.countPart();
		const makesSense = box.end >= queue.position;
		if (isTop) {
			// Whatever follows the boxes of a whole file does not matter.
			if (!makesSense) return false;
			noteTop(layout, box, queue.position);
		} else if (!makesSense || box.end === Infinity || box.end > (layout.last?.end ?? 0)) {
			layout.isBroken = true;
			yield* queue.skip(Math.max(0, (layout.last?.end ?? 0) - queue.position));
			continue;
		}
		if (Mp4Movie.containers.has(box.type) && !(box.type === 'moov' && layout.hasIndex)) {
			if (box.type === 'moov') layout.hasIndex = true;
			if (!movie.enter(box.type)) return true;
			continue;
		}
		if (!isTop) yield* movie.read(box.type, queue, box.end - queue.position);
		if (!(yield* queue.skip(Math.max(0, box.end - queue.position)))) return false;
	}
}

function noteTop(layout: Layout, box: Box, start: number): void {
	layout.last = box;
	if (box.type === 'moof') layout.awaitsData = true;
	if (box.type !== 'mdat') return;
	layout.awaitsData = false;
	layout.dataBytes += box.end - start;
}

/** Undefined at the end of the file; the end is before the position where the size is nonsense. */
function* readBox(queue: ByteQueue): Parser<Box | undefined> {
	const start = queue.position;
	const header = yield* queue.take(HEADER_BYTES);
	if (!header) return undefined;
	const type = header.toString('latin1', 4, 8);
	const size = header.readUInt32BE(0);
	if (size === TO_THE_END) return { type, end: Infinity };
	if (size !== LONG_SIZE) return { type, end: start + size };
	const long = yield* queue.take(8);
	return long && { type, end: start + Number(long.readBigUInt64BE(0)) };
}

function kindOf({ tracks }: Mp4Movie, brand: string): FileType {
	const sound = tracks.some(({ isSound }) => isSound);
	const video = tracks.some(({ isVideo }) => isVideo);
	return sound && !video ? SOUND : videoType(...container(brand), { sound, video });
}

/** Where the index is missing. */
function kindByName(brand: string, file: ProbedFile): FileType {
	const isSound = SOUND_BRAND.test(brand) || (brand !== QUICKTIME && claimsSound(file));
	return isSound ? SOUND : videoType(...container(brand));
}

function container(brand: string): [string, string] {
	if (brand === QUICKTIME) return ['video/quicktime', 'a QuickTime'];
	return brand.startsWith('3g') ? ['video/3gpp', 'a 3GP'] : ['video/mp4', 'an MP4'];
}
