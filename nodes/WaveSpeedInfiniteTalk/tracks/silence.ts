/** Sound files of silence, made as they are read. */
import { repeatByte, wavHeader } from './wavFile';

export const SILENCE_SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
/** The size of the whole file is written in 32 bits, less its first eight bytes. */
const MOST_BYTES = 0xffffffff;

/**
 * Size of the silent WAV file of this length.
 *
 * @param seconds rounded to whole samples
 * @returns bytes
 * @throws RangeError below 0 and above 37 hours, which is the most that a WAV file can hold
 */
export function silentWavSize(seconds: number): number {
	const size = HEADER_BYTES + Math.round(seconds * SILENCE_SAMPLE_RATE) * BYTES_PER_SAMPLE;
	if (!(seconds >= 0) || size > MOST_BYTES) {
		throw new RangeError(`A silent WAV file cannot be ${seconds} seconds long`);
	}
	return size;
}

/**
 * A silent WAV file: 16 kHz, mono, 16 bit. Never held in memory as a whole.
 *
 * @param seconds as {@link silentWavSize} takes them
 */
export function* silentWav(seconds: number): Generator<Buffer, void, void> {
	const dataBytes = silentWavSize(seconds) - HEADER_BYTES;
	yield wavHeader({ channels: 1, sampleRate: SILENCE_SAMPLE_RATE, bitsPerSample: 16 }, dataBytes);
	yield* repeatByte(0, dataBytes);
}
