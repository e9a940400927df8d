/** What the index of an MP4 file tells of one track. */

/** Silence in front, in seconds, above which players do not agree on the length. */
const MOST_GAP_S = 0.1;
const NORMAL_RATE = 0x10000;

/** One part of a track that is played (`elst`, ISO/IEC 14496-12, 8.6.6). */
export interface Mp4Edit {
	/** In units of the movie; 0 for all that follows. */
	duration: number;
	/** Where it begins in the track, in the track's units; -1 for silence. */
	mediaTime: number;
	/** 65536 for the normal speed. */
	rate: number;
}

export class Mp4Track {
	id = 0;
	/** Four letters; `soun` for sound. */
	handler: string | undefined;
	/** Units a second. */
	timescale = 0;
	/** As the track's header says, in its units; 0 when it does not. */
	headerDuration = 0;
	/** Sum of the samples in the index. */
	indexed = 0;
	/** Sum of the samples in fragments. */
	fragmented = 0;
	readonly edits: Mp4Edit[] = [];

	/**
	 * Seconds that are played.
	 *
	 * @param movieTimescale units of the edits, in units a second
	 */
	seconds(movieTimescale: number): number | undefined {
		const units = this.units();
		if (this.timescale === 0 || units === 0) return undefined;
		const media = units / this.timescale;
		if (this.edits.length === 0) return media;
		let played = 0;
		let gap = 0;
		for (const { duration, mediaTime, rate } of this.edits) {
			if (movieTimescale === 0 || rate !== NORMAL_RATE) return undefined;
			const wanted = duration / movieTimescale;
			if (mediaTime < 0) {
				gap += wanted;
				continue;
			}
			const rest = Math.max(0, media - mediaTime / this.timescale);
			// The index of a fragmented file is written before its length is known.
			played += duration === 0 || this.fragmented > 0 ? rest : Math.min(wanted, rest);
		}
		return gap > MOST_GAP_S ? undefined : played;
	}

	private units(): number {
		const { indexed, headerDuration } = this;
		const isShorter = headerDuration > 0 && headerDuration < indexed;
		return (isShorter ? headerDuration : indexed) + this.fragmented;
	}
}
