/** FLAC (RFC 9639). */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffHints, noSound } from './sound';

const FLAC: FileType = { family: 'audio', type: 'audio/flac', label: 'a FLAC file' };
const MARK_BYTES = 4;
const STREAM_INFO = 0;
const STREAM_INFO_BYTES = 34;
/** Of a frame, without sizes and checksum: mark, codes, number of up to seven bytes, size of the block. */
const MAX_HEADER_BYTES = 13;
/** Sizes of blocks by code; 6 and 7: in the header. */
const BLOCK_SIZES = [
	0, 192, 576, 1152, 2304, 4608, 0, 0, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768,
];

/**
 * The length is that of the header, and of the frames where it has none or the file was cut off. A frame is
 * known by its mark and by its number, which goes on from the one before; checksums are not computed. Of
 * files that were joined byte by byte the first one counts.
 */
export function* probeFlac(queue: ByteQueue): Parser<Finding> {
	yield FLAC;
	yield* queue.skip(MARK_BYTES);
	let info = Buffer.alloc(STREAM_INFO_BYTES);
	for (let isLast = false; !isLast; ) {
		queue.countPart();
		const header = yield* queue.take(4);
		if (!header) break;
		isLast = header.readUInt8(0) > 0x7f;
		const type = header.readUInt8(0) & 0x7f;
		const end = queue.position + header.readUIntBE(1, 3);
		if (type === STREAM_INFO) info = Buffer.from((yield* queue.take(STREAM_INFO_BYTES)) ?? info);
		yield* queue.skip(Math.max(0, end - queue.position));
	}
	yield* queue.has(MAX_HEADER_BYTES);
	const start = Buffer.from(queue.peekBytes(4096));
	const blockSize = info.readUInt16BE(2);
	const sampleRate = info.readUIntBE(10, 3) >> 4;
	const total = (info.readUInt8(13) & 15) * 2 ** 32 + info.readUInt32BE(14);
	const samples = yield* countSamples(queue, blockSize);
	if (samples === 0) return { kind: FLAC, problem: noSound(start) };
	if (sampleRate === 0) return { kind: FLAC };
	const isWhole = total > 0 && samples > total - blockSize;
	const seconds = (isWhole ? total : samples) / sampleRate;
	return { kind: FLAC, seconds, hints: cutOffHints(total / sampleRate, seconds) };
}

/** @returns samples of one channel in all frames, the last one as if it were whole */
function* countSamples(queue: ByteQueue, blockSize: number): Parser<number> {
	const first = Buffer.from(queue.peekBytes(4));
	const mark = first.toString('latin1', 0, 2);
	if (!/^\xff[\xf8\xf9]/.test(mark)) return 0;
	const isVariable = mark.endsWith('\xf9');
	let samples = 0;
	for (let frames = 0; yield* queue.has(MAX_HEADER_BYTES); queue.skipNow(1)) {
		queue.countPart();
		const at = queue.indexOf(mark);
		// The mark may stand at the seam of two chunks.
		queue.skipNow(at < 0 ? queue.available - 2 : at);
		if (at < 0 || !(yield* queue.has(MAX_HEADER_BYTES))) continue;
		const header = queue.peekBytes(MAX_HEADER_BYTES);
		const { value, bytes } = codedNumber(header.subarray(4));
		if (value !== (isVariable ? samples : frames) || !isSameStream(header, first)) continue;
		const code = header.readUInt8(2) >> 4;
		const isCoded = code === 6 || code === 7;
		const coded = isCoded ? header.readUIntBE(4 + bytes, code - 5) + 1 : 0;
		samples += coded || BLOCK_SIZES[code] || blockSize;
		frames += 1;
	}
	return samples;
}

/** Whether the codes of rate and depth are those of the first frame. */
function isSameStream(header: Buffer, first: Buffer): boolean {
	return [2, 3].every((at) => ((header.readUInt8(at) ^ first.readUInt8(at)) & 15) === 0);
}

/** A number as UTF-8 has letters, up to 36 bits. */
function codedNumber(bytes: Buffer): { value: number; bytes: number } {
	const lead = bytes.readUInt8(0);
	if (lead < 0x80) return { value: lead, bytes: 1 };
	const length = Math.min(7, Math.clz32(~(lead << 24)));
	const first = lead & (0x7f >> length);
	const value = bytes.subarray(1, length).reduce((sum, byte) => sum * 64 + (byte & 0x3f), first);
	return { value, bytes: length };
}
