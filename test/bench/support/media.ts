import { randomBytes } from 'node:crypto';
import { open, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { FIXTURES } from '../../testbed/fixtures';

export const MB = 1_000_000;

/** What one scenario reads: a picture, a right voice, and one left voice for each item. */
export interface MediaSet {
	readonly picture: string;
	readonly right: string;
	/** Pattern of the left voices. */
	readonly left: string;
	readonly items: number;
	/** The left voices one by one. */
	readonly lefts: readonly string[];
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
/** Bytes per second of the sound: high, so that twice 190 MB stay within the model's ten minutes. */
const BYTE_RATE = 768_000;

/** Writes a set of media files that differ from each other, by streams. */
export async function makeMedia(folder: string, sizes: MediaSizes): Promise<MediaSet> {
	const left = path.join(folder, 'left');
	await mkdir(left, { recursive: true });
	const picture = path.join(folder, 'picture.png');
	const right = path.join(folder, 'right.wav');
	await writePicture(picture, sizes.picture);
	await writeVoice(right, sizes.voice);
	const lefts: string[] = [];
	for (let item = 0; item < sizes.items; item++) {
		const file = path.join(left, `voice-${String(item).padStart(3, '0')}.wav`);
		await writeVoice(file, sizes.voice);
		lefts.push(file);
	}
	return { picture, right, left: path.join(left, '*.wav'), items: sizes.items, lefts };
}

/** Noise that does not repeat within one chunk; chunks differ by a few bytes. */
async function writeVoice(file: string, bytes: number): Promise<void> {
	const header = Buffer.alloc(44);
	header.write('RIFF', 0);
	header.writeUInt32LE(bytes - 8, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(2, 22);
	header.writeUInt32LE(BYTE_RATE / 4, 24);
	header.writeUInt32LE(BYTE_RATE, 28);
	header.writeUInt16LE(4, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36);
	header.writeUInt32LE(bytes - 44, 40);
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
