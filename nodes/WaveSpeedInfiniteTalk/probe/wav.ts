/** WAV: RIFF, and RF64/BW64 (EBU Tech 3306), whose size is in a chunk of its own. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffNotes, inSeconds, noSound } from './sound';
import { detectText } from './text';

export type WavEncoding = 'pcm' | 'float' | 'a-law' | 'mu-law';

export interface WavFormat {
	encoding: WavEncoding;
	/** Registered number of the format; of an extensible one that of its subformat. */
	tag: number;
	channels: number;
	/** Samples a second, of one channel. */
	sampleRate: number;
	/** Bytes of one sample of all channels. */
	blockAlign: number;
	bitsPerSample: number;
}

export interface WavLayout {
	format: WavFormat;
	/** Offset of the first byte of sound. */
	dataStart: number;
	/** Bytes of sound that are really there. */
	dataBytes: number;
}

const FIELD_BYTES = 16;
const EXTENSIBLE = 0xfffe;
const SUBFORMAT_AT = 24;
/** The widest samples, of 64 bits. */
const MAX_SAMPLE_BYTES = 8;

const ENCODINGS = new Map<number, WavEncoding>([
	[1, 'pcm'],
	[3, 'float'],
	[6, 'a-law'],
	[7, 'mu-law'],
]);

const FORM_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const TEXT_BYTES = 4096;
/** Above what can be sent, a size that is not there is a placeholder of a program that wrote to a pipe. */
const MIN_PLACEHOLDER = 200 * 1024 * 1024;
const CHUNK_ID = /^[\w ]{4}$/;
const ZEROS = Buffer.alloc(TEXT_BYTES);
/** Seconds behind the declared end above which bytes that are no chunk are sound and no remains of a tag. */
const MAX_STRAY_S = 0.5;

export function* probeWav(queue: ByteQueue, kind: FileType): Parser<Finding> {
	queue.skip(FORM_BYTES);
	let format: WavFormat | undefined;
	let longSize: number | undefined;
	for (;;) {
		queue.countPart();
		const rest = yield* queue.look(TEXT_BYTES);
		const id = rest.toString('latin1', 0, 4);
		if (rest.length < CHUNK_HEADER_BYTES || !CHUNK_ID.test(id)) {
			return { kind, problem: noSound(rest) };
		}
		const size = rest.readUInt32LE(4);
		const content = rest.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + size);
		if (id === 'fmt ') format = parseWavFormat(content);
		if (id === 'ds64' && content.length >= 16) longSize = Number(content.readBigUInt64LE(8));
		queue.skip(CHUNK_HEADER_BYTES);
		if (id === 'data') return { kind, ...(yield* probeData(queue, format, longSize ?? size)) };
		queue.skip(size + (size % 2));
	}
}

/**
 * @param format undefined of compressed sound, which telephones of old wrote: its length is not known
 * @param size bytes of sound by the header
 */
function* probeData(
	queue: ByteQueue,
	format: WavFormat | undefined,
	size: number,
): Parser<Omit<Finding, 'kind'>> {
	const dataStart = queue.position;
	const start = Buffer.from(yield* queue.look(TEXT_BYTES));
	// Programs that write to a pipe leave no size, or one that is too big.
	const isNeverFilledIn = size === 0 && !CHUNK_ID.test(start.toString('latin1', 0, 4));
	const declared = isNeverFilledIn ? Infinity : size;
	const isWhole = yield* queue.pass(declared);
	const behind = isWhole ? yield* soundBehind(queue) : 0;
	yield* queue.pass(Infinity);
	const dataBytes = isWhole ? declared : queue.received - dataStart;
	const isText = dataBytes < TEXT_BYTES && detectText(start.subarray(0, dataBytes));
	if (dataBytes === 0 || isText) return { problem: noSound(start) };
	if (!format) return {};
	const toSeconds = (bytes: number) => Math.floor(bytes / format.blockAlign) / format.sampleRate;
	const seconds = toSeconds(dataBytes);
	const isCut = !isWhole && declared < MIN_PLACEHOLDER;
	const notes = isCut ? cutOffNotes(toSeconds(declared), seconds) : [];
	const all = seconds + toSeconds(behind);
	if (all - seconds > MAX_STRAY_S) {
		const parts = `only ${inSeconds(seconds)} of its ${inSeconds(all)} are played`;
		notes.push(
			`has more sound than its header declares: ${parts}. WAV files cannot be joined byte by byte: use the operation Combine Turns or FFmpeg`,
		);
	}
	return { seconds, notes, wav: { format, dataStart, dataBytes } };
}

/**
 * Bytes of sound behind the declared end: WAV files joined byte by byte, or a header of the first part only.
 * Other chunks and zeros are none.
 */
function* soundBehind(queue: ByteQueue): Parser<number> {
	for (;;) {
		queue.countPart();
		const rest = yield* queue.look(TEXT_BYTES);
		if (rest.length < CHUNK_HEADER_BYTES) return 0;
		const id = rest.toString('latin1', 0, 4);
		if (rest.equals(ZEROS.subarray(0, rest.length))) queue.skip(rest.length);
		// Chunks begin at even offsets, behind a byte that does not count.
		else if (queue.position % 2 === 1 && rest[0] === 0) queue.skip(1);
		else if (id === 'RIFF' || !CHUNK_ID.test(id)) break;
		else queue.skip(CHUNK_HEADER_BYTES + rest.readUInt32LE(4));
	}
	const start = queue.position;
	yield* queue.pass(Infinity);
	return queue.received - start;
}

/** @returns undefined when the sound is compressed, or the chunk is too short or makes no sense */
function parseWavFormat(chunk: Buffer): WavFormat | undefined {
	if (chunk.length < FIELD_BYTES) return undefined;
	const outer = chunk.readUInt16LE(0);
	const isExtensible = outer === EXTENSIBLE && chunk.length > SUBFORMAT_AT + 1;
	const tag = isExtensible ? chunk.readUInt16LE(SUBFORMAT_AT) : outer;
	const encoding = ENCODINGS.get(tag);
	const channels = chunk.readUInt16LE(2);
	const sampleRate = chunk.readUInt32LE(4);
	const blockAlign = chunk.readUInt16LE(12);
	const bitsPerSample = chunk.readUInt16LE(14);
	const sampleBytes = blockAlign / channels;
	const fits = sampleBytes >= Math.max(1, bitsPerSample / 8) && sampleBytes <= MAX_SAMPLE_BYTES;
	return encoding && sampleRate > 0 && fits && Number.isInteger(sampleBytes)
		? { encoding, tag, channels, sampleRate, blockAlign, bitsPerSample }
		: undefined;
}
