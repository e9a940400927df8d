/** Tracks as WAV files: 16 bit, mono. */
import { readBlocks } from './blocks';
import { sampleReader } from './samples';
import type { WavSound } from './sound';
import type { TrackPart, TrackWriter } from './track';
import { repeatByte, wavHeader } from './wavFile';

const BYTES_PER_SAMPLE = 2;

/**
 * @param units samples of the track
 * @throws RangeError above 4 GB, which is the most that a WAV file can hold
 */
export function wavWriter(
	{ sampleRate }: Pick<WavSound, 'sampleRate'>,
	units: number,
): TrackWriter {
	const dataBytes = units * BYTES_PER_SAMPLE;
	const head = wavHeader({ channels: 1, sampleRate, bitsPerSample: 16 }, dataBytes);
	return {
		type: 'audio/wav',
		extension: 'wav',
		size: head.length + dataBytes,
		head,
		silence: (samples) => repeatByte(0, samples * BYTES_PER_SAMPLE),
		sound: readMono,
	};
}

/** All samples of a sound as 16 bit, mono; channels are mixed. */
async function* readMono({ sound, open }: TrackPart): AsyncGenerator<Buffer, void, void> {
	const { format } = sound as WavSound;
	const toMono = monoConverter(sound as WavSound);
	for await (const blocks of readBlocks(sound as WavSound, open)) {
		const isMono16 = format.encoding === 'pcm' && format.blockAlign === 2 && format.channels === 1;
		yield isMono16 ? blocks : toMono(blocks);
	}
}

function monoConverter({ format }: WavSound): (blocks: Buffer) => Buffer {
	const { blockAlign, channels } = format;
	const bytes = blockAlign / channels;
	const read = sampleReader(format);
	return (blocks) => {
		const count = blocks.length / blockAlign;
		const mono = Buffer.alloc(count * BYTES_PER_SAMPLE);
		for (let sample = 0; sample < count; sample++) {
			const start = sample * blockAlign;
			let sum = 0;
			for (let at = start; at < start + blockAlign; at += bytes) sum += read(blocks, at);
			const value = Math.round(sum / channels);
			mono.writeInt16LE(Math.max(-32_768, Math.min(32_767, value)), sample * BYTES_PER_SAMPLE);
		}
		return mono;
	};
}
