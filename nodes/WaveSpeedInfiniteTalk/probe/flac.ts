/** FLAC (RFC 9639). */
import type { ByteQueue, Parser } from './byteQueue';
import type { FlacStream } from './flacFrame';
import { lastFlacSample, parseStreamInfo, STREAM_INFO_BYTES } from './flacFrame';
import { Tail } from './tail';

const MARK = 'fLaC';
const BLOCK_HEADER_BYTES = 4;
const STREAM_INFO = 0;
const INVALID = 127;
/** End of the file in which the last frame is looked for: the biggest frames of common encoders. */
const TAIL_BYTES = 256 * 1024;

/**
 * Computes the duration from the last frame, which has its position in the stream. The header of a file
 * that was written to a pipe has no length, and that of a truncated file a wrong one.
 */
export function* measureFlac(queue: ByteQueue): Parser {
	yield* queue.skip(MARK.length);
	let info: FlacStream | undefined;
	for (let isLast = false; !isLast; ) {
		const header = yield* queue.take(BLOCK_HEADER_BYTES);
		if (!header) return undefined;
		const type = (header[0] ?? 0) & 0x7f;
		isLast = ((header[0] ?? 0) & 0x80) !== 0;
		const length = header.readUIntBE(1, 3);
		if (type === INVALID) return undefined;
		if (type === STREAM_INFO && !info && length >= STREAM_INFO_BYTES) {
			const block = yield* queue.take(STREAM_INFO_BYTES);
			info = block && parseStreamInfo(block);
			yield* queue.skip(length - STREAM_INFO_BYTES);
		} else if (!(yield* queue.skip(length))) return undefined;
	}
	if (!info) return undefined;
	const tail = new Tail(TAIL_BYTES);
	while (yield* queue.has(1)) {
		// Files that were joined byte by byte: each begins again at 0.
		if (yield* startsAgain(queue)) return undefined;
		const next = queue.indexOf(MARK, 1);
		const bytes = queue.peekBytes(next > 0 ? next : Math.max(1, queue.available - MARK.length + 1));
		tail.add(bytes);
		queue.skipNow(bytes.length);
	}
	const samples = lastFlacSample(tail.bytes(), info);
	return samples === undefined ? undefined : samples / info.sampleRate;
}

function* startsAgain(queue: ByteQueue): Parser<boolean> {
	const mark = queue.peekBytes(MARK.length).toString('latin1');
	if (!MARK.startsWith(mark) || !(yield* queue.has(MARK.length + BLOCK_HEADER_BYTES))) return false;
	const start = queue.peekBytes(MARK.length + BLOCK_HEADER_BYTES);
	if (start.toString('latin1', 0, MARK.length) !== MARK) return false;
	return (start.readUInt32BE(MARK.length) & 0x7fffffff) === STREAM_INFO_BYTES;
}
