import { beforeAll, expect, it } from '@jest/globals';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { id3 } from './support/build';
import { decodedSeconds, useFiles } from './support/ffmpeg';
import { measure } from './support/measure';

const TOLERANCE_S = 0.1;
const SOURCES = [
	['a.wav', '-ar 16000'],
	['a.mp3', '-b:a 64k -ar 44100'],
	['vbr.mp3', '-q:a 5 -ar 24000'],
	['a.aac', '-c:a aac -ar 44100'],
	['vorbis.ogg', '-c:a libvorbis -page_duration 50000 -ar 44100'],
	['opus.ogg', '-c:a libopus -page_duration 50000'],
	['a.flac', '-c:a flac -ar 44100 -frame_size 1152'],
	['a.webm', '-c:a libopus -cluster_time_limit 200'],
] as const;

/** What happens to files. */
const DAMAGES: Record<string, (bytes: Buffer) => Buffer> = {
	'cut in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
	'cut near the end': (bytes) => bytes.subarray(0, bytes.length - 500),
	'cut after a third': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 3) + 1),
};
const FRAMES_ONLY: Record<string, (bytes: Buffer) => Buffer> = {
	tagged: (bytes) => Buffer.concat([id3(20_000), bytes, Buffer.from('TAG'.padEnd(128))]),
	joined: (bytes) => Buffer.concat([bytes, bytes]),
};

const CASES = SOURCES.flatMap(([source]) =>
	Object.entries({ ...DAMAGES, ...(/mp3|aac/.test(source) ? FRAMES_ONLY : {}) }).map(
		([damage, change]) => ({
			source,
			damage,
			change,
			name: `${damage.replace(/ /g, '-')}-${source}`,
		}),
	),
);

const files = useFiles(8.3, SOURCES);
const inFolder = (name: string) => path.join(files.folder, name);
let decoded: number[];

beforeAll(async () => {
	for (const { source, name, change } of CASES) {
		await writeFile(inFolder(name), change(await readFile(inFolder(source))));
	}
	const names = CASES.map(({ name }) => name);
	decoded = await decodedSeconds(files.folder, names);
});

it.each(CASES)('$source, $damage, is as long as what ffmpeg still decodes', async (one) => {
	const seconds = measure(await readFile(inFolder(one.name))) ?? NaN;
	expect(Math.abs(seconds - (decoded[CASES.indexOf(one)] as number))).toBeLessThan(TOLERANCE_S);
});
