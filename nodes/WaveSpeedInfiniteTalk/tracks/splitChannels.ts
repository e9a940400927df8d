/** The two channels of a stereo WAV file, each as a file of its own. */
import { readBlocks } from './blocks';
import type { OpenContent, WavSound } from './sound';
import type { Track } from './track';
import { wavHeader } from './wavFile';

/**
 * @param sound of two channels
 * @param channel 0 is the left one
 * @returns a mono WAV file of the same rate and bits
 */
export function channelTrack(sound: WavSound, open: OpenContent, channel: 0 | 1): Track {
	const { format, units, sampleRate } = sound;
	const bytes = format.blockAlign / 2;
	const dataBytes = units * bytes;
	const head = wavHeader(
		{ channels: 1, sampleRate, bitsPerSample: bytes * 8, tag: format.tag },
		dataBytes,
	);
	const filling = Buffer.alloc(dataBytes % 2);
	return {
		type: 'audio/wav',
		extension: 'wav',
		size: head.length + dataBytes + filling.length,
		async *chunks() {
			yield head;
			for await (const blocks of readBlocks(sound, open)) {
				const half = Buffer.alloc(blocks.length / 2);
				const start = channel * bytes;
				for (let at = 0; at < half.length; at++) {
					const sample = Math.floor(at / bytes);
					half[at] = blocks[start + at + sample * bytes]!;
				}
				yield half;
			}
			yield filling;
		},
	};
}
