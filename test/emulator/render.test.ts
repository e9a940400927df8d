import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmulator, type Emulator } from './emulator';
import { decodeSound, heard } from '../fixtures/sound';
import { ended, upload } from './api-client';

// Making videos takes as long as the machine lets it.
jest.setTimeout(60_000);

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'emulator-video-test-'));
	emulator = await startEmulator({ jobSeconds: 0 });
});
afterAll(async () => {
	await emulator.close();
	await rm(folder, { recursive: true, force: true });
});

/** Runs a job and saves its video. */
async function video(order: string): Promise<string> {
	const id = await ended(emulator, {
		image: await upload(emulator, 'pair.png'),
		left_audio: await upload(emulator, 'left-tone.wav'),
		right_audio: await upload(emulator, 'right-tone.wav'),
		order,
	});
	const job = emulator.predictions().find((one) => one.id === id)!;
	expect(job.status).toBe('completed');
	const path = join(folder, `${order}.mp4`);
	await writeFile(path, Buffer.from(await (await fetch(job.videoUrl)).arrayBuffer()));
	return path;
}

/** Tones fade in and out: times are to half a second. */
const halves = (seconds: number) => Math.round(seconds * 2) / 2;

it.each([
	['meanwhile', 2.5, [0, 2.5], [0, 2]],
	['left_right', 4.5, [0, 2.5], [2.5, 4.5]],
	['right_left', 4.5, [2, 4.5], [0, 2]],
])('the video has the two voices as %s says', async (order, seconds, left, right) => {
	const sound = await decodeSound(await video(order));
	const times = (frequency: number) => {
		const { from, to } = heard(sound, frequency)!;
		return [halves(from), halves(to)];
	};
	expect([halves(sound.duration), times(440), times(1300)]).toEqual([seconds, left, right]);
});

it('the video has each voice on its side, and softly on the other one', async () => {
	const path = await video('meanwhile');
	const left = await decodeSound(path, 'left');
	const right = await decodeSound(path, 'right');
	// Three times as loud as what is heard of the other voice.
	expect([heard(left, 440, 0.1), heard(left, 1300, 0.1)]).toEqual([expect.anything(), null]);
	expect([heard(right, 440, 0.1), heard(right, 1300, 0.1)]).toEqual([null, expect.anything()]);
	expect([heard(left, 1300), heard(right, 440)]).toEqual([expect.anything(), expect.anything()]);
});
