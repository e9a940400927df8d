/** The `fmt ` chunk of a WAV file (Microsoft, "Multiple channel audio data and WAVE files"). */

export type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law' | 'compressed';

export interface WavFormat {
	encoding: WavEncoding;
	/** Registered number of the format; of an extensible one that of its subformat. */
	tag: number;
	channels: number;
	/** Samples a second, of one channel. */
	sampleRate: number;
	/** Bytes a second, as written. */
	byteRate: number;
	/** Bytes of one sample of all channels, or of one block where the sound is compressed. */
	blockAlign: number;
	bitsPerSample: number;
}

/** Bytes of the chunk that are read at most. */
export const FORMAT_BYTES = 40;
const SHORTEST = 14;
const EXTENSIBLE = 0xfffe;

const ENCODINGS: Record<number, WavEncoding> = { 1: 'pcm', 3: 'float', 6: 'a-law', 7: 'mu-law' };

/** @returns undefined when the chunk is too short or makes no sense */
export function parseWavFormat(chunk: Buffer, bigEndian: boolean): WavFormat | undefined {
	if (chunk.length < SHORTEST) return undefined;
	const u16 = (at: number) => {
		if (at + 2 > chunk.length) return 0;
		return bigEndian ? chunk.readUInt16BE(at) : chunk.readUInt16LE(at);
	};
	const u32 = (at: number) => (bigEndian ? chunk.readUInt32BE(at) : chunk.readUInt32LE(at));
	const outer = u16(0);
	const tag = outer === EXTENSIBLE ? u16(24) : outer;
	const format: WavFormat = {
		encoding: ENCODINGS[tag] ?? 'compressed',
		tag,
		channels: u16(2),
		sampleRate: u32(4),
		byteRate: u32(8),
		blockAlign: u16(12),
		bitsPerSample: u16(14),
	};
	return isSensible(format) ? format : undefined;
}

function isSensible(format: WavFormat): boolean {
	const { encoding, channels, sampleRate, blockAlign, bitsPerSample } = format;
	if (channels === 0 || sampleRate === 0) return false;
	if (encoding === 'compressed') return true;
	const least = channels * Math.max(1, Math.ceil(bitsPerSample / 8));
	return blockAlign >= least && blockAlign % channels === 0 && blockAlign <= channels * 8;
}

/**
 * Seconds of `bytes` bytes of sound.
 *
 * @param fact samples of one channel as the `fact` chunk has it: the only source for compressed sound, which
 * telephones of old and no service of today writes into WAV
 */
export function wavSeconds(
	{ encoding, blockAlign, sampleRate }: WavFormat,
	bytes: number,
	fact?: number,
): number | undefined {
	if (encoding !== 'compressed') return Math.floor(bytes / blockAlign) / sampleRate;
	return fact === undefined ? undefined : fact / sampleRate;
}
