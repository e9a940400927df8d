import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { apiRequest, MADE_UP_INPUTS } from './api-client';
import { startEmulator, type Emulator } from './emulator';
import { MODEL, MODEL_LONGCAT, MODEL_STANDARD } from './models';

const HISTORY = 'predictions';
const BILLINGS = 'billings/search';
const PRICE = 'model/price';
const TICKET = 'media/uploads';
const PAGE = { page: 1, page_size: 10 };
const WAV = { filename: 'left.wav', size: 5, content_type: 'audio/wav' };

let emulator: Emulator;

beforeAll(async () => {
	emulator = await startEmulator({ readInputs: false });
});
afterAll(async () => await emulator.close());

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
	['resolution', MODEL_LONGCAT, { ...MADE_UP_INPUTS, resolution: 720 }],
	['order', PRICE, { model_id: MODEL, inputs: { order: 'Meanwhile' } }],
	['resolution', PRICE, { model_id: MODEL_LONGCAT, inputs: { resolution: '1080p' } }],
	['inputs', PRICE, { model_id: MODEL, inputs: [] }],
	['page', HISTORY, { page_size: 10 }],
	['page', HISTORY, { page: 0, page_size: 10 }],
	['page_size', HISTORY, { page: 1, page_size: 101 }],
	['created_after', HISTORY, { ...PAGE, created_after: 'yesterday' }],
	['created_after', HISTORY, { ...PAGE, created_after: '2026-01-01' }],
	['status', HISTORY, { ...PAGE, status: 'succeeded' }],
	['billing_type', BILLINGS, { ...PAGE, billing_type: 'topup' }],
	['start_time', BILLINGS, { ...PAGE, start_time: '1767225600000' }],
	['prediction_uuids', BILLINGS, { ...PAGE, prediction_uuids: 'abc' }],
	['filename', TICKET, { ...WAV, filename: '' }],
	['size', TICKET, { ...WAV, size: 0 }],
	['size', TICKET, { ...WAV, size: '5' }],
	['content_type', TICKET, { ...WAV, content_type: 'text/html' }],
])('a bad %s is refused by its name and not billed: %s %j', async (field, path, body) => {
	const response = await apiRequest(emulator, 'POST', `/api/v3/${path}`, body);
	expect(response).toMatchObject({ status: 400, json: { code: 400 } });
	expect(response.json['message']).toContain(`"${field}"`);
	expect(emulator.billing().billed).toBe(0);
});
