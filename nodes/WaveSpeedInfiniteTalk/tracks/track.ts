/** One voice of a conversation as a file: sounds at their places, and silence between them. */
import { mp3Writer } from './mp3Track';
import type { Mp3Sound, OpenContent, Sound, WavSound } from './sound';
import { wavWriter } from './wavTrack';

/** A sound in a track. */
export interface TrackPart {
	/** Unit at which it is put. */
	at: number;
	sound: Sound;
	open: OpenContent;
}

export interface Track {
	type: 'audio/wav' | 'audio/mpeg';
	extension: 'wav' | 'mp3';
	/** Bytes of the whole file. */
	size: number;
	/**
	 * The file, chunk by chunk. Reads one part after the other, and none before its time.
	 *
	 * @throws RangeError when a file has changed since it was measured
	 */
	chunks(): AsyncGenerator<Buffer, void, void>;
}

/** What each format adds to a track. */
export interface TrackWriter extends Pick<Track, 'type' | 'extension' | 'size'> {
	head: Buffer;
	silence(units: number): Iterable<Buffer>;
	sound(part: TrackPart): AsyncIterable<Buffer>;
}

/**
 * @param parts of one kind and rate, in MP3 also of one number of channels; in the order of their places,
 * without overlaps
 * @param units length of the track
 * @param like a sound whose kind and rate the track has, for a track that may have none itself
 */
export function createTrack(
	parts: readonly TrackPart[],
	units: number,
	like: Pick<WavSound, 'kind' | 'sampleRate'> | Mp3Sound,
): Track {
	const writer: TrackWriter =
		like.kind === 'WAV' ? wavWriter(like, units) : mp3Writer(parts, units, like);
	const { type, extension, size } = writer;
	return {
		type,
		extension,
		size,
		async *chunks() {
			yield writer.head;
			let at = 0;
			for (const part of parts) {
				yield* writer.silence(part.at - at);
				yield* writer.sound(part);
				at = part.at + part.sound.units;
			}
			yield* writer.silence(units - at);
		},
	};
}
