/** FLAC's stream description and frame headers (RFC 9639, sections 8.2 and 9.1). */
import { crc16, crc8 } from './crc';
import { tagLength } from './tags';

export interface FlacStream {
	/** Samples in a block, where all but the last have the same number. */
	blockSize: number;
	sampleRate: number;
	channels: number;
	bitsPerSample: number;
}

interface FlacFrame {
	/** Offset of its first byte. */
	at: number;
	/** Number of its first sample in the stream. */
	first: number;
	/** Number of the sample that follows it. */
	end: number;
}

export const STREAM_INFO_BYTES = 34;

/** Longest header: four bytes, a number of seven, sizes of four, checksum. */
const MOST_HEADER_BYTES = 16;
/** Frames that are tried for the last one, since sound can look like the header of a frame. */
const MOST_TRIES = 8;
const TAG_BYTES = 32;
const ID3V1_BYTES = 128;
const BIT_DEPTHS = [0, 8, 12, undefined, 16, 20, 24, 32];
const SAMPLE_RATES = [
	0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000,
];

/** @returns undefined when it makes no sense */
export function parseStreamInfo(block: Buffer): FlacStream | undefined {
	const sampleRate = block.readUIntBE(10, 3) >> 4;
	const channels = ((block.readUInt8(12) >> 1) & 7) + 1;
	const bitsPerSample = (block.readUInt16BE(12) >> 4) & 31;
	if (sampleRate === 0) return undefined;
	return {
		blockSize: block.readUInt16BE(2),
		sampleRate,
		channels,
		bitsPerSample: bitsPerSample + 1,
	};
}

/**
 * Where the sound ends, by the last frame that is proved: by its checksum when it is whole, else by
 * the frame before it, and then the sound ends where it begins.
 *
 * @param tail the end of the file
 * @returns number of samples of one channel, or undefined when no frame is found
 */
export function lastFlacSample(tail: Buffer, stream: FlacStream): number | undefined {
	const end = tail.length - trailingTagBytes(tail);
	const frames = findFrames(tail, stream);
	const ends = new Set(frames.map((frame) => frame.end));
	for (const frame of frames.slice(-MOST_TRIES).reverse()) {
		if (crc16(tail.subarray(frame.at, end)) === 0) return frame.end;
		if (frame.first > 0 && ends.has(frame.first)) return frame.first;
	}
	return undefined;
}

function trailingTagBytes(tail: Buffer): number {
	const at = tail.length - ID3V1_BYTES;
	const isTag = at >= 0 && tagLength(tail.subarray(at, at + TAG_BYTES)) === ID3V1_BYTES;
	return isTag ? ID3V1_BYTES : 0;
}

function findFrames(tail: Buffer, stream: FlacStream): FlacFrame[] {
	const frames: FlacFrame[] = [];
	for (let at = tail.indexOf(0xff); at >= 0; at = tail.indexOf(0xff, at + 1)) {
		const second = tail[at + 1];
		if (second !== 0xf8 && second !== 0xf9) continue;
		const frame = parseFrame(tail.subarray(at, at + MOST_HEADER_BYTES), at, stream);
		if (frame) frames.push(frame);
	}
	return frames;
}

function parseFrame(head: Buffer, at: number, stream: FlacStream): FlacFrame | undefined {
	const [, second = 0, third = 0, fourth = 0] = head;
	const [sizeCode, rateCode, channelCode] = [third >> 4, third & 15, fourth >> 4];
	const rate = SAMPLE_RATES[rateCode];
	if (sizeCode === 0 || rateCode === 15 || (rate && rate !== stream.sampleRate)) return undefined;
	const channels = channelCode < 8 ? channelCode + 1 : 2;
	if (channelCode > 10 || channels !== stream.channels) return undefined;
	const depth = BIT_DEPTHS[(fourth >> 1) & 7];
	const isOtherDepth = depth === undefined || (depth !== 0 && depth !== stream.bitsPerSample);
	if ((fourth & 1) !== 0 || isOtherDepth) return undefined;

	const number = codedNumber(head.subarray(4));
	if (!number) return undefined;
	const sizeAt = 4 + number.bytes;
	const sizeBytes = sizeCode === 6 ? 1 : sizeCode === 7 ? 2 : 0;
	const rateBytes = rateCode === 12 ? 1 : rateCode > 12 ? 2 : 0;
	const headerBytes = sizeAt + sizeBytes + rateBytes + 1;
	if (headerBytes > head.length || crc8(head.subarray(0, headerBytes)) !== 0) return undefined;
	const size = sizeBytes ? head.readUIntBE(sizeAt, sizeBytes) + 1 : blockSize(sizeCode);
	const isVariable = (second & 1) !== 0;
	const first = isVariable ? number.value : number.value * stream.blockSize;
	return { at, first, end: first + size };
}

function blockSize(code: number): number {
	if (code === 1) return 192;
	return code < 6 ? 144 * 2 ** code : 2 ** code;
}

/** A number as UTF-8 has letters, up to 36 bits. */
function codedNumber(bytes: Buffer): { value: number; bytes: number } | undefined {
	const [lead = 0xff] = bytes;
	if (lead < 0x80) return { value: lead, bytes: 1 };
	const length = Math.clz32(~(lead << 24));
	if (length < 2 || length > 7 || bytes.length < length) return undefined;
	let value = lead & (0x7f >> length);
	for (const byte of bytes.subarray(1, length)) {
		if ((byte & 0xc0) !== 0x80) return undefined;
		value = value * 64 + (byte & 0x3f);
	}
	return { value, bytes: length };
}
