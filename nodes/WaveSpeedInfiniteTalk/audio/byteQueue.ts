/** Bytes that arrive in chunks of any size, read by parsers as if they were one file. */

/**
 * A parser of one container: yields when it needs more bytes, returns seconds, or undefined when
 * the length is not known.
 */
export type Parser<T = number | undefined> = Generator<void, T, void>;

const NOTHING = Buffer.alloc(0);

/**
 * Memory is bounded by what a parser asks for at once (a few hundred bytes, all in all): bytes that
 * are skipped are never kept.
 */
export class ByteQueue {
	private chunk: Buffer = NOTHING;
	private at = 0;
	private chunkStart = 0;
	private skipping = 0;
	private finished = false;

	/** Offset in the file of the next byte to read. */
	get position(): number {
		return this.chunkStart + this.at + this.skipping;
	}

	/** Bytes that arrived so far; the file's size once it has ended. */
	get received(): number {
		return this.chunkStart + this.chunk.length;
	}

	/** Bytes that can be read at once. */
	get available(): number {
		return this.skipping > 0 ? 0 : this.chunk.length - this.at;
	}

	/** True when no bytes will follow those that are available. */
	get ended(): boolean {
		return this.finished;
	}

	/** Adds the next bytes of the file. They are read during this turn only, unless `keep` copies them. */
	add(bytes: Buffer): void {
		const rest = this.chunk.length - this.at;
		this.chunkStart += this.at;
		this.chunk = rest > 0 ? Buffer.concat([this.chunk.subarray(this.at), bytes]) : bytes;
		this.at = 0;
		this.applySkip();
	}

	/** Copies what was not read, so that the last chunk is free for its owner. */
	keep(): void {
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
			if (this.finished) return false;
			yield;
		}
		return true;
	}

	/** The next `count` bytes as a view of the chunk, valid until the next `yield`. */
	*take(count: number): Parser<Buffer | undefined> {
		if (this.available < count && !(yield* this.has(count))) return undefined;
		const bytes = this.chunk.subarray(this.at, this.at + count);
		this.at += count;
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
			yield;
		}
		return true;
	}

	/** As {@link skip} without waiting: what is not there yet is skipped as it comes. */
	skipNow(count: number): void {
		this.skipping += count;
		this.applySkip();
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

	private applySkip(): void {
		const now = Math.min(this.skipping, this.chunk.length - this.at);
		this.at += now;
		this.skipping -= now;
	}
}
