/** Sound files that the node makes, written while they are uploaded: silence, and voices with silence. */
import { Hash } from 'crypto';
import type { ByteStream } from '../api/http';
import type { OpenContent, WavSound } from '../tracks/sound';
import type { Track } from '../tracks/track';
import { createTrack } from '../tracks/track';
import type { FileMedia, LocalFile } from './request';

const SILENCE_SAMPLE_RATE = 16_000;

/** What silence of its own is made like. */
const SILENCE: WavSound = {
	kind: 'WAV',
	format: {
		encoding: 'pcm',
		tag: 1,
		channels: 1,
		sampleRate: SILENCE_SAMPLE_RATE,
		blockAlign: 2,
		bitsPerSample: 16,
	},
	dataStart: 0,
	sampleRate: SILENCE_SAMPLE_RATE,
	unitSamples: 1,
	units: 0,
	leadSamples: 0,
	samples: 0,
};

/**
 * A silent WAV file of 16 kHz, never held in memory.
 *
 * @param seconds less than 37 hours; rounded up to hundredths, so that voices alike share an upload
 */
export function silentFile(seconds: number): FileMedia {
	const length = Math.ceil(seconds * 100 - 1e-6) / 100;
	const samples = Math.round(length * SILENCE_SAMPLE_RATE);
	return trackFile(createTrack([], samples, SILENCE), 'silence.wav', `silence of ${length} s`);
}

/**
 * A track as a file. What it is made of is read again at each upload.
 *
 * @param identity equal for equal tracks
 */
export function trackFile(
	{ type, size, chunks }: Track,
	name: string,
	identity: string,
): FileMedia {
	return {
		type,
		file: {
			name,
			declaredType: type,
			identity,
			size,
			open: async () => await Promise.resolve(streamOf(chunks())),
		},
	};
}

/** By `Duplex.from()`, which crypto's `Hash` has as a stream: verified nodes may not import `stream`. */
export function streamOf(chunks: AsyncIterable<Buffer>): ByteStream {
	return Hash.from(chunks);
}

/** The file as tracks read it. */
export function opener(file: LocalFile): OpenContent {
	return async () => {
		const content = await file.open();
		return Buffer.isBuffer(content) ? [content] : (content as AsyncIterable<Buffer>);
	};
}
