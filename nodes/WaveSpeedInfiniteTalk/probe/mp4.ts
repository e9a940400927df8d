/** MP4, M4A, 3GP and QuickTime (ISO/IEC 14496-12), with the index at either end or in fragments. */
import { agreedSeconds } from './agree';
import type { ByteQueue, Parser } from './byteQueue';
import { Mp4Movie } from './mp4Boxes';

const HEADER_BYTES = 8;
/** In the place of a size: it follows as 64 bits. */
const LONG_SIZE = 1;
/** In the place of a size: to the end of the file. */
const TO_THE_END = 0;

interface Box {
	type: string;
	/** Offset of what follows. */
	end: number;
}

/**
 * Computes the duration from the index of the audio tracks. The tree of boxes is walked without
 * recursion: only boxes of a fixed list are entered. The duration of a truncated file is unknown, since
 * its index describes audio that is missing.
 */
export function* measureMp4(queue: ByteQueue): Parser {
	const movie = new Mp4Movie();
	let top: Box | undefined;
	let hasMovie = false;
	let awaitsData = true;
	for (;;) {
		const isTop = !top || queue.position >= top.end;
		const box = yield* readBox(queue);
		if (!box) break;
		const makesSense = box.end >= queue.position;
		if (isTop) {
			// Whatever follows the boxes of a whole file does not matter.
			if (!makesSense) break;
			top = box;
			if (box.type === 'mdat') awaitsData = false;
			if (box.type === 'moof') awaitsData = true;
		} else if (!makesSense || box.end === Infinity || box.end > (top?.end ?? 0)) return undefined;
		const isRepeated = box.type === 'moov' && hasMovie;
		if (box.type === 'moov') hasMovie = true;
		if (Mp4Movie.containers.has(box.type) && !isRepeated) {
			if (!movie.enter(box.type)) return undefined;
			continue;
		}
		if (!isTop && !(yield* movie.read(box.type, queue, box.end - queue.position))) return undefined;
		if (!(yield* queue.skip(box.end - queue.position))) break;
	}
	const isCut = top && top.end !== Infinity && top.end > queue.received && isSound(top.type);
	if (isCut || awaitsData) return undefined;
	const sounds = movie.tracks.filter(({ handler }) => handler === 'soun');
	return agreedSeconds(sounds.map((track) => track.seconds(movie.timescale)));
}

/** Boxes without which there is no sound. */
function isSound(type: string): boolean {
	return type === 'mdat' || type === 'moov' || type === 'moof';
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
