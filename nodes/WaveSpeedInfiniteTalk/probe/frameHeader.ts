/** Headers of MPEG audio frames (ISO/IEC 11172-3, 13818-3) and of ADTS frames (14496-3, 1.A.2). */

/** What the header of a frame tells. */
export interface FrameHeader {
	/** The whole frame, header and all. */
	bytes: number;
	/** Of one channel. */
	samples: number;
	/** Samples a second, of one channel. */
	sampleRate: number;
	/** Equal for all frames of one stream. */
	kind: number;
}

/** Bytes that can be looked at without taking them. */
export interface PeekBytes {
	peek(offset: number): number;
}

/** Bytes that a header needs at most; no frame is shorter. */
export const FRAME_HEADER_BYTES = 7;
/** First byte of all frames. */
export const FRAME_SYNC = 0xff;

const MPEG_1 = 3;
const RESERVED_VERSION = 1;
const RESERVED_EMPHASIS = 2;
const MPEG_25 = 0;
const LAYER_1 = 3;
const LAYER_3 = 1;

/** kbit/s by index, for MPEG 1 layers II and III, and for MPEG 2. Nothing writes layer I. */
const BITRATES = {
	two: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
	three: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const MPEG_RATES = [44_100, 48_000, 32_000];
const ADTS_RATES = [
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
	7_350,
];
const ADTS_SAMPLES = 1024;
const ADTS_KIND = 0x10000;

/** Whether frames of this {@link FrameHeader.kind} are AAC; else they are MPEG layers I to III. */
export function isAac(kind: number): boolean {
	return kind >= ADTS_KIND;
}

/**
 * The header in the first bytes, or undefined when they are none. Free format has no length in its
 * header, so it is none here.
 *
 * @param bytes where it is, with seven bytes there
 * @param at offset from the next byte
 */
export function parseFrameHeader(bytes: PeekBytes, at: number): FrameHeader | undefined {
	const second = bytes.peek(at + 1);
	if (bytes.peek(at) !== FRAME_SYNC || (second & 0xe0) !== 0xe0) return undefined;
	if ((second & 0x06) === 0) return adtsHeader(bytes, at);
	return (bytes.peek(at + 3) & 3) === RESERVED_EMPHASIS
		? undefined
		: mpegHeader(second, bytes.peek(at + 2));
}

/**
 * Whether frames of free format begin here (bitrate 0): their header comes again and again, at distances
 * that differ by the padding only.
 *
 * @param bytes three frames, at most 8 KB
 */
export function isFreeFormat(bytes: Buffer): boolean {
	const [first = 0, second = 0, third = 0] = bytes;
	const isHeader = first === FRAME_SYNC && second >= 0xe2 && (second & 0x06) !== 0;
	if (!isHeader || third >> 4 !== 0 || (third & 0x0c) === 0x0c) return false;
	const repeats = (at: number) =>
		bytes[at] === first &&
		bytes[at + 1] === second &&
		((bytes[at + 2] ?? 0) & 0xfd) === (third & 0xfd);
	const sync = bytes.subarray(0, 2);
	for (let at = bytes.indexOf(sync, 4); at >= 0; at = bytes.indexOf(sync, at + 1)) {
		if (repeats(at) && [0, 1, -1].some((padding) => repeats(2 * at + padding))) return true;
	}
	return false;
}

function mpegHeader(second: number, third: number): FrameHeader | undefined {
	const version = (second >> 3) & 3;
	const layer = (second >> 1) & 3;
	const table = version === MPEG_1 ? (layer === LAYER_3 ? 'three' : 'two') : 'low';
	const bitrate = BITRATES[table][third >> 4];
	const rate = MPEG_RATES[(third >> 2) & 3];
	if (version === RESERVED_VERSION || layer === LAYER_1 || !bitrate || !rate) return undefined;
	const sampleRate = version === MPEG_1 ? rate : version === MPEG_25 ? rate / 4 : rate / 2;
	const padding = (third >> 1) & 1;
	const kind = (second & 0x1e) | ((third & 0x0c) << 8);
	const samples = layer === LAYER_3 && version !== MPEG_1 ? 576 : 1152;
	const bytes = Math.floor((samples * 125 * bitrate) / sampleRate) + padding;
	return { bytes, samples, sampleRate, kind };
}

function adtsHeader(bytes: PeekBytes, at: number): FrameHeader | undefined {
	const rateIndex = (bytes.peek(at + 2) >> 2) & 15;
	const sampleRate = ADTS_RATES[rateIndex];
	const highBits = (bytes.peek(at + 3) & 3) << 11;
	const length = highBits | (bytes.peek(at + 4) << 3) | (bytes.peek(at + 5) >> 5);
	if ((bytes.peek(at + 1) & 0xf0) !== 0xf0 || !sampleRate) return undefined;
	if (length < FRAME_HEADER_BYTES) return undefined;
	const blocks = (bytes.peek(at + 6) & 3) + 1;
	return { bytes: length, samples: ADTS_SAMPLES * blocks, sampleRate, kind: ADTS_KIND | rateIndex };
}
