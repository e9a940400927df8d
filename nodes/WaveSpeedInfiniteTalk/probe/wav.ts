/** WAV: RIFF, RF64/BW64 (EBU Tech 3306) and big-endian RIFX. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffHints, inSeconds, noSound } from './sound';
import { detectText } from './text';
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

const WAV: FileType = { family: 'audio', type: 'audio/wav', label: 'a WAV file' };
const FORM_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const TEXT_BYTES = 4096;
/** Placeholder for a size that is in `ds64`, or unknown because the file was written to a pipe. */
const UNKNOWN_SIZE = 0xffffffff;
/** Above what can be sent, a size that is not there is a placeholder of some program (0x7ffff000, …). */
const MIN_PLACEHOLDER = 200 * 1024 * 1024;
/** Chunks that may follow the sound. After a size of 0, everything else is sound of a file from a pipe. */
const TRAILING_CHUNKS = /^(LIST|id3 |ID3 |bext|iXML|cue |PAD |JUNK|smpl|fact|PEAK)$/;
const CHUNK_ID = /^[\w ]{4}$/;
const FORMS = /^(RIFF|RIFX|RF64|BW64)$/;
const ZEROS = Buffer.alloc(64 * 1024);
/** Seconds behind the declared end above which bytes that are no chunk are sound and no remains of a tag. */
const MAX_STRAY_S = 0.5;

interface Data {
	form: string;
	u32(bytes: Buffer, at: number): number;
	format: WavFormat;
	declared: number | undefined;
	fact: { at: number; samples: number } | undefined;
}

export function* probeWav(queue: ByteQueue): Parser<Finding> {
	yield WAV;
	const form = (yield* queue.take(FORM_BYTES))?.toString('latin1', 0, 4) ?? '';
	const bigEndian = form === 'RIFX';
	const u32 = (bytes: Buffer, at: number) =>
		bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
	let format: WavFormat | undefined;
	let longData: number | undefined;
	let fact: Data['fact'];
	for (;;) {
		queue.countPart();
		yield* queue.has(TEXT_BYTES);
		const rest = queue.peekBytes(TEXT_BYTES);
		const id = rest.toString('latin1', 0, 4);
		if (rest.length < CHUNK_HEADER_BYTES || !CHUNK_ID.test(id)) {
			return { kind: WAV, problem: noSound(rest) };
		}
		const size = u32(rest, 4);
		queue.skipNow(CHUNK_HEADER_BYTES);
		if (id === 'data') {
			if (!format) return { kind: WAV };
			const declared = size === UNKNOWN_SIZE ? longData : size;
			return yield* probeData(queue, { form, u32, format, declared, fact });
		}
		const content = rest.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + size);
		if (id === 'fmt ') {
			format = parseWavFormat(content.subarray(0, FORMAT_BYTES), bigEndian);
			const isCut = content.length < size;
			if (!format) return { kind: WAV, ...(isCut && { problem: noSound() }) };
		} else if (id === 'ds64' && content.length >= 16) {
			longData = Number(content.readBigUInt64LE(8));
		} else if (id === 'fact' && content.length >= 4) {
			fact = { at: queue.position, samples: u32(content, 0) };
		}
		yield* queue.skip(size + (size % 2));
	}
}

function* probeData(queue: ByteQueue, data: Data): Parser<Finding> {
	const { form, format, fact, u32 } = data;
	const dataStart = queue.position;
	yield* queue.has(TEXT_BYTES);
	const start = Buffer.from(queue.peekBytes(TEXT_BYTES));
	let { declared } = data;
	if (declared === 0 && !isTrailer(start)) declared = undefined;
	yield* queue.skip(declared ?? Infinity);
	// Programs that write to a pipe leave a size that is too big as well.
	const hasDataEnd = declared !== undefined && dataStart + declared <= queue.received;
	const behind = hasDataEnd ? yield* soundBehind(queue, u32) : 0;
	yield* queue.skip(Infinity);
	const size = queue.received;
	const dataBytes = hasDataEnd ? (declared as number) : size - dataStart;
	const isText = dataBytes < TEXT_BYTES && detectText(start.subarray(0, dataBytes));
	if (dataBytes === 0 || isText) return { kind: WAV, problem: noSound(start) };
	const samples = hasDataEnd && fact && fact.samples !== UNKNOWN_SIZE ? fact.samples : undefined;
	const seconds = wavSeconds(format, dataBytes, samples);
	const wav = { seconds, form, format, size, dataStart, dataBytes, hasDataEnd, factAt: fact?.at };
	if (seconds === undefined) return { kind: WAV, wav };
	const isCut = !hasDataEnd && declared !== undefined && declared < MIN_PLACEHOLDER;
	const hints = isCut
		? cutOffHints(wavSeconds(format, declared ?? 0), seconds)
		: behindHints(seconds, wavSeconds(format, behind) ?? 0);
	return { kind: WAV, seconds, hints, wav };
}

/** Whether a chunk follows sound of size 0, or nothing: then there is none, and no size that was never filled in. */
function isTrailer(start: Buffer): boolean {
	return start.length < 4 || TRAILING_CHUNKS.test(start.toString('latin1', 0, 4));
}

/**
 * Bytes of sound behind the declared end: WAV files joined byte by byte, or a header of the first part only.
 * Other chunks and zeros are none.
 */
function* soundBehind(queue: ByteQueue, u32: Data['u32']): Parser<number> {
	let sound = 0;
	for (;;) {
		queue.countPart();
		if (!(yield* queue.has(CHUNK_HEADER_BYTES))) return sound;
		const head = queue.peekBytes(CHUNK_HEADER_BYTES);
		const id = head.toString('latin1', 0, 4);
		const start = queue.position;
		if (!CHUNK_ID.test(id)) {
			// Chunks begin at even offsets, behind a byte that does not count.
			if (start % 2 === 1 && head[0] === 0) queue.skipNow(1);
			else return sound + (yield* countUnlessZero(queue));
		} else if (FORMS.test(id)) queue.skipNow(FORM_BYTES);
		else {
			const size = u32(head, 4);
			yield* queue.skip(CHUNK_HEADER_BYTES + size);
			if (id !== 'data') continue;
			sound += Math.min(size, queue.received - start - CHUNK_HEADER_BYTES);
		}
	}
}

/** Bytes up to the end of the file, or 0 when nothing is in them. */
function* countUnlessZero(queue: ByteQueue): Parser<number> {
	const start = queue.position;
	let isZero = true;
	while (yield* queue.has(1)) {
		const bytes = queue.peekBytes(ZEROS.length);
		isZero &&= bytes.equals(ZEROS.subarray(0, bytes.length));
		queue.skipNow(bytes.length);
	}
	return isZero ? 0 : queue.received - start;
}

function behindHints(seconds: number, behind: number): string[] {
	if (behind <= MAX_STRAY_S) return [];
	return [
		`has sound behind the end that its header declares: only ${inSeconds(seconds)} of its ${inSeconds(seconds + behind)} are played. WAV files cannot be joined byte by byte: use the operation Combine Turns, or FFmpeg.`,
	];
}
