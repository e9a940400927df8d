/** FLAC (RFC 9639). */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffNotes, noSound } from './sound';

const MARK_BYTES = 4;
const TEXT_BYTES = 4096;
const STREAM_INFO = 0;
const STREAM_INFO_BYTES = 34;
/** The first two bytes of a frame: of blocks of one size, and of others, which no program writes. */
const FRAME_MARK = '\xff\xf8';
const VARIABLE_MARK = '\xff\xf9';
/** Of a frame, without sizes and checksum: mark, codes, number of up to seven bytes, size of the block. */
const MAX_HEADER_BYTES = 13;

/**
 * The length is that of the header, and of the frames where it has none or the file was cut off. A frame is
 * known by its mark and by its number, which goes on from the one before; checksums are not computed. Of
 * files that were joined byte by byte the first one counts.
 */
export function* probeFlac(queue: ByteQueue, kind: FileType): Parser<Finding> {
	queue.skip(MARK_BYTES);
	const info = Buffer.alloc(STREAM_INFO_BYTES);
	for (let isLast = false; !isLast && (yield* queue.has(4)); ) {
		queue.countPart();
		const header = yield* queue.take(4);
		const [type = 0] = header;
		const bytes = header.readUIntBE(1, 3);
		isLast = type > 0x7f;
		const content = yield* queue.look(Math.min(bytes, STREAM_INFO_BYTES));
		if ((type & 0x7f) === STREAM_INFO) content.copy(info);
		queue.skip(bytes);
	}
	const start = Buffer.from(yield* queue.look(TEXT_BYTES));
	const blockSize = info.readUInt16BE(2);
	const sampleRate = info.readUIntBE(10, 3) >> 4;
	const total = (info.readUInt8(13) & 15) * 2 ** 32 + info.readUInt32BE(14);
	if (start.toString('latin1', 0, 2) === VARIABLE_MARK) return { kind };
	const samples = yield* countSamples(queue, blockSize);
	if (samples === 0) return { kind, problem: noSound(start) };
	if (sampleRate === 0) return { kind };
	const isWhole = total > 0 && samples > total - blockSize;
	const seconds = (isWhole ? total : samples) / sampleRate;
	return { kind, seconds, notes: cutOffNotes(total / sampleRate, seconds) };
}

/** @returns samples of one channel in all frames, the last one as if it were whole */
function* countSamples(queue: ByteQueue, blockSize: number): Parser<number> {
	if (queue.indexOf(FRAME_MARK) !== 0) return 0;
	const codes = codesOf(yield* queue.look(MAX_HEADER_BYTES));
	let samples = 0;
	for (let frames = 0; yield* queue.has(MAX_HEADER_BYTES); queue.skip(1)) {
		queue.countPart();
		const at = queue.indexOf(FRAME_MARK);
		// The mark may stand at the seam of two chunks.
		queue.skip(at < 0 ? queue.available - 2 : at);
		if (at < 0 || !(yield* queue.has(MAX_HEADER_BYTES))) continue;
		const header = queue.peekBytes(MAX_HEADER_BYTES);
		const [number, bytes] = codedNumber(header.subarray(4));
		if (number !== frames || codesOf(header) !== codes) continue;
		const code = header.readUInt8(2) >> 4;
		if (code === 6 || code === 7) samples += header.readUIntBE(4 + bytes, code - 5) + 1;
		else samples += code < 8 ? blockSize : 256 << (code - 8);
		frames += 1;
	}
	return samples;
}

/** The codes of rate and depth, which all frames of a stream share. */
function codesOf(header: Buffer): number {
	return header.length < 4 ? 0 : header.readUInt16BE(2) & 0x0f0f;
}

/** A number as UTF-8 has letters, up to 36 bits, and its bytes. */
function codedNumber(bytes: Buffer): [number, number] {
	const lead = bytes.readUInt8(0);
	if (lead < 0x80) return [lead, 1];
	const length = Math.min(7, Math.clz32(~(lead << 24)));
	const first = lead & (0x7f >> length);
	return [bytes.subarray(1, length).reduce((sum, byte) => sum * 64 + (byte & 0x3f), first), length];
}
