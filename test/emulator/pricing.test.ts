import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
	apiRequest,
	ended,
	FIXTURES,
	MADE_UP_INPUTS,
	postData,
	uploadBytes,
	uploadFixture,
	type Json,
} from './api-client';
import { startStub } from '../fixtures/stub-server';
import { startEmulator, type Emulator } from './emulator';
import { FfmpegPool } from './ffmpeg';
import { findModel, MODEL, MODEL_LONGCAT, MODEL_SINGLE, MODEL_STANDARD } from './models';
import { price } from './pricing';

describe('the price', () => {
	const usd = (id: string, left?: number, right?: number, more: object = {}) =>
		price(findModel(id)!, { seconds: [left, right], order: 'meanwhile', ...more });

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
		['the only voice', price(findModel(MODEL_SINGLE)!, { seconds: [12.1] }), 0.195],
	])('is by %s', (_rule, actual, expected) => expect(actual).toBe(expected));
});

describe('a price quote', () => {
	let emulator: Emulator;

	beforeEach(async () => {
		emulator = await startEmulator({ jobSeconds: 0, render: 'stub' });
	});
	afterEach(async () => await emulator.close());

	async function quote(inputs: object, model = MODEL): Promise<Json> {
		return await postData(emulator, 'model/price', { model_id: model, inputs });
	}

	it('is by the real length of uploaded voices, and costs nothing', async () => {
		const voices = {
			left_audio: await uploadFixture(emulator, 'left-voice.wav'),
			right_audio: await uploadFixture(emulator, 'right-voice.wav'),
		};
		expect(await quote({ ...voices, order: 'right_left', anything: 1 })).toEqual({
			model_id: MODEL,
			price: 0.12,
			discounted_price: 0.12,
			currency: 'USD',
		});
		expect((await quote({ ...voices, order: 'meanwhile' }))['price']).toBe(0.075);
		// `order` is compared as written: none is not `meanwhile`.
		expect((await quote(voices))['price']).toBe(0.12);
		expect(emulator.billing()).toMatchObject({ submitted: 0, billed: 0 });
	});

	it('measures what is no WAV, by upload and by URL', async () => {
		const folder = await mkdtemp(join(tmpdir(), 'emulator-price-test-'));
		const pool = new FfmpegPool();
		const path = join(folder, 'long.mp3');
		const wav = join(FIXTURES, 'left-voice.wav');
		await pool.run(['-stream_loop', '3', '-i', wav, '-t', '11.4', path]);
		await pool.close();
		const bytes = await readFile(path);
		await rm(folder, { recursive: true });
		const files = await startStub(() => ({ body: bytes }));
		const uploaded = await uploadBytes(emulator, bytes, 'long.mp3');
		const inputs = { left_audio: uploaded, right_audio: files.url, order: 'left_right' };
		expect((await quote(inputs))['price']).toBe(0.36);
		// What the quote measured is known to a submission, too.
		const image = await uploadFixture(emulator, 'pair.png');
		await ended(emulator, { ...inputs, image });
		expect(emulator.billing()).toMatchObject({ billed: 1, spent: 0.36 });
		await files.close();
	});

	it('is the floor when audio is missing, unreadable or no audio', async () => {
		const image = await uploadFixture(emulator, 'pair.png');
		const voice = await uploadFixture(emulator, 'right-voice.wav');
		const order = 'left_right';
		const lost = `${emulator.origins.cdn}/media/0a/audios/lost.wav`;
		for (const left of [undefined, lost, image, 7]) {
			const inputs = { left_audio: left, right_audio: voice, order };
			expect((await quote(inputs))['price']).toBe(0.075);
		}
		expect((await quote({}))['price']).toBe(0.075);
	});

	it('may have a discount, which is charged', async () => {
		emulator.setOptions({ discountRate: 90, readInputs: false });
		expect(await quote({})).toEqual({
			model_id: MODEL,
			price: 0.075,
			discounted_price: 0.0675,
			discount_rate: 90,
			currency: 'USD',
		});
		await ended(emulator, MADE_UP_INPUTS);
		expect(emulator.billing()).toMatchObject({ billed: 1, spent: 0.0675 });
	});

	it('of an unknown model is a 404', async () => {
		const body = { model_id: 'some/model', inputs: {} };
		const response = await apiRequest(emulator, 'POST', '/api/v3/model/price', body);
		expect(response).toMatchObject({ status: 404, json: { code: 404 } });
	});
});
