/** Finds MP3 and AAC by their frames: these two formats need no header in front. */

type FrameFormat = 'audio/mpeg' | 'audio/aac';

interface Frame {
	format: FrameFormat;
	/** Bytes from this frame to the next. */
	length: number;
	/** Equal in all frames of one stream: version, layer and sample rate. */
	stream: number;
}

/** Bits per second / 1000 by table (MPEG-1 layers 1 to 3, MPEG-2 layer 1, MPEG-2 layers 2 and 3). */
const BITRATES = {
	v1l1: [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
	v1l2: [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
	v1l3: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
	v2l1: [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
	v2l2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const SAMPLE_RATES = [44_100, 48_000, 32_000] as const;
const AAC_SAMPLE_RATES = 13;
/** Frames in a row that tell sound from chance, where other bytes stand in front. */
const FRAMES_IN_A_ROW = 4;

/**
 * The format whose frames the bytes hold, or undefined. At the first byte two frames in a row are
 * enough; behind zeros or other bytes it takes four, or two up to the end of the file.
 *
 * @param isWhole true when the bytes are the whole file
 */
export function findFrames(bytes: Buffer, isWhole: boolean): FrameFormat | undefined {
	for (let at = bytes.indexOf(0xff); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
		const frame = readFrame(bytes, at);
		if (!frame) continue;
		const { count, reachesEnd } = countFrames(bytes, at, frame);
		const ends = reachesEnd && isWhole;
		if (at === 0 ? count >= 2 || ends : count >= FRAMES_IN_A_ROW || (ends && count >= 2)) {
			return frame.format;
		}
	}
	return undefined;
}

function countFrames(
	bytes: Buffer,
	start: number,
	first: Frame,
): { count: number; reachesEnd: boolean } {
	let at = start + first.length;
	let count = 1;
	while (at < bytes.length && count < FRAMES_IN_A_ROW) {
		const frame = readFrame(bytes, at);
		if (!frame) return { count, reachesEnd: isTail(bytes, at) };
		if (frame.format !== first.format || frame.stream !== first.stream) {
			return { count: 1, reachesEnd: false };
		}
		count++;
		at += frame.length;
	}
	return { count, reachesEnd: at >= bytes.length };
}

/** What may stand behind the last frame: a cut header, or a tag (ID3v1, Lyrics3, APE). */
function isTail(bytes: Buffer, at: number): boolean {
	return (
		bytes.length - at < 4 || /^(TAG|LYRICS|APETAGEX|ID3)/.test(bytes.toString('latin1', at, at + 8))
	);
}

function readFrame(bytes: Buffer, at: number): Frame | undefined {
	const [first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 4);
	if (first !== 0xff || (second & 0xe0) !== 0xe0 || bytes.length - at < 4) return undefined;
	return (second & 0x06) === 0
		? readAacFrame(bytes, at, second, third)
		: readMp3Frame(second, third, fourth);
}

function readMp3Frame(second: number, third: number, fourth: number): Frame | undefined {
	const version = (second >> 3) & 3;
	const layer = 4 - ((second >> 1) & 3);
	const bitrateIndex = third >> 4;
	const rateIndex = (third >> 2) & 3;
	const emphasis = fourth & 3;
	// Version 1, rate 3 and emphasis 2 are reserved; bitrate 15 is none, and 0 tells no length.
	if (version === 1 || rateIndex === 3 || emphasis === 2) return undefined;
	const isVersion1 = version === 3;
	const table = isVersion1 ? (`v1l${layer}` as 'v1l1') : layer === 1 ? 'v2l1' : 'v2l2';
	const bitrate = (BITRATES[table][bitrateIndex] ?? 0) * 1000;
	if (bitrate === 0) return undefined;
	const divisor = isVersion1 ? 1 : version === 2 ? 2 : 4;
	const sampleRate = (SAMPLE_RATES[rateIndex] ?? 0) / divisor;
	const padding = (third >> 1) & 1;
	const length =
		layer === 1
			? (Math.floor((12 * bitrate) / sampleRate) + padding) * 4
			: Math.floor(((layer === 3 && !isVersion1 ? 72 : 144) * bitrate) / sampleRate) + padding;
	return { format: 'audio/mpeg', length, stream: ((second & 0x1e) << 2) | rateIndex };
}

/** A frame in ADTS form (ISO/IEC 13818-7). */
function readAacFrame(bytes: Buffer, at: number, second: number, third: number): Frame | undefined {
	const rateIndex = (third >> 2) & 15;
	if ((second & 0xf0) !== 0xf0 || rateIndex >= AAC_SAMPLE_RATES) return undefined;
	const stream = ((second & 0x08) << 8) | (third & 0xfc);
	// The length is not known when the file ends within the header.
	if (bytes.length - at < 7) return { format: 'audio/aac', length: bytes.length - at, stream };
	const length =
		(((bytes[at + 3] ?? 0) & 3) << 11) | ((bytes[at + 4] ?? 0) << 3) | ((bytes[at + 5] ?? 0) >> 5);
	return length < 7 ? undefined : { format: 'audio/aac', length, stream };
}
