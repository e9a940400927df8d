/** Ogg (RFC 3533) with Opus (RFC 7845), Vorbis, FLAC or Speex; also chained. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import { OPUS_RATE } from './opus';
import type { FileType } from './signatures';
import { agreedSeconds, noSound, VIDEO_HINT } from './sound';

const SOUND: FileType = { family: 'audio', type: 'audio/ogg', label: 'an Ogg file' };
const VIDEO: FileType = {
	family: 'video',
	type: 'video/ogg',
	label: 'an Ogg video',
	hint: VIDEO_HINT,
};
/** First bytes of Theora, Dirac, VP8, and of videos by their old name. */
const VIDEO_MARKS = ['\x80theora', 'BBCD', 'OVP80', '\x01video\0'];
/** "OggS" as a number, and its first letter. */
const MARK = 0x5367674f;
const MARK_START = 0x4f;
const HEADER_BYTES = 27;
const FIRST_FLAG = 2;
/** Bytes of the first packet that are read at most. */
const HEAD_BYTES = 80;
/** Sounds side by side; more are no recording. */
const MAX_STREAMS = 32;
/** Seconds that the first page of sound holds at most: 255 packets. */
const MAX_PAGE_S = 60;

/** A logical stream of sound. */
interface Stream {
	/** Granule positions a second. */
	rate: number;
	/** Samples in front that are not played. */
	preSkip: number;
	/** Position at the end of the first page of sound, and of the last one. */
	first: number;
	last: number;
}

interface Page {
	/** Position at its end; undefined when no packet ends on it. */
	granule: number | undefined;
	isFirst: boolean;
	serial: number;
	bodyBytes: number;
}

/**
 * The length is that of the positions at the ends of the pages. Chained streams are added up; an
 * incomplete page does not count. Of a recording from the middle of a stream the length is not known.
 */
export function* probeOgg(queue: ByteQueue): Parser<Finding> {
	let past: number | undefined = 0;
	let group = new Map<number, Stream>();
	let hasSound = false;
	let isOpening = true;
	for (;;) {
		const page = yield* readPage(queue);
		if (!page) break;
		if (page.isFirst) {
			if (!isOpening) {
				past = sum(past, groupSeconds(group));
				group = new Map();
			}
			const headBytes = Math.min(HEAD_BYTES, page.bodyBytes);
			yield* queue.has(headBytes);
			const packet = queue.peekBytes(headBytes);
			const text = packet.toString('latin1');
			if (VIDEO_MARKS.some((mark) => text.startsWith(mark))) return { kind: VIDEO };
			const stream = parseStream(packet, text);
			if (stream && group.size < MAX_STREAMS) group.set(page.serial, stream);
		} else if (isOpening) yield SOUND;
		isOpening = page.isFirst;
		if (!queue.skipNow(page.bodyBytes) && !(yield* queue.skip(0))) break;
		const stream = group.get(page.serial);
		if (!stream || page.isFirst || !page.granule) continue;
		hasSound = true;
		stream.first ||= page.granule;
		stream.last = Math.max(stream.last, page.granule);
	}
	if (!hasSound) return { kind: SOUND, problem: noSound() };
	return { kind: SOUND, seconds: sum(past, groupSeconds(group)) };
}

/** Finds the next page, past what is none, and reads its header. Undefined at the end. */
function* readPage(queue: ByteQueue): Parser<Page | undefined> {
	while (queue.available >= HEADER_BYTES || (yield* queue.has(HEADER_BYTES))) {
		queue.countPart();
		if (u32(queue, 0) !== MARK) {
			queue.skipNow(1);
			const at = queue.indexOf(MARK_START);
			queue.skipNow(at < 0 ? queue.available : at);
			continue;
		}
		const granule = u32(queue, 6) + u32(queue, 10) * 2 ** 32;
		const page = {
			granule: granule < 2 ** 63 ? granule : undefined,
			serial: u32(queue, 14),
			isFirst: (queue.peek(5) & FIRST_FLAG) !== 0,
			bodyBytes: 0,
		};
		const segments = queue.peek(26);
		queue.skipNow(HEADER_BYTES);
		if (queue.available < segments && !(yield* queue.has(segments))) return undefined;
		for (let segment = 0; segment < segments; segment++) page.bodyBytes += queue.peek(segment);
		queue.skipNow(segments);
		return page;
	}
	return undefined;
}

function u32(queue: ByteQueue, at: number): number {
	const high = queue.peek(at + 3) * 2 ** 24;
	return high + (queue.peek(at + 2) << 16) + (queue.peek(at + 1) << 8) + queue.peek(at);
}

/** A stream by its first packet, which is given as Latin-1 text as well; undefined for pictures, indexes and unknown codecs. */
function parseStream(packet: Buffer, text: string): Stream | undefined {
	const stream = (rate: number, preSkip = 0) => ({ rate, preSkip, first: 0, last: 0 });
	if (text.startsWith('OpusHead') && packet.length >= 19) {
		return stream(OPUS_RATE, packet.readUInt16LE(10));
	}
	if (text.startsWith('\x01vorbis') && packet.length >= 30) return stream(packet.readUInt32LE(12));
	if (text.startsWith('\x7fFLAC') && packet.length >= 51)
		return stream(packet.readUIntBE(27, 3) >> 4);
	if (text.startsWith('Speex   ') && packet.length >= 68) return stream(packet.readUInt32LE(36));
	return undefined;
}

/** Seconds of streams that were recorded side by side. */
function groupSeconds(group: ReadonlyMap<number, Stream>): number | undefined {
	return agreedSeconds(
		[...group.values()].map(({ rate, preSkip, first, last }) =>
			first > rate * MAX_PAGE_S ? undefined : Math.max(0, last - preSkip) / rate,
		),
	);
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
	return a === undefined || b === undefined ? undefined : a + b;
}
