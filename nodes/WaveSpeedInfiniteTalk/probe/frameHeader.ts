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

/** Bytes that a header needs at most; no frame is shorter. */
export const FRAME_HEADER_BYTES = 7;
/** First byte of all frames. */
export const FRAME_SYNC = 0xff;
const SYNC_BITS = 0x7ff;
const ADTS_SYNC_BITS = 0xfff;

const MPEG_1 = 3;
const RESERVED_EMPHASIS = 2;
const LAYER_1 = 3;
const LAYER_3 = 1;

/** kbit/s by index, for MPEG 1 layers II and III, and for MPEG 2. Nothing writes layer I. */
const BITRATES = {
	two: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
	three: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	low: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
};
const MPEG_RATES = [44_100, 48_000, 32_000];
/** By which these are divided: MPEG 2.5, none, MPEG 2, MPEG 1. */
const DIVISORS = [4, 0, 2, 1];
const ADTS_RATES = [
	96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000,
	7_350,
];
const ADTS_SAMPLES = 1024;
/** Version, layer and rate. */
const MPEG_KIND = 0x1e0c00;

/** Whether frames of this {@link FrameHeader.kind} are AAC; else they are MPEG layers I to III. */
export function isAac(kind: number): boolean {
	return kind < ADTS_RATES.length;
}

/**
 * The header in the first seven bytes, or undefined when they are none. Free format has no length in its
 * header, so it is none here.
 */
export function parseFrameHeader(head: Buffer): FrameHeader | undefined {
	if (head[0] !== FRAME_SYNC || head.length < FRAME_HEADER_BYTES) return undefined;
	const word = head.readUInt32BE(0);
	if (word >>> 21 !== SYNC_BITS) return undefined;
	return (word >>> 17) & 3 ? mpegHeader(word) : adtsHeader(word, head);
}

/** @param word the first four bytes */
function mpegHeader(word: number): FrameHeader | undefined {
	const isMpeg1 = ((word >>> 19) & 3) === MPEG_1;
	const layer = (word >>> 17) & 3;
	const table = isMpeg1 ? (layer === LAYER_3 ? 'three' : 'two') : 'low';
	const bitrate = BITRATES[table][(word >>> 12) & 15];
	const rate = MPEG_RATES[(word >>> 10) & 3];
	const divisor = DIVISORS[(word >>> 19) & 3];
	const isReserved = layer === LAYER_1 || (word & 3) === RESERVED_EMPHASIS;
	if (isReserved || !bitrate || !rate || !divisor) return undefined;
	const sampleRate = rate / divisor;
	const samples = layer === LAYER_3 && !isMpeg1 ? 576 : 1152;
	const bytes = Math.floor((samples * 125 * bitrate) / sampleRate) + ((word >>> 9) & 1);
	return { bytes, samples, sampleRate, kind: word & MPEG_KIND };
}

function adtsHeader(word: number, head: Buffer): FrameHeader | undefined {
	const rateIndex = (word >>> 10) & 15;
	const sampleRate = ADTS_RATES[rateIndex];
	const bytes = (head.readUIntBE(3, 3) >>> 5) & 0x1fff;
	if (word >>> 20 !== ADTS_SYNC_BITS || !sampleRate || bytes < FRAME_HEADER_BYTES) return undefined;
	const blocks = (head.readUInt8(6) & 3) + 1;
	return { bytes, samples: ADTS_SAMPLES * blocks, sampleRate, kind: rateIndex };
}
