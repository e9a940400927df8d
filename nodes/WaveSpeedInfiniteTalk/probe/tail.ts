/** The last bytes of a stream, copied as they pass by. */
export class Tail {
	private readonly kept: Buffer;
	private used = 0;

	/** @param most bytes that are wanted of the end; twice as many are held */
	constructor(private readonly most: number) {
		this.kept = Buffer.alloc(most * 2);
	}

	add(chunk: Buffer): void {
		const bytes = chunk.subarray(Math.max(0, chunk.length - this.most));
		if (this.used + bytes.length > this.kept.length) {
			this.kept.copyWithin(0, this.used - this.most, this.used);
			this.used = this.most;
		}
		bytes.copy(this.kept, this.used);
		this.used += bytes.length;
	}

	/** At most the wanted number of bytes. */
	bytes(): Buffer {
		return this.kept.subarray(Math.max(0, this.used - this.most), this.used);
	}
}
