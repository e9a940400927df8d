/** WAV: RIFF, RF64/BW64 (EBU Tech 3306) and big-endian RIFX. */
import type { ByteQueue, Parser } from './byteQueue';
import { measureFrames } from './frames';
import type { WavFormat } from './wavFormat';
import { FORMAT_BYTES, parseWavFormat, wavSeconds } from './wavFormat';

export interface WavLayout {
	/** Undefined where the format does not tell. */
	seconds: number | undefined;
	/** The first four letters. */
	form: string;
	format: WavFormat;
	/** Bytes of the whole file. */
	size: number;
	/** Offset of the first byte of sound. */
	dataStart: number;
	/** Bytes of sound that are really there. */
	dataBytes: number;
	/** False when the sound goes on to the end of the file, whatever its header says. */
	hasDataEnd: boolean;
	/** Offset of the sample count in the `fact` chunk. */
	factAt: number | undefined;
}

const FORM_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
/** Placeholder for a size that is in `ds64`, or unknown because the file was written to a pipe. */
const UNKNOWN_SIZE = 0xffffffff;
/** MPEG audio and MP3: frames as in a file of their own. */
const FRAME_TAGS = new Set([0x50, 0x55]);
/** Chunks that may follow the audio. After a size of 0, everything else is audio of a file from a pipe. */
const TRAILING_CHUNKS = /^(LIST|id3 |ID3 |bext|iXML|cue |PAD |JUNK|smpl|fact|PEAK)$/;

/** @returns undefined when there is no audio, or no usable `fmt ` chunk before it */
export function* measureWav(queue: ByteQueue): Parser<WavLayout | undefined> {
	const form = (yield* queue.take(FORM_BYTES))?.toString('latin1', 0, 4);
	if (form === undefined) return undefined;
	const bigEndian = form === 'RIFX';
	const u32 = (bytes: Buffer, at: number) =>
		bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
	let format: WavFormat | undefined;
	let longData: number | undefined;
	let fact: { at: number; samples: number } | undefined;
	for (;;) {
		const header = yield* queue.take(CHUNK_HEADER_BYTES);
		if (!header) return undefined;
		const id = header.toString('latin1', 0, 4);
		const size = u32(header, 4);
		if (id === 'data') {
			if (!format) return undefined;
			const declared = size === UNKNOWN_SIZE ? longData : size;
			return yield* measureData(queue, { form, format, declared, fact });
		}
		const start = queue.position;
		if (id === 'fmt ') {
			const chunk = yield* queue.take(Math.min(size, FORMAT_BYTES));
			format = chunk && parseWavFormat(chunk, bigEndian);
			if (!format) return undefined;
		} else if (id === 'ds64' && size >= 16) {
			const chunk = yield* queue.take(16);
			longData = chunk && Number(chunk.readBigUInt64LE(8));
		} else if (id === 'fact' && size >= 4) {
			const chunk = yield* queue.take(4);
			if (chunk) fact = { at: start, samples: u32(chunk, 0) };
		}
		yield* queue.skip(start + size + (size % 2) - queue.position);
	}
}

interface Data {
	form: string;
	format: WavFormat;
	declared: number | undefined;
	fact: { at: number; samples: number } | undefined;
}

function* measureData(queue: ByteQueue, data: Data): Parser<WavLayout> {
	const { form, format, fact } = data;
	const dataStart = queue.position;
	let { declared } = data;
	if (declared === 0 && !(yield* isEmpty(queue))) declared = undefined;
	const hasFrames = FRAME_TAGS.has(format.tag);
	const framed = hasFrames ? yield* measureFrames(queue) : undefined;
	yield* queue.skip(Infinity);
	const size = queue.received;
	const present = size - dataStart;
	// Programs that write to a pipe leave a size that is too big as well.
	const hasDataEnd = declared !== undefined && declared <= present;
	const dataBytes = hasDataEnd ? (declared as number) : present;
	const samples = hasDataEnd && fact && fact.samples !== UNKNOWN_SIZE ? fact.samples : 0;
	const seconds = hasFrames ? framed : wavSeconds(format, dataBytes, samples || undefined);
	return { seconds, form, format, size, dataStart, dataBytes, hasDataEnd, factAt: fact?.at };
}

/** Whether sound of size 0 is none at all, or of a size that was never filled in. */
function* isEmpty(queue: ByteQueue): Parser<boolean> {
	if (!(yield* queue.has(4))) return true;
	return TRAILING_CHUNKS.test(queue.peekBytes(4).toString('latin1'));
}
