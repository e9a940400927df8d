import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { apiRequest, ended, MADE_UP_INPUTS, result, submit } from '../api-client';
import { startEmulator, type Emulator } from '../emulator';
import { MODEL, MODEL_LONGCAT, MODEL_STANDARD } from '../models';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0 });
});
afterEach(async () => await emulator.close());

async function submitTo(model: string, body: object) {
	return await apiRequest(emulator, 'POST', `/api/v3/${model}`, body);
}

describe('a model', () => {
	it.each([
		[MODEL, {}, 0.075],
		[MODEL_STANDARD, {}, 0.15],
		[MODEL_STANDARD, { resolution: '720p' }, 0.3],
		[MODEL_LONGCAT, { resolution: '480p' }, 0.2],
		[MODEL_LONGCAT, { resolution: '720p' }, 0.4],
	])('%s takes %j', async (model, more, spent) => {
		const response = await submitTo(model, { ...MADE_UP_INPUTS, ...more });
		expect(response.json['data']).toMatchObject({ model });
		expect(emulator.predictions()).toMatchObject([{ model }]);
		expect(emulator.billing()).toMatchObject({ billed: 1, spent });
	});
});

describe('an odd response to a submission', () => {
	const data = '{data}';

	it.each<[string, unknown, (id: string) => object]>([
		['no status', { code: 200, data: { id: '{id}' } }, (id) => ({ code: 200, data: { id } })],
		['an array', { code: 0, data: [data] }, (id) => ({ code: 0, data: [{ id, model: MODEL }] })],
	])('may have %s, and yet the job exists', async (_what, rewrite, expected) => {
		emulator.scriptJob({ seconds: 'never' });
		emulator.faults.add({ on: 'submit', do: { rewrite } });
		const response = await submit(emulator);
		expect(response.status).toBe(200);
		const { id } = emulator.predictions()[0]!;
		expect(response.json).toMatchObject(expected(id));
		expect(JSON.stringify(response.json)).not.toContain('{id}');
		expect(emulator.billing().billed).toBe(1);
	});
});

it('a job that ends with an older word for success has a video', async () => {
	emulator.scriptJob({ end: { status: 'succeeded' } });
	const id = await ended(emulator);
	const { data } = (await result(emulator, id)).json;
	expect(data).toMatchObject({ status: 'succeeded', has_nsfw_contents: [false] });
	expect((await apiRequest(emulator, 'GET', String(data!['outputs']![0]))).status).toBe(200);
});
