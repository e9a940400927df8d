import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import {
	apiRequest,
	ended,
	MADE_UP_INPUTS,
	result,
	submit,
	submitted,
	ticket,
} from '../api-client';
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
		[MODEL, { resolution: '720p' }, ['resolution'], 0.075],
		[MODEL_STANDARD, {}, [], 0.15],
		[MODEL_STANDARD, { resolution: '720p', mask: 1 }, ['mask'], 0.3],
		[MODEL_LONGCAT, { resolution: '480p' }, [], 0.15],
		[MODEL_LONGCAT, { resolution: '720p' }, [], 0.3],
	])('%s takes %j', async (model, more, ignoredKeys, price) => {
		const response = await submitTo(model, { ...MADE_UP_INPUTS, ...more });
		expect(response.json['data']).toMatchObject({ model });
		expect(emulator.predictions()).toMatchObject([{ model, ignoredKeys }]);
		expect(emulator.billing().charges).toMatchObject([{ price }]);
	});

	it.each([
		['resolution', MODEL_STANDARD, { resolution: '1080p' }],
		['resolution', MODEL_LONGCAT, { resolution: 720 }],
		['prompt', MODEL, { prompt: null }],
		['anything', MODEL, { anything: null }],
	])('refuses a bad %s by name (%s)', async (field, model, more) => {
		const response = await submitTo(model, { ...MADE_UP_INPUTS, ...more });
		expect(response.status).toBe(400);
		expect(response.json['message']).toContain(`"${field}"`);
		expect(emulator.billing().billed).toBe(0);
	});

	it('may refuse unknown keys', async () => {
		emulator.setOptions({ unknownKeys: 'refuse' });
		const body = { ...MADE_UP_INPUTS, resolution: '480p' };
		expect((await submitTo(MODEL, body)).status).toBe(400);
		expect((await submitTo(MODEL_STANDARD, body)).status).toBe(200);
	});

	it('is listed with its own inputs', async () => {
		const list = (await apiRequest(emulator, 'GET', '/api/v3/models')).json['data'];
		expect(list).toMatchObject(
			[MODEL, MODEL_STANDARD, MODEL_LONGCAT].map((model_id) => ({ model_id })),
		);
		const texts = (list as unknown as object[]).map((entry) => JSON.stringify(entry));
		expect(texts.map((text) => text.includes('"resolution"'))).toEqual([false, true, true]);
	});
});

describe('an odd response to a submission', () => {
	const data = '{data}';

	it.each<[string, unknown, (id: string) => object]>([
		['no status', { code: 200, data: { id: '{id}' } }, (id) => ({ code: 200, data: { id } })],
		['code 0', { code: 0, message: '', data }, (id) => ({ code: 0, data: { id, model: MODEL } })],
		['a bare prediction', data, (id) => ({ id, status: 'created' })],
		['code 1000', { code: 1000, message: 'odd', data }, (id) => ({ code: 1000, data: { id } })],
		['code 1999', { code: 1999, data }, (id) => ({ code: 1999, data: { id } })],
		['an array', { code: 200, data: [data] }, (id) => ({ code: 200, data: [{ id }] })],
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

	it.each([
		['dotted', /^[a-z]+\.[0-9a-f]{8}\.[0-9a-f]{16}$/],
		['long', /^[0-9a-f]{200}$/],
	])('may have a %s ID', async (form, pattern) => {
		emulator.scriptJob({ id: form });
		const id = await ended(emulator);
		expect(id).toMatch(pattern);
		expect((await result(emulator, id)).json['data']).toMatchObject({ id, status: 'completed' });
	});
});

describe('an older API form', () => {
	it.each([
		['/predictions/{id}', '/predictions/{id}/result'],
		['/predictions/{id}/result', '/predictions/{id}'],
	] as const)('has only the result path %s', async (resultPath, other) => {
		emulator.setOptions({ resultPath });
		const id = await ended(emulator);
		const read = async (path: string) =>
			await apiRequest(emulator, 'GET', `/api/v3${path.replace('{id}', id)}`);
		expect((await read(resultPath)).json['data']).toMatchObject({ id, status: 'completed' });
		expect(await read(other)).toMatchObject({ status: 404, json: { code: 404 } });
		expect(emulator.requestsTo('result')).toHaveLength(2);
	});

	it.each([
		['completed', 'succeeded'],
		['completed', 'success'],
		['failed', 'error'],
		['timeout', 'expired'],
	])('has another word for %s: %s', async (status, word) => {
		emulator.setOptions({ statusWords: { [status]: word } });
		emulator.scriptJob({ end: { status } });
		const id = await ended(emulator);
		const { data } = (await result(emulator, id)).json;
		expect(data).toMatchObject({ status: word });
		expect(data!['outputs']).toHaveLength(status === 'completed' ? 1 : 0);
		const history = await apiRequest(emulator, 'POST', '/api/v3/predictions', {
			page: 1,
			page_size: 1,
			status,
		});
		expect(history.json['data']!['items']).toMatchObject([{ id, status: word }]);
	});

	it('has a video also when a script ends it with an older word', async () => {
		emulator.scriptJob({ end: { status: 'succeeded' } });
		const id = await ended(emulator);
		const { data } = (await result(emulator, id)).json;
		expect(data).toMatchObject({ status: 'succeeded', has_nsfw_contents: [false] });
		expect((await apiRequest(emulator, 'GET', String(data!['outputs']![0]))).status).toBe(200);
	});
});

describe('addresses in the private network', () => {
	const HOSTS = ['https://127.0.0.1/a', 'https://10.0.0.5/a', 'https://[::1]/a'];

	it('can be named by a ticket', async () => {
		for (const url of HOSTS) {
			const patchData = { 'upload.url': url, download_url: url };
			emulator.faults.add({ on: 'ticket', do: { patchData } });
			const data = await ticket(emulator, { filename: 'a.wav', size: 5 });
			expect(data).toMatchObject({ download_url: url, upload: { url } });
		}
	});

	it('can be named as outputs, or by a redirect', async () => {
		const location = 'https://169.254.169.254/latest/meta-data/';
		emulator.scriptJob({ outputs: [location] });
		const id = await ended(emulator);
		expect((await result(emulator, id)).json['data']).toMatchObject({ outputs: [location] });

		await submitted(emulator);
		await emulator.finishAll();
		const respond = { status: 302, headers: { location } };
		emulator.faults.add({ on: 'download', do: { respond } });
		const { statusCode, headers } = await request(emulator.predictions()[1]!.videoUrl);
		expect([statusCode, headers['location']]).toEqual([302, location]);
	});
});
