import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from 'undici';
import { startEmulator, type Emulator } from './emulator';
import { FfmpegPool } from './ffmpeg';
import { pictureDistance } from '../fixtures/picture';
import { decodeSound, heard } from '../fixtures/sound';
import { ended, FIXTURES, uploadFixture } from './api-client';

// Making videos takes as long as the machine lets it.
jest.setTimeout(60_000);

let emulator: Emulator;
let folder: string;
let files: Record<string, string>;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'emulator-video-test-'));
	emulator = await startEmulator({ jobSeconds: 0 });
	const names = ['pair.png', 'left-tone.wav', 'right-tone.wav'];
	const urls = await Promise.all(names.map(async (name) => await uploadFixture(emulator, name)));
	files = Object.fromEntries(names.map((name, at) => [name, urls[at] ?? '']));
});
afterAll(async () => {
	await emulator.close();
	await rm(folder, { recursive: true, force: true });
});

/** Runs a job and saves its video. */
async function video(order: string): Promise<string> {
	const id = await ended(emulator, {
		image: files['pair.png'],
		left_audio: files['left-tone.wav'],
		right_audio: files['right-tone.wav'],
		order,
	});
	const job = emulator.predictions().find((one) => one.id === id);
	expect(job).toMatchObject({ status: 'completed' });
	const response = await request(job!.videoUrl);
	const path = join(folder, `${order}.mp4`);
	await writeFile(path, response.body);
	return path;
}

describe('the preview video', () => {
	it('has both tones together when both speak at the same time', async () => {
		const sound = await decodeSound(await video('meanwhile'));
		expect(Math.abs(sound.duration - 2.5)).toBeLessThan(0.15);
		expect(heard(sound, 440)!.from).toBeLessThan(0.3);
		expect(heard(sound, 440)!.to).toBeGreaterThan(2.2);
		expect(heard(sound, 1300)!.from).toBeLessThan(0.3);
		expect(heard(sound, 1300)!.to).toBeCloseTo(2, 0);
	});

	it.each([
		['left_right', 440, 2.5, 1300],
		['right_left', 1300, 2, 440],
	])('has one tone after the other for %s', async (order, first, change, second) => {
		const sound = await decodeSound(await video(order));
		expect(Math.abs(sound.duration - 4.5)).toBeLessThan(0.15);
		expect(heard(sound, first)!.from).toBeLessThan(0.3);
		expect(Math.abs(heard(sound, first)!.to - change)).toBeLessThan(0.2);
		expect(Math.abs(heard(sound, second)!.from - change)).toBeLessThan(0.2);
		expect(heard(sound, second)!.to).toBeGreaterThan(4.3);
	});

	it('has each voice on its side, and softly on the other one', async () => {
		const path = await video('meanwhile');
		const left = await decodeSound(path, 'left');
		const right = await decodeSound(path, 'right');
		// Three times as loud as what is heard of the other voice.
		expect([heard(left, 440, 0.1), heard(left, 1300, 0.1)]).toEqual([expect.anything(), null]);
		expect([heard(right, 440, 0.1), heard(right, 1300, 0.1)]).toEqual([null, expect.anything()]);
		expect([heard(left, 1300), heard(right, 440)]).toEqual([expect.anything(), expect.anything()]);
	});

	it('shows the picture', async () => {
		const path = await video('meanwhile');
		const picture = join(FIXTURES, 'pair.png');
		expect(await pictureDistance(path, picture)).toBeLessThan(0.05);
		const mirrored = join(folder, 'mirrored.png');
		const pool = new FfmpegPool();
		await pool.run(['-i', picture, '-vf', 'hflip', mirrored]);
		expect(await pictureDistance(path, mirrored)).toBeGreaterThan(0.05);
		await pool.close();
	});

	it('is H.264 and AAC, and says that it is a preview', async () => {
		const path = await video('meanwhile');
		const pool = new FfmpegPool();
		const { stderr } = await pool.run(['-i', path]);
		expect(stderr).toContain('LOCAL PREVIEW - no lip sync');
		expect(stderr).toMatch(/Video: h264.*640x360/);
		expect(stderr).toMatch(/Audio: aac.*stereo/);
		expect(Math.abs((await pool.duration(path))! - 2.5)).toBeLessThan(0.15);
		await pool.close();
	});
});
