/** Sound files that the node makes, written while they are uploaded: silence, and voices with silence. */
import { Hash } from 'crypto';
import type { ByteStream } from '../api/http';
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { WavLayout } from '../probe/wav';
import { measureSound } from '../tracks/measureSound';
import type { Track } from '../tracks/track';
import { createTrack } from '../tracks/track';
import { MAX_FILE_BYTES } from './checkFile';
import type { FileMedia } from './request';

/**
 * Seconds. Smaller differences are ignored: formats tell their length no better (a frame of MP3 lasts up
 * to 0.07 s), and a tenth is two pictures of the video.
 */
export const CLOSE_S = 0.1;
/** What silence of its own is made like. */
const SILENCE = { kind: 'WAV', sampleRate: 16_000 } as const;

/** A file of which the content was read. */
export interface ReadMedia extends FileMedia {
	/** Undefined where the length is not known. */
	seconds: number | undefined;
	/** Of WAV files. */
	wav: WavLayout | undefined;
}

/**
 * A silent WAV file of 16 kHz, never held in memory.
 *
 * @param seconds less than 37 hours; rounded up to hundredths, so that voices alike share an upload
 */
export function silentFile(seconds: number): FileMedia {
	const length = Math.ceil(seconds * 100 - 1e-6) / 100;
	const samples = Math.round(length * SILENCE.sampleRate);
	return trackFile(createTrack([], samples, SILENCE), 'silence.wav', `silence of ${length} s`);
}

/**
 * Puts silence behind the shorter of two voices, up to the length of the other one.
 *
 * @param read as each file of the item is read
 * @returns the padded voice, if one is shorter; or why the voices are sent as they are
 * @throws JobError that names the field, when the padded file cannot be read
 */
export async function padShorter(
	voices: Record<'leftAudio' | 'rightAudio', ReadMedia>,
	read: (input: InputName, media: FileMedia) => Promise<ReadMedia>,
): Promise<{ padded?: ByInput<ReadMedia>; problem?: string }> {
	const { leftAudio: left, rightAudio: right } = voices;
	if (left.seconds === undefined || right.seconds === undefined) {
		const unknown = left.seconds === undefined ? 'leftAudio' : 'rightAudio';
		return { problem: `the length of ${INPUT_LABELS[unknown]} is not known` };
	}
	if (Math.abs(left.seconds - right.seconds) < CLOSE_S) return {};
	const shorter = left.seconds < right.seconds ? 'leftAudio' : 'rightAudio';
	const label = INPUT_LABELS[shorter];
	const { file, type, wav } = voices[shorter];
	const open = async () => await file.open();
	const sound = await measureSound(type, open, wav);
	if ('message' in sound) return { problem: `${label} ${sound.message}` };
	const seconds = Math.max(left.seconds, right.seconds);
	const units = Math.max(sound.units, Math.round((seconds * sound.sampleRate) / sound.unitSamples));
	const track = createTrack([{ at: 0, sound, open }], units, sound);
	if (track.size > MAX_FILE_BYTES) return { problem: `${label} would be too large` };
	const padded = trackFile(track, file.name, `${file.fileId} padded to ${units}`);
	return { padded: { [shorter]: await read(shorter, padded) } };
}

/**
 * A track as a file. What it is made of is read again at each upload.
 *
 * @param fileId equal for equal tracks
 */
function trackFile({ type, size, chunks }: Track, name: string, fileId: string): FileMedia {
	const open = async () => await Promise.resolve(streamOf(chunks()));
	return { type, file: { name, declaredType: type, fileId, size, open } };
}

/** By `Duplex.from()`, which crypto's `Hash` has as a stream: verified nodes may not import `stream`. */
export function streamOf(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): ByteStream {
	return Hash.from(chunks);
}
