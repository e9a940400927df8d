import { afterAll, beforeAll } from '@jest/globals';
import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import execa from 'execa';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

const RATE = 16_000;
const BYTES_PER_SAMPLE = 2;

/** A sound file to make: its name, then ffmpeg's options for it. */
export type Recipe = readonly [name: string, options: string];

/** Runs ffmpeg in a folder; what it complains of does not include its many arguments. */
export async function ffmpeg(folder: string, args: string[]): Promise<void> {
	const all = ['-nostdin', '-y', '-loglevel', 'fatal', ...args];
	const { failed, stderr, exitCode } = await execa(ffmpegPath, all, { cwd: folder, reject: false });
	if (failed) throw new Error(`ffmpeg: ${stderr || String(exitCode)}`);
}

/** Seconds that ffmpeg makes of each file when it decodes it, all in one run. */
export async function decodedSeconds(folder: string, names: readonly string[]): Promise<number[]> {
	const inputs = names.flatMap((name) => ['-i', name]);
	const raw = names.map((name) => `${name}.raw`);
	const format = ['-ac', '1', '-ar', String(RATE), '-f', 's16le'];
	const outputs = raw.flatMap((file, index) => ['-map', `${index}:a:0`, ...format, file]);
	await ffmpeg(folder, [...inputs, ...outputs]);
	return await Promise.all(
		raw.map(async (file) => (await stat(path.join(folder, file))).size / BYTES_PER_SAMPLE / RATE),
	);
}

/** A folder with these files of a tone, made in one run for all tests of a file; its path is known when they run. */
export function useFiles(seconds: number, recipes: readonly Recipe[]): { folder: string } {
	const files = { folder: '' };
	beforeAll(async () => {
		files.folder = await mkdtemp(path.join(tmpdir(), 'sound-'));
		const tone = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
		const outputs = recipes.flatMap(([name, options]) => [...options.split(' '), name]);
		await ffmpeg(files.folder, ['-f', 'lavfi', '-i', tone, ...outputs]);
	});
	afterAll(async () => await rm(files.folder, { recursive: true, force: true }));
	return files;
}
