import { afterEach, describe, expect, it } from '@jest/globals';
import { startEmulator, type Emulator, type EmulatorOptions } from './emulator';
import {
	apiRequest,
	MADE_UP_INPUTS,
	result,
	submit,
	submitted,
	useStoppedTime,
} from './api-client';

let emulator: Emulator;
const clock = useStoppedTime();

async function start(options: EmulatorOptions = {}): Promise<void> {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 60, ...options });
}

afterEach(async () => await emulator.close());

describe('a job', () => {
	it('is accepted, processed and completed', async () => {
		await start();
		const response = await submit(emulator);
		expect(response.status).toBe(200);
		expect(response.json).toMatchObject({
			code: 200,
			message: 'success',
			data: {
				model: 'wavespeed-ai/infinitetalk-fast/multi',
				outputs: [],
				has_nsfw_contents: [],
				status: 'created',
				error: '',
				timings: { inference: 0 },
			},
		});
		const data = response.json['data']!;
		const id = String(data['id']);
		expect(id).toMatch(/^[0-9a-f]{32}$/);
		expect(data['created_at']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
		expect(data['urls']).toEqual({ get: `${emulator.baseUrl}/api/v3/predictions/${id}/result` });

		emulator.scriptJob({ seconds: 'never' });
		const running = await submitted(emulator);
		await emulator.until(() => emulator.predictions()[1]?.status === 'processing');
		clock.advance(90_000);
		await emulator.finishJob(running);
		const done = (await result(emulator, running)).json['data']!;
		expect(done).toMatchObject({
			status: 'completed',
			has_nsfw_contents: [false],
			timings: { inference: 90_000 },
		});
		expect(done['outputs']).toEqual([`${emulator.origins.cdn}/outputs/${running}/1.mp4`]);
	});

	it('takes the time that it takes', async () => {
		await start({ jobSeconds: 0.05 });
		const id = await submitted(emulator);
		await emulator.whenEnded(id);
		expect((await result(emulator, id)).json['data']).toMatchObject({ status: 'completed' });
	});

	it('can be ended at once, and is found at the older path too', async () => {
		await start();
		const id = await submitted(emulator);
		await emulator.finishJob(id);
		const response = await apiRequest(emulator, 'GET', `/api/v3/predictions/${id}`);
		expect(response.json['data']).toMatchObject({ id, status: 'completed' });
	});

	it('serves its video only after completion, whole or in ranges, and not after 7 days', async () => {
		await start();
		const id = await submitted(emulator);
		const url = `${emulator.origins.cdn}/outputs/${id}/1.mp4`;
		expect((await apiRequest(emulator, 'GET', url)).status).toBe(404);
		await emulator.finishJob(id);
		const whole = await apiRequest(emulator, 'GET', url);
		expect(whole.status).toBe(200);
		expect(whole.headers['content-type']).toBe('video/mp4');
		expect(whole.text.slice(4, 8)).toBe('ftyp');
		const part = await apiRequest(emulator, 'GET', url, undefined, { range: 'bytes=4-7' });
		expect(part.status).toBe(206);
		expect(part.text).toBe('ftyp');
		clock.advance(7 * 24 * 3600 * 1000);
		expect((await apiRequest(emulator, 'GET', url)).status).toBe(404);
		expect((await result(emulator, id)).status).toBe(404);
	});
});

describe('a submission', () => {
	it('to an unknown model is a 404 in the envelope', async () => {
		await start();
		const response = await apiRequest(
			emulator,
			'POST',
			'/api/v3/wavespeed-ai/unknown',
			MADE_UP_INPUTS,
		);
		expect(response).toMatchObject({ status: 404, json: { code: 404 } });
	});

	it.each([undefined, 'Bearer wrong', 'wsk_emulator_key', 'Basic wsk_emulator_key'])(
		'with the authorization %s is a 401 in the envelope',
		async (authorization) => {
			await start();
			const headers = { authorization: authorization ?? '' };
			const response = await apiRequest(emulator, 'GET', '/api/v3/balance', undefined, headers);
			expect(response).toMatchObject({ status: 401, json: { code: 401 } });
		},
	);

	it('with JSON that cannot be read is a 400 in the envelope', async () => {
		await start();
		const response = await apiRequest(emulator, 'POST', '/api/v3/predictions', '{"page":');
		expect(response).toMatchObject({ status: 400, json: { code: 400 } });
	});

	it('without enough credit is a 402 that says so', async () => {
		await start({ balance: 0.1 });
		await submitted(emulator);
		const response = await submit(emulator);
		expect(response.status).toBe(402);
		expect(response.json['message']).toMatch(/insufficient credits/i);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1, paid: 1 });
	});

	it('above the limit per minute is a 429 until the minute is over', async () => {
		await start({ requestsPerMinute: 2 });
		await submitted(emulator);
		clock.advance(20_000);
		await submitted(emulator);
		const response = await submit(emulator);
		expect(response.status).toBe(429);
		expect(response.headers['retry-after']).toBe('40');
		emulator.setOptions({ retryAfterHeader: false });
		expect((await submit(emulator)).headers['retry-after']).toBeUndefined();
		clock.advance(40_000);
		await submitted(emulator);
		expect(emulator.billing().billed).toBe(3);
	});
});
