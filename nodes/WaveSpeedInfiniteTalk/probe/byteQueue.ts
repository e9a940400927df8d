/** Bytes that arrive in chunks of any size, read by parsers as if they were one file. */
import type { FileType } from './signatures';

/**
 * A parser of a container or a part of one: yields undefined when it needs more bytes, or the kind of the
 * file as soon as it is known.
 */
export type Parser<T = number | undefined> = Generator<FileType | undefined, T, void>;

const NOTHING = Buffer.alloc(0);

/** Bytes of a new chunk that are copied behind what is left of the one before. */
const SEAM_BYTES = 64;

/**
 * Memory is bounded by what a parser asks for at once (some 25 KB, all in all): bytes that are skipped
 * are never kept. Chunks are not copied either but for a few bytes at the seams.
 */
export class ByteQueue {
	private chunk: Buffer = NOTHING;
	private at = 0;
	/** Offset in the file of the chunk's first byte. */
	private chunkStart = 0;
	/** The new chunk, while `chunk` is the seam: what was left, then the new one's first bytes. */
	private next: Buffer | undefined;
	/** Where the seam meets the new chunk. */
	private seam = 0;
	private skipping = 0;
	private finished = false;

	/** Offset in the file of the next byte to read. */
	get position(): number {
		return this.chunkStart + this.at + this.skipping;
	}

	/** Bytes that arrived so far; the file's size once it has ended. */
	get received(): number {
		return this.chunkStart + (this.next ? this.seam + this.next.length : this.chunk.length);
	}

	/** Bytes that can be read at once; there may be more, see {@link has}. */
	get available(): number {
		return this.chunk.length - this.at;
	}

	/** True when no bytes will follow. */
	get ended(): boolean {
		return this.finished;
	}

	/** Adds the next bytes of the file, and {@link keep} must follow before they change. */
	add(bytes: Buffer): void {
		const rest = this.chunk.subarray(this.at);
		this.chunkStart += this.at;
		this.at = 0;
		if (rest.length === 0) this.chunk = bytes;
		else {
			this.chunk = Buffer.concat([rest, bytes.subarray(0, SEAM_BYTES)]);
			this.seam = rest.length;
			this.next = bytes;
		}
		this.move(0);
	}

	/** Copies what was not read, so that the last chunk is free for its owner. */
	keep(): void {
		this.join();
		this.chunkStart += this.at;
		this.chunk = this.at < this.chunk.length ? Buffer.from(this.chunk.subarray(this.at)) : NOTHING;
		this.at = 0;
	}

	end(): void {
		this.finished = true;
	}

	/** Waits for `count` bytes. False when the file ends before. */
	*has(count: number): Parser<boolean> {
		while (this.available < count) {
			if (this.next) this.join();
			else if (this.finished) return false;
			else yield undefined;
		}
		return true;
	}

	/** The next `count` bytes as a view of the chunk, valid until the next `yield`. */
	*take(count: number): Parser<Buffer | undefined> {
		if (this.available < count && !(yield* this.has(count))) return undefined;
		const bytes = this.chunk.subarray(this.at, this.at + count);
		this.move(count);
		return bytes;
	}

	/**
	 * Moves on by `count` bytes, however many: nothing of them is kept.
	 *
	 * @returns false when the file ends before
	 */
	*skip(count: number): Parser<boolean> {
		this.skipNow(count);
		while (this.skipping > 0) {
			if (this.finished) return false;
			yield undefined;
		}
		return true;
	}

	/** As {@link skip} without waiting: what is not there yet is skipped as it comes. */
	skipNow(count: number): void {
		this.move(count);
	}

	/** Byte at `offset` from the next one; only below {@link available}. */
	peek(offset: number): number {
		return this.chunk[this.at + offset] as number;
	}

	/** Up to `count` of the available bytes, not taken. */
	peekBytes(count: number): Buffer {
		return this.chunk.subarray(this.at, Math.min(this.at + count, this.chunk.length));
	}

	/** Offset from the next byte of the next `value` among the available bytes, or -1. */
	indexOf(value: number | string, from = 0): number {
		const found = this.chunk.indexOf(value, this.at + from, 'latin1');
		return found < 0 ? -1 : found - this.at;
	}

	/** Moves on among the bytes that are there, and notes what is to be skipped of those to come. */
	private move(count: number): void {
		const target = this.at + this.skipping + count;
		if (this.next && target >= this.seam) {
			this.chunk = this.next;
			this.next = undefined;
			this.chunkStart += this.seam;
			this.at = Math.min(target - this.seam, this.chunk.length);
			this.skipping = target - this.seam - this.at;
			return;
		}
		this.at = Math.min(target, this.chunk.length);
		this.skipping = target - this.at;
	}

	/** Makes one chunk of the seam and the new chunk, for those that need more than the seam has. */
	private join(): void {
		if (!this.next) return;
		this.chunk = Buffer.concat([this.chunk.subarray(0, this.seam), this.next]);
		this.next = undefined;
	}
}
