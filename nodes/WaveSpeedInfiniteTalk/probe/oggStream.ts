/** One logical stream of an Ogg file, page by page. */
import type { OggSound } from './oggSound';

export interface OggPage {
	/** Position at its end; undefined when no packet ends on it. */
	granule: number | undefined;
	sequence: number;
	isFirst: boolean;
	/** Packets that end on it. */
	packets: number;
	/** Samples of these packets, where packets tell (Opus). */
	samples: number | undefined;
}

export class OggStream {
	private nextSequence: number | undefined;
	private start: number | undefined;
	private last = 0;
	private isBroken = false;

	constructor(readonly sound: OggSound | undefined) {}

	/** True until the first page with sound, which tells where the sound begins. */
	get awaitsSound(): boolean {
		return this.start === undefined;
	}

	add(page: OggPage): void {
		if (this.nextSequence !== undefined && page.sequence !== this.nextSequence) {
			// What is lost is not known to be as long as the gap in positions.
			this.isBroken = true;
		}
		this.nextSequence = (page.sequence + 1) >>> 0;
		const { granule } = page;
		if (page.isFirst || granule === undefined || granule === 0) return;
		if (this.start === undefined) this.begin(page, granule);
		if (granule < this.last) this.isBroken = true;
		this.last = granule;
	}

	/** Seconds, or undefined when there is no sound or pages are missing. */
	seconds(): number | undefined {
		if (!this.sound || this.start === undefined || this.isBroken) return undefined;
		const { rate, preSkip } = this.sound;
		return Math.max(0, this.last - this.start - preSkip) / rate;
	}

	/** A stream that was recorded from the middle of another does not begin at 0. */
	private begin(page: OggPage, granule: number): void {
		const most = page.packets * (this.sound?.mostSamples ?? 0);
		if (page.samples !== undefined) this.start = Math.max(0, granule - page.samples);
		else if (granule <= most) this.start = 0;
		else {
			this.start = granule;
			this.isBroken = true;
		}
	}
}
