import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RATE = 16_000;
const BYTES_PER_SAMPLE = 2;

/** A sound file to make: its name, then ffmpeg's options for it. */
export type Recipe = readonly [name: string, options: string];

export async function ffmpeg(args: string[]): Promise<void> {
	await run(ffmpegPath, ['-nostdin', '-y', '-loglevel', 'error', ...args]);
}

/** Makes all files of a tone of so many seconds in one run. */
export async function makeFiles(
	folder: string,
	seconds: number,
	recipes: readonly Recipe[],
): Promise<void> {
	const tone = `sine=frequency=440:sample_rate=48000:duration=${seconds}`;
	const outputs = recipes.flatMap(([name, options]) => [
		...options.split(' ').filter(Boolean),
		path.join(folder, name),
	]);
	await ffmpeg(['-f', 'lavfi', '-i', tone, ...outputs]);
}

/** Seconds that ffmpeg makes of each file when it decodes it, all in one run. */
export async function decodedSeconds(folder: string, names: readonly string[]): Promise<number[]> {
	const inputs = names.flatMap((name) => ['-i', path.join(folder, name)]);
	const raw = names.map((name) => path.join(folder, `${name}.raw`));
	const format = ['-ac', '1', '-ar', String(RATE), '-f', 's16le'];
	const outputs = raw.flatMap((file, index) => ['-map', `${index}:a:0`, ...format, file]);
	await ffmpeg([...inputs, ...outputs]);
	return await Promise.all(
		raw.map(async (file) => (await stat(file)).size / BYTES_PER_SAMPLE / RATE),
	);
}

export async function makeFolder(): Promise<string> {
	return await mkdtemp(path.join(tmpdir(), 'sound-'));
}

export async function removeFolder(folder: string): Promise<void> {
	await rm(folder, { recursive: true, force: true });
}
