/** Sound files of silence, made as they are read. */

export const SILENCE_SAMPLE_RATE = 16_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
/** The size of the whole file is written in 32 bits, less its first eight bytes. */
const MOST_BYTES = 0xffffffff;
const CHUNK_BYTES = 64 * 1024;
const PCM = 1;

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
	yield wavHeader(dataBytes);
	yield* repeatByte(0, dataBytes);
}

/** As many bytes of one value, in chunks that do not change and are used again and again. */
export function* repeatByte(value: number, count: number): Generator<Buffer, void, void> {
	const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, count), value);
	for (let left = count; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}

function wavHeader(dataBytes: number): Buffer {
	const header = Buffer.alloc(HEADER_BYTES);
	header.write('RIFF', 0, 'latin1');
	header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
	header.write('WAVEfmt ', 8, 'latin1');
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(PCM, 20);
	header.writeUInt16LE(1, 22);
	header.writeUInt32LE(SILENCE_SAMPLE_RATE, 24);
	header.writeUInt32LE(SILENCE_SAMPLE_RATE * BYTES_PER_SAMPLE, 28);
	header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
	header.writeUInt16LE(BYTES_PER_SAMPLE * 8, 34);
	header.write('data', 36, 'latin1');
	header.writeUInt32LE(dataBytes, 40);
	return header;
}
