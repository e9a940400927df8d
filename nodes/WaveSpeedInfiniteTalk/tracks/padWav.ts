/** Makes a WAV file longer with silence at its end, while it is read. */
import type { WavLayout } from '../probe/wav';
import type { WavEncoding } from '../probe/wavFormat';
import { repeatByte } from './wavFile';

const MOST_BYTES = 0xffffffff;
const RIFF_SIZE_AT = 4;

export interface WavPadding {
	/** Bytes of the padded file. */
	size: number;
	/** Bytes of silence that are put behind the sound. */
	silentBytes: number;
	/**
	 * The padded file, chunk by chunk.
	 *
	 * @param source the file that was measured, from its beginning
	 * @throws RangeError when the source is shorter or longer than the file that was measured
	 */
	apply(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer, void, void>;
}

/** Why a file cannot be padded, as the end of a sentence about it. */
export interface CannotPad {
	reason: string;
}

/**
 * Plans the padding of a WAV file. Chunks behind the sound are kept behind it; a last sample that is
 * not whole is dropped.
 *
 * @param wav layout as `DurationMeter` found it; undefined for what is no WAV file
 * @param seconds length to reach, rounded to whole samples; a file that is longer keeps its length
 */
export function planWavPadding(
	wav: WavLayout | undefined,
	seconds: number,
): WavPadding | CannotPad {
	if (!wav) return { reason: 'only WAV files can be padded' };
	const { form, format, dataStart, hasDataEnd } = wav;
	if (form !== 'RIFF') return { reason: `WAV files of the form ${form} cannot be padded` };
	const silence = silentByte(format.encoding, format.bitsPerSample);
	if (silence === undefined) return { reason: 'WAV files with compressed sound cannot be padded' };

	const { blockAlign, sampleRate } = format;
	const ownSamples = Math.floor(wav.dataBytes / blockAlign);
	const samples = Math.max(ownSamples, Math.round(seconds * sampleRate));
	const soundBytes = ownSamples * blockAlign;
	const dataBytes = samples * blockAlign;
	const trailerStart = hasDataEnd ? Math.min(wav.size, evenEnd(wav)) : wav.size;
	const size = dataStart + dataBytes + (dataBytes % 2) + wav.size - trailerStart;
	if (!(size - 8 <= MOST_BYTES)) return { reason: 'it would be too long for a WAV file' };

	const patches: Patch[] = [
		{ at: RIFF_SIZE_AT, value: size - 8 },
		{ at: dataStart - 4, value: dataBytes },
	];
	if (wav.factAt !== undefined) patches.push({ at: wav.factAt, value: samples });
	const silentBytes = dataBytes - soundBytes;
	return {
		size,
		silentBytes,
		async *apply(source) {
			let offset = 0;
			let isPadded = false;
			function* pad() {
				isPadded = true;
				yield* repeatByte(silence as number, silentBytes);
				yield* repeatByte(0, dataBytes % 2);
			}
			for await (const chunk of source) {
				const end = offset + chunk.length;
				const sound = slice(chunk, offset, 0, dataStart + soundBytes);
				if (sound.length > 0) yield patch(sound, offset, patches);
				if (!isPadded && end >= dataStart + soundBytes) yield* pad();
				const trailer = slice(chunk, offset, trailerStart, wav.size);
				if (trailer.length > 0) yield trailer;
				offset = end;
			}
			if (offset !== wav.size) {
				throw new RangeError(
					`The file has ${offset} bytes, and had ${wav.size} when it was measured`,
				);
			}
		},
	};
}

/** Where the sound ends; chunks begin at even offsets from the file's beginning. */
function evenEnd({ dataStart, dataBytes }: WavLayout): number {
	return dataStart + dataBytes + (dataBytes % 2);
}

/** The byte that silence is made of; undefined where it is not made of one. */
function silentByte(encoding: WavEncoding, bitsPerSample: number): number | undefined {
	if (encoding === 'pcm') return bitsPerSample <= 8 ? 0x80 : 0;
	if (encoding === 'float') return 0;
	if (encoding === 'a-law') return 0xd5;
	return encoding === 'mu-law' ? 0xff : undefined;
}

/** The part of a chunk that is between two offsets in the file. */
function slice(chunk: Buffer, chunkStart: number, from: number, to: number): Buffer {
	const clamp = (offset: number) => Math.min(Math.max(offset - chunkStart, 0), chunk.length);
	return chunk.subarray(clamp(from), clamp(to));
}

interface Patch {
	/** Offset in the file. */
	at: number;
	/** Written as 32 bits. */
	value: number;
}

/** The chunk with the patches in it; a copy when there are any. */
function patch(chunk: Buffer, chunkStart: number, patches: readonly Patch[]): Buffer {
	const hits = patches.filter(({ at }) => at + 4 > chunkStart && at < chunkStart + chunk.length);
	if (hits.length === 0) return chunk;
	const copy = Buffer.from(chunk);
	for (const { at, value } of hits) {
		for (let byte = 0; byte < 4; byte++) {
			const index = at + byte - chunkStart;
			if (index >= 0 && index < copy.length) copy[index] = Math.floor(value / 256 ** byte) & 0xff;
		}
	}
	return copy;
}
