import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { data, ended, FIXTURES, upload } from './api-client';
import { startEmulator, type Emulator } from './emulator';
import { FfmpegPool } from './ffmpeg';
import { MODEL, MODEL_LONGCAT, MODEL_SINGLE, MODEL_STANDARD, requireModel } from './models';
import { price } from './pricing';

const usd = (id: string, left?: number, right?: number, more: object = {}) =>
	price(requireModel(id), { seconds: [left, right], order: 'meanwhile', ...more });

it.each([
	['the longer voice', usd(MODEL, 12, 20), 0.3],
	['each voice rounded up first', usd(MODEL, 3.2, 3.7, { order: 'left_right' }), 0.12],
	['the sum', usd(MODEL, 12, 20, { order: 'right_left' }), 0.48],
	['the sum without an order, which is no meanwhile', usd(MODEL, 12, 20, { order: null }), 0.48],
	['at least five seconds', usd(MODEL, 1, 2), 0.075],
	['at most 600 seconds', usd(MODEL, 400, 400, { order: 'left_right' }), 9],
	['the floor for unreadable audio', usd(MODEL, 100, undefined), 0.075],
	['the base price of the standard model', usd(MODEL_STANDARD, 10, 10), 0.3],
	['the resolution', usd(MODEL_STANDARD, 10, 10, { resolution: '720p' }), 0.6],
	['no resolution where the model has none', usd(MODEL, 10, 10, { resolution: '720p' }), 0.15],
	['at least three seconds of the others', usd(MODEL_STANDARD, 1, 2), 0.09],
	['at most 64 seconds of LongCat', usd(MODEL_LONGCAT, 90, 60), 2.56],
	['the only voice', price(requireModel(MODEL_SINGLE), { seconds: [12.1] }), 0.195],
])('the price is by %s', (_rule, actual, expected) => expect(actual).toBe(expected));

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ jobSeconds: 0, render: 'stub' });
});
afterEach(async () => await emulator.close());

async function quote(inputs: object): Promise<unknown> {
	return (await data(emulator, 'model/price', { model_id: MODEL, inputs }))['price'];
}

it('a quote measures uploads and URLs of any format, and is what a job costs then', async () => {
	const folder = await mkdtemp(join(tmpdir(), 'emulator-price-test-'));
	const pool = new FfmpegPool();
	const path = join(folder, 'long.mp3');
	const wav = join(FIXTURES, 'left-voice.wav');
	await pool.run(['-stream_loop', '3', '-i', wav, '-t', '11.4', path]);
	await pool.close();
	const content = await readFile(path);
	await rm(folder, { recursive: true });
	const left_audio = await upload(emulator, 'long.mp3', new Uint8Array(content));
	const right_audio = emulator.host('long.mp3', { content });
	const inputs = { left_audio, right_audio, order: 'left_right' };
	expect(await quote(inputs)).toBe(0.36);
	expect(await quote({ ...inputs, order: undefined })).toBe(0.36);
	expect(await quote({ ...inputs, order: 'meanwhile' })).toBe(0.18);
	expect(emulator.billing()).toMatchObject({ submitted: 0, billed: 0 });
	await ended(emulator, { ...inputs, image: await upload(emulator, 'pair.png') });
	expect(emulator.billing()).toMatchObject({ billed: 1, spent: 0.36 });
});

it('a quote is the floor when audio is missing, unreadable or no audio', async () => {
	const image = await upload(emulator, 'pair.png');
	const voice = await upload(emulator, 'right-voice.wav');
	const lost = `${emulator.origins.cdn}/media/0a/audios/lost.wav`;
	for (const left of [undefined, lost, image, 7]) {
		const inputs = { left_audio: left, right_audio: voice, order: 'left_right', anything: 1 };
		expect(await quote(inputs)).toBe(0.075);
	}
});
