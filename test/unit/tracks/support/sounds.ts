/** Sounds that real encoders made, and what a real decoder makes of tracks. */
import { path as ffmpeg } from '@ffmpeg-installer/ffmpeg';
import execa from 'execa';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Sound } from '../../../../nodes/WaveSpeedInfiniteTalk/tracks/sound';
import { measureSound } from '../../../../nodes/WaveSpeedInfiniteTalk/tracks/measureSound';
import type { Track } from '../../../../nodes/WaveSpeedInfiniteTalk/tracks/track';
import { chunks } from '../../probe/support/measure';

export interface TurnFile {
	content: Buffer;
	sound: Sound;
	open: () => Promise<AsyncIterable<Buffer> | Iterable<Buffer>>;
}

/** How a speech service writes its files: the format's name, and what ffmpeg needs to write the same. */
export interface Encoder {
	type: 'audio/wav' | 'audio/mpeg';
	rate: number;
	/** Arguments of ffmpeg. */
	args: string[];
}

/** A tone of so many seconds, from its first to its last sample. */
export function tone(seconds: number, hertz: number, { type, rate, args }: Encoder): Buffer {
	const source = `sine=frequency=${hertz}:sample_rate=${rate}:duration=${seconds},volume=4`;
	return inFolder((file) => {
		const format = type === 'audio/wav' ? 'wav' : 'mp3';
		const input = ['-v', 'error', '-f', 'lavfi', '-i', source];
		// Not to a pipe: ffmpeg writes the frame that says how long a file is only into files.
		execa.sync(ffmpeg, [...input, '-ar', String(rate), ...args, '-f', format, file]);
		return readFileSync(file);
	});
}

/** @throws Error when the file cannot become a part of a track */
export async function measured(
	content: Buffer,
	type: string,
	chunkBytes = 4096,
): Promise<TurnFile> {
	const open = async () => await Promise.resolve(chunks(content, chunkBytes));
	const sound = await measureSound(type, open);
	if ('message' in sound) throw new Error(sound.message);
	return { content, sound, open };
}

export interface Decoded {
	/** Of one channel, 16 bit. */
	samples: Int16Array;
	/** What the decoder complained of. */
	warnings: string;
	/** Seconds by the header of the file. */
	headerSeconds: number;
}

/** The file as ffmpeg decodes it. */
export function decode(content: Buffer, rate: number): Decoded {
	return inFolder((file) => {
		writeFileSync(file, content);
		const raw = `${file}.raw`;
		const output = ['-f', 's16le', '-ac', '1', '-ar', String(rate), raw];
		const { stderr } = execa.sync(ffmpeg, ['-v', 'level+info', '-i', file, ...output]);
		const [, h, m, s] = /Duration: (\d+):(\d+):([\d.]+)/.exec(stderr) ?? [];
		const { buffer, byteOffset, length } = readFileSync(raw);
		const lines = stderr.match(/^.*\[(warning|error|fatal)\].*$/gm) ?? [];
		return {
			samples: new Int16Array(buffer.slice(byteOffset, byteOffset + length)),
			// The channels are guessed of every WAV file with one channel.
			warnings: lines.filter((line) => !line.includes('Guessed Channel Layout')).join('\n'),
			headerSeconds: Number(h) * 3600 + Number(m) * 60 + Number(s),
		};
	});
}

function inFolder<T>(work: (file: string) => T): T {
	const folder = mkdtempSync(path.join(tmpdir(), 'track-'));
	try {
		return work(path.join(folder, 'sound'));
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** From where to where it sounds, in seconds: above a threshold, with gaps of less than 100 ms. */
export function heard(
	samples: Int16Array,
	rate: number,
	threshold: number,
): Array<[number, number]> {
	const spans: Array<[number, number]> = [];
	for (let at = 0; at < samples.length; at++) {
		if (Math.abs(samples[at]!) <= threshold) continue;
		const last = spans.at(-1);
		if (last && at / rate - last[1] < 0.1) last[1] = at / rate;
		else spans.push([at / rate, at / rate]);
	}
	return spans;
}

/** The whole file. */
export async function contentOf({ chunks }: Track): Promise<Buffer> {
	const bytes: Buffer[] = [];
	for await (const chunk of chunks()) bytes.push(chunk);
	return Buffer.concat(bytes);
}
