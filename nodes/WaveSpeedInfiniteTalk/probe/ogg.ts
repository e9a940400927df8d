/** Ogg (RFC 3533) with Opus (RFC 7845), Vorbis or FLAC. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { kindOfTracks, noSound } from './sound';

const SOUND: FileType = { family: 'audio', type: 'audio/ogg', label: 'an Ogg file' };
const VIDEO = kindOfTracks(SOUND, ['video/ogg', 'an Ogg'], { sound: true, video: true });
/** First bytes of Theora and VP8. */
const VIDEO_MARK = /^(\x80theora|OVP80)/;
/** First bytes of a sound, and how many positions it has a second. */
const RATES: ReadonlyArray<readonly [mark: string, rate: (packet: Buffer) => number]> = [
	['OpusHead', () => 48_000],
	['\x01vorbis', (packet) => packet.readUInt32LE(12)],
	['\x7fFLAC', (packet) => packet.readUIntBE(27, 3) >> 4],
];
const PRE_SKIP_AT = 10;
/** "OggS" as a number, and its first letter. */
const MARK = 0x4f676753;
const MARK_START = 0x4f;
const HEADER_BYTES = 27;
const FIRST_FLAG = 2;
/** Bytes of the first packet that are read, of this many streams. */
const HEAD_BYTES = 80;
const MAX_STREAMS = 32;
/** Sizes of packets that take as long as a part of another kind. */
const SIZES_PER_PART = 32;
/** Seconds that the first page of sound holds at most: 255 packets. */
const MAX_PAGE_S = 60;

/**
 * The length is the position at the end of the last page; an incomplete page does not count. It is not known
 * of files that were joined, have several streams or begin in the middle of one.
 */
export function* probeOgg(queue: ByteQueue): Parser<Finding> {
	let [rate, preSkip, streams, first, last] = [0, 0, 0, 0, 0];
	while (yield* findPage(queue)) {
		const header = queue.peekBytes(HEADER_BYTES);
		// Not above 0 when no packet of sound ends on the page.
		const granule = header.readUInt32LE(6) + header.readInt32LE(10) * 2 ** 32;
		const isFirst = (header.readUInt8(5) & FIRST_FLAG) !== 0;
		const segments = header.readUInt8(HEADER_BYTES - 1);
		queue.countPart(segments / SIZES_PER_PART);
		queue.skip(HEADER_BYTES);
		if (!(yield* queue.has(segments))) break;
		const sizes = yield* queue.take(segments);
		const bodyBytes = sizes.reduce((sum, size) => sum + size, 0);
		if (!isFirst && last === 0) yield SOUND;
		if (isFirst && (streams += 1) <= MAX_STREAMS) {
			// Fields that are missing are 0.
			const packet = Buffer.alloc(HEAD_BYTES);
			(yield* queue.look(Math.min(HEAD_BYTES, bodyBytes))).copy(packet);
			const text = packet.toString('latin1');
			if (VIDEO_MARK.test(text)) return { kind: VIDEO };
			rate = RATES.find(([mark]) => text.startsWith(mark))?.[1](packet) ?? 0;
			if (text.startsWith('OpusHead')) preSkip = packet.readUInt16LE(PRE_SKIP_AT);
		}
		queue.skip(bodyBytes);
		const isWhole = queue.available > 0 || (yield* queue.pass(0));
		if (!isWhole || isFirst) continue;
		last = Math.max(last, granule);
		first ||= last;
	}
	if (last === 0) return { kind: SOUND, problem: noSound() };
	const isKnown = streams === 1 && rate > 0 && first <= rate * MAX_PAGE_S;
	return { kind: SOUND, ...(isKnown && { seconds: Math.max(0, last - preSkip) / rate }) };
}

/** Moves to the header of the next page, past what is none. False at the end. */
function* findPage(queue: ByteQueue): Parser<boolean> {
	while (queue.available >= HEADER_BYTES || (yield* queue.has(HEADER_BYTES))) {
		queue.countPart();
		if (queue.peekBytes(HEADER_BYTES).readUInt32BE(0) === MARK) return true;
		queue.skip(1);
		const at = queue.indexOf(MARK_START);
		queue.skip(at < 0 ? queue.available : at);
	}
	return false;
}
