/** Headers and silence of the WAV files that the node makes. */
import type { WavFormat } from '../probe/wav';

const HEADER_BYTES = 44;
/** The size of the whole file is written in 32 bits, less its first eight bytes. */
const MAX_BYTES = 0xffffffff;
const CHUNK_BYTES = 64 * 1024;
const PCM = 1;

/** @throws RangeError when the sound is too long for a WAV file */
export function wavHeader(
	format: Pick<WavFormat, 'channels' | 'sampleRate' | 'bitsPerSample'> & { tag?: number },
	dataBytes: number,
): Buffer {
	const { channels, sampleRate, bitsPerSample, tag = PCM } = format;
	const size = HEADER_BYTES - 8 + dataBytes + (dataBytes % 2);
	if (!(size <= MAX_BYTES)) throw new RangeError('A WAV file cannot be longer than 4 GB');
	const blockAlign = channels * Math.ceil(bitsPerSample / 8);
	const header = Buffer.alloc(HEADER_BYTES);
	header.write('RIFF', 0, 'latin1');
	header.writeUInt32LE(size, 4);
	header.write('WAVEfmt ', 8, 'latin1');
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(tag, 20);
	header.writeUInt16LE(channels, 22);
	header.writeUInt32LE(sampleRate, 24);
	header.writeUInt32LE(sampleRate * blockAlign, 28);
	header.writeUInt16LE(blockAlign, 32);
	header.writeUInt16LE(bitsPerSample, 34);
	header.write('data', 36, 'latin1');
	header.writeUInt32LE(dataBytes, 40);
	return header;
}

/** As many bytes of one value, in chunks that do not change and are used again and again. */
export function* repeatByte(value: number, count: number): Generator<Buffer, void, void> {
	const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, count), value);
	for (let left = count; left > 0; left -= chunk.length) yield chunk.subarray(0, left);
}
