import { randomBytes } from 'node:crypto';
import { open, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { wavHeader } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/wavFile';
import { FIXTURES } from '../../testbed/fixtures';

export const MB = 1_000_000;

/** What one scenario reads: a picture, a right voice, and one left voice for each item. */
export interface MediaSet {
	readonly picture: string;
	readonly right: string;
	/** Pattern of the left voices. */
	readonly left: string;
	/** The first of them. */
	readonly first: string;
}

export interface MediaSizes {
	readonly items: number;
	/** Bytes of each voice. */
	readonly voice: number;
	/** Bytes of the picture. */
	readonly picture: number;
}

/** A picture and two voices as small as people have them. */
export const SMALL: MediaSizes = { items: 1, voice: 0.2 * MB, picture: 0.2 * MB };

const PICTURE = path.join(FIXTURES, 'pair.png');
const CHUNK = 1024 * 1024;
/** A high rate, so that twice 190 MB stay within the model's ten minutes. */
const FORMAT = { channels: 2, sampleRate: 192_000, bitsPerSample: 16 };
const HEADER_BYTES = 44;

/** Writes a set of media files that differ from each other, by streams. */
export async function makeMedia(folder: string, sizes: MediaSizes): Promise<MediaSet> {
	await mkdir(path.join(folder, 'left'), { recursive: true });
	const picture = path.join(folder, 'picture.png');
	const right = path.join(folder, 'right.wav');
	const lefts = Array.from({ length: sizes.items }, (_none, item) =>
		path.join(folder, 'left', `voice-${String(item).padStart(3, '0')}.wav`),
	);
	await writePicture(picture, sizes.picture);
	for (const file of [right, ...lefts]) await writeVoice(file, sizes.voice);
	return { picture, right, left: path.join(folder, 'left', '*.wav'), first: lefts[0]! };
}

/** Noise that does not repeat within one chunk; chunks differ by a few bytes. */
async function writeVoice(file: string, bytes: number): Promise<void> {
	const header = wavHeader(FORMAT, bytes - HEADER_BYTES);
	await writeFilled(file, header, bytes);
}

/** A real picture with rubbish behind its end, which readers of PNG skip. */
async function writePicture(file: string, bytes: number): Promise<void> {
	await writeFilled(file, await readFile(PICTURE), bytes);
}

async function writeFilled(file: string, begin: Buffer, bytes: number): Promise<void> {
	const handle = await open(file, 'w');
	try {
		await handle.write(begin);
		const noise = randomBytes(CHUNK);
		for (let left = bytes - begin.length; left > 0; left -= CHUNK) {
			noise.writeDoubleLE(left, 0);
			await handle.write(noise, 0, Math.min(left, CHUNK));
		}
	} finally {
		await handle.close();
	}
}
