import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { call, data, ended, items, MADE_UP_INPUTS } from '../api-client';
import { startEmulator, type Emulator } from '../emulator';
import { MODEL, MODEL_LONGCAT, MODEL_STANDARD } from '../models';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0, balance: 10 });
});
afterEach(async () => await emulator.close());

const SEARCH = 'billings/search';
const HISTORY = 'predictions';
const PRICE = 'model/price';
const TICKET = 'media/uploads';
const PAGE = { page: 1, page_size: 10 };
const WAV = { filename: 'left.wav', size: 5, content_type: 'audio/wav' };

it.each([
	['completed', 0.075],
	['deleted', 0.075],
	['failed', 0],
	['timeout', 0],
	['cancelled', 0.0375],
	['canceled', 0.0375],
])('a job is charged, and gives back a part, all or nothing: %s', async (status, spent) => {
	emulator.scriptJob({ end: { status } });
	await ended(emulator);
	expect(await data(emulator, 'balance')).toEqual({ balance: 10 - spent });
	const [paid, refunded] = spent === 0 ? [0, 1] : [1, 0];
	expect(emulator.billing()).toEqual({ submitted: 1, billed: 1, paid, refunded, spent });
});

describe('the billing search', () => {
	it('finds deducts and refunds by job, type and time', async () => {
		await ended(emulator);
		const start_time = new Date(Date.now() + 30_000).toISOString();
		emulator.setOptions({ clockOffsetSeconds: 60 });
		emulator.scriptJob({ end: { status: 'cancelled' } });
		const cancelled = await ended(emulator);
		expect(await items(emulator, SEARCH)).toHaveLength(3);
		const deduct = { billing_type: 'deduct', price: 0.075, access_key_name: 'emulator' };
		expect(await items(emulator, SEARCH, { prediction_uuids: [cancelled] })).toMatchObject([
			{ billing_type: 'refund', price: 0.0375, prediction: { uuid: cancelled } },
			{ ...deduct, prediction: { status: 'cancelled', model_uuid: MODEL } },
		]);
		expect(await items(emulator, SEARCH, { billing_type: 'refund' })).toHaveLength(1);
		expect(await items(emulator, SEARCH, { start_time })).toHaveLength(2);
		expect(await items(emulator, SEARCH, { end_time: start_time })).toHaveLength(1);
	});

	it('has pages without a total', async () => {
		for (let job = 0; job < 3; job += 1) await ended(emulator);
		const [first, second] = [
			{ page: 1, page_size: 2 },
			{ page: 2, page_size: 2 },
		];
		const seen = [await data(emulator, SEARCH, first), await data(emulator, SEARCH, second)];
		expect(seen).toMatchObject([
			{ page: 1, has_more: true, items: [{}, {}] },
			{ page: 2, has_more: false, items: [{}] },
		]);
		expect(seen[0]).not.toHaveProperty('total');
	});
});

describe('a refusal', () => {
	it.each<[string, string, object]>([
		['image', MODEL, { ...MADE_UP_INPUTS, image: undefined }],
		['left_audio', MODEL, { ...MADE_UP_INPUTS, left_audio: 'data:audio/wav;base64,AAAA' }],
		['right_audio', MODEL, { ...MADE_UP_INPUTS, right_audio: 7 }],
		['order', MODEL, { ...MADE_UP_INPUTS, order: 'both' }],
		['seed', MODEL, { ...MADE_UP_INPUTS, seed: 2147483648 }],
		['seed', MODEL, { ...MADE_UP_INPUTS, seed: 1.5 }],
		['prompt', MODEL, { ...MADE_UP_INPUTS, prompt: null }],
		['resolution', MODEL, { ...MADE_UP_INPUTS, resolution: '480p' }],
		['mask', MODEL_STANDARD, { ...MADE_UP_INPUTS, mask: 1 }],
		['resolution', MODEL_STANDARD, { ...MADE_UP_INPUTS, resolution: '1080p' }],
		['order', PRICE, { model_id: MODEL, inputs: { order: 'Meanwhile' } }],
		['resolution', PRICE, { model_id: MODEL_LONGCAT, inputs: { resolution: '1080p' } }],
		['page', HISTORY, { page_size: 10 }],
		['page', HISTORY, { page: 0, page_size: 10 }],
		['page_size', HISTORY, { page: 1, page_size: 101 }],
		['created_after', HISTORY, { ...PAGE, created_after: '2026-01-01' }],
		['status', HISTORY, { ...PAGE, status: 'succeeded' }],
		['billing_type', SEARCH, { ...PAGE, billing_type: 'topup' }],
		['start_time', SEARCH, { ...PAGE, start_time: '1767225600000' }],
		['prediction_uuids', SEARCH, { ...PAGE, prediction_uuids: 'abc' }],
		['filename', TICKET, { ...WAV, filename: '' }],
		['size', TICKET, { ...WAV, size: 0 }],
		['size', TICKET, { ...WAV, size: '5' }],
		['content_type', TICKET, { ...WAV, content_type: 'text/html' }],
	])('of a bad %s names it and bills nothing: %s %j', async (field, path, body) => {
		const message = expect.stringContaining(`"${field}"`);
		const response = await call(emulator, path, body);
		expect(response).toMatchObject({ status: 400, json: { code: 400, message } });
		expect(emulator.billing().billed).toBe(0);
	});
});
