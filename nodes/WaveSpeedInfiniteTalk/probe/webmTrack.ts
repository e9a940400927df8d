/** One track of a WebM file, block by block. */
import { OPUS_RATE, opusSamples } from './opus';

const SOUND = 2;
const NANOSECONDS = 1e9;
/** Two blocks farther apart than this do not tell how long one is. */
const MOST_BLOCK_S = 0.25;

export interface WebmBlock {
	/** Seconds. */
	time: number;
	/** Frames in it. */
	frames: number;
	/** First bytes of the first frame. */
	head: Buffer;
}

export class WebmTrack {
	number = 0;
	type = 0;
	codec = '';
	/** Nanoseconds that are decoded but not played. */
	codecDelay = 0;
	/** Nanoseconds of a frame, or 0. */
	frameDuration = 0;
	private first: number | undefined;
	private previous: number | undefined;
	private last: { time: number; seconds: number | undefined } | undefined;

	get isSound(): boolean {
		return this.type === SOUND;
	}

	add(block: WebmBlock): void {
		this.first ??= block.time;
		this.previous = this.last?.time;
		this.last = { time: block.time, seconds: this.ownSeconds(block) };
	}

	/** What a block group says of the length of its block. */
	setLastDuration(seconds: number): void {
		if (this.last) this.last.seconds = seconds;
	}

	/** From the first block to the end of the last one. */
	seconds(): number | undefined {
		if (this.first === undefined || !this.last) return undefined;
		const length = this.last.seconds ?? this.step();
		if (length === undefined) return undefined;
		return this.last.time + length - this.first - this.codecDelay / NANOSECONDS;
	}

	private ownSeconds({ head, frames }: WebmBlock): number | undefined {
		if (this.codec === 'A_OPUS') return (opusSamples(head) * frames) / OPUS_RATE;
		return this.frameDuration > 0 ? (this.frameDuration * frames) / NANOSECONDS : undefined;
	}

	/** Blocks of other codecs are about as long as the one before. */
	private step(): number | undefined {
		if (this.previous === undefined || !this.last) return undefined;
		const step = this.last.time - this.previous;
		return step >= 0 && step <= MOST_BLOCK_S ? step : undefined;
	}
}
