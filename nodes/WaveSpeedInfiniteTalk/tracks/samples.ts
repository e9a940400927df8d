/** Reads samples of all uncompressed WAV files. */
import type { WavFormat } from '../probe/wav';

/** Reads one sample, in steps of 16 bit with fractions: -32768 to 32767. */
export type SampleReader = (bytes: Buffer, at: number) => number;

/** @param format as {@link canReadSamples} accepts it */
export function sampleReader({ encoding, blockAlign, channels }: WavFormat): SampleReader {
	const bytes = blockAlign / channels;
	if (encoding === 'a-law') return (sound, at) => A_LAW[sound[at]!]!;
	if (encoding === 'mu-law') return (sound, at) => MU_LAW[sound[at]!]!;
	if (encoding === 'float') {
		return bytes === 4
			? (sound, at) => sound.readFloatLE(at) * 32_768
			: (sound, at) => sound.readDoubleLE(at) * 32_768;
	}
	if (bytes === 1) return (sound, at) => (sound[at]! - 128) * 256;
	if (bytes === 2) return (sound, at) => sound.readInt16LE(at);
	if (bytes === 3) return (sound, at) => sound.readIntLE(at, 3) / 256;
	return (sound, at) => sound.readInt32LE(at) / 65_536;
}

/** Whether the samples are numbers of a size that WAV files have. */
export function canReadSamples({ encoding, blockAlign, channels }: WavFormat): boolean {
	const bytes = blockAlign / channels;
	if (encoding === 'pcm') return bytes <= 4;
	if (encoding === 'float') return bytes === 4 || bytes === 8;
	return bytes === 1;
}

/** ITU-T G.711. */
const A_LAW = Array.from({ length: 256 }, (_, code) => {
	const bits = code ^ 0x55;
	const exponent = (bits & 0x70) >> 4;
	const mantissa = ((bits & 0x0f) << 4) + 8;
	const size = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
	return bits & 0x80 ? size : -size;
});
const MU_LAW = Array.from({ length: 256 }, (_, code) => {
	const bits = ~code & 0xff;
	const size = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
	return bits & 0x80 ? -size : size;
});
