/** Walks over bytes that arrive in pieces, without keeping what is skipped. */

export class ByteCursor {
	/** Bytes passed so far. */
	position = 0;
	private pending: Buffer = Buffer.alloc(0);
	/** Bytes to drop of the pieces to come. */
	private toSkip = 0;

	push(piece: Buffer): void {
		const dropped = Math.min(this.toSkip, piece.length);
		this.toSkip -= dropped;
		const rest = piece.subarray(dropped);
		this.pending = this.pending.length === 0 ? rest : Buffer.concat([this.pending, rest]);
	}

	/** The next `length` bytes, or undefined while they have not all arrived. */
	peek(length: number): Buffer | undefined {
		if (this.toSkip > 0 || this.pending.length < length) return undefined;
		return this.pending.subarray(0, length);
	}

	/** Passes over `length` bytes, arrived or not. */
	skip(length: number): void {
		const here = Math.min(length, this.pending.length);
		this.pending = this.pending.subarray(here);
		this.toSkip += length - here;
		this.position += length;
	}
}

/** What a media container holds, as far as its tracks were read. */
export interface Tracks {
	sound: boolean;
	video: boolean;
}

/** Reads the list of tracks of a media container from pieces of the file, from its first byte on. */
export interface TrackReader {
	/** True once nothing more needs to be read. */
	readonly done: boolean;
	push(piece: Buffer): void;
	/** The tracks, or undefined while the list was not read to its end. */
	tracks(): Tracks | undefined;
}
