/** Bytes that arrive in chunks of any size, read by parsers as if they were one file. */
import type { FileType } from './signatures';

/**
 * A parser of a container or a part of one: yields undefined when it needs more bytes, or the kind of the
 * file as soon as it is known.
 */
export type Parser<T> = Generator<FileType | undefined, T, void>;

/** Parts (boxes, pages, frames …) that a file may have in any case, and more for each so many bytes. */
const MIN_PARTS = 200_000;
const BYTES_PER_PART = 256;

/**
 * Memory is bounded by what a parser asks for at once (25 KB) and the largest chunk: bytes that are skipped
 * are never kept.
 */
export class ByteQueue {
	private buffer = Buffer.alloc(0);
	private at = 0;
	private filled = 0;
	/** Offset in the file of the buffer's first byte. */
	private start = 0;
	/** Bytes to skip of those to come. */
	private skipping = 0;
	private parts = 0;
	/** True when no bytes will follow. */
	ended = false;

	/** Offset in the file of the next byte to read. */
	get position(): number {
		return this.start + this.at + this.skipping;
	}

	/** Bytes that arrived so far; the file's size once it has ended. */
	get received(): number {
		return this.start + this.filled;
	}

	/** Bytes that can be read at once. */
	get available(): number {
		return this.filled - this.at;
	}

	/** Copies the next bytes of the file, into the same memory again and again: the chunk may change afterwards. */
	add(chunk: Buffer): void {
		const dropped = Math.min(this.skipping, chunk.length);
		this.skipping -= dropped;
		const rest = this.available;
		const filled = rest + chunk.length - dropped;
		this.start += this.at + dropped;
		if (filled > this.buffer.length) {
			const larger = Buffer.allocUnsafe(filled);
			this.buffer.copy(larger, 0, this.at, this.filled);
			this.buffer = larger;
		} else if (rest > 0) this.buffer.copyWithin(0, this.at, this.filled);
		chunk.copy(this.buffer, rest, dropped);
		this.at = 0;
		this.filled = filled;
	}

	/** Counts parts of the file. Parsers call it for each one, whatever it is. */
	countPart(parts = 1): void {
		this.parts += parts;
	}

	/**
	 * True for a file of more parts than a recording of up to an hour has, and than most longer ones: the usual
	 * part lasts 20 ms or more. Reading on would take many times as long as hashing it.
	 */
	get hasTooManyParts(): boolean {
		return this.parts > MIN_PARTS + this.received / BYTES_PER_PART;
	}

	/** Waits for `count` bytes. False when the file ends before. */
	*has(count: number): Parser<boolean> {
		while (this.available < count) {
			if (this.ended) return false;
			yield undefined;
		}
		return true;
	}

	/** Waits for `count` bytes, and for ever when the file ends before: whoever drives the parser notices. */
	*need(count: number): Parser<void> {
		while (this.available < count) yield undefined;
	}

	/** The next `count` bytes, which it {@link need}s, as a view, valid until the next `yield`. */
	*take(count: number): Parser<Buffer> {
		if (this.available < count) yield* this.need(count);
		this.at += count;
		return this.buffer.subarray(this.at - count, this.at);
	}

	/** As {@link peekBytes}, with all `count` bytes unless the file ends before. */
	*look(count: number): Parser<Buffer> {
		if (this.available < count) yield* this.has(count);
		return this.peekBytes(count);
	}

	/** Moves on by `count` bytes, however many: what is not there yet is skipped as it comes, and not kept. */
	skip(count: number): void {
		const target = this.at + this.skipping + count;
		this.at = Math.min(target, this.filled);
		this.skipping = target - this.at;
	}

	/** As {@link skip}, and waits for all of them. False when the file ends before. */
	*pass(count: number): Parser<boolean> {
		this.skip(count);
		while (this.skipping > 0) {
			if (this.ended) return false;
			yield undefined;
		}
		return true;
	}

	/** Moves on to this offset in the file, which it {@link need}s, and never back. */
	*skipTo(offset: number): Parser<void> {
		this.skip(Math.max(0, offset - this.position));
		while (this.skipping > 0) yield undefined;
	}

	/** Up to `count` of the available bytes, not taken; a view, valid until the next `yield`. */
	peekBytes(count: number, offset = 0): Buffer {
		const at = this.at + offset;
		return this.buffer.subarray(at, Math.min(at + count, this.filled));
	}

	/** Offset from the next byte of the next `value` among the available bytes, or -1. */
	indexOf(value: number | string): number {
		if (this.at < this.filled && this.buffer[this.at] === value) return 0;
		return this.buffer.subarray(this.at, this.filled).indexOf(value, 0, 'latin1');
	}
}
