import { afterEach, expect, it } from '@jest/globals';
import { startEmulator, type Emulator, type EmulatorOptions } from './emulator';
import { apiRequest, MADE_UP_INPUTS, submit, submitted, useStoppedTime } from './api-client';

let emulator: Emulator;
const clock = useStoppedTime();

async function start(options: EmulatorOptions = {}): Promise<void> {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 60, ...options });
}

afterEach(async () => await emulator.close());

it('a submission to an unknown model is a 404 in the envelope', async () => {
	await start();
	const response = await apiRequest(emulator, 'POST', '/api/v3/a/model', MADE_UP_INPUTS);
	expect(response).toMatchObject({ status: 404, json: { code: 404 } });
});

it.each([undefined, 'Bearer wrong', 'wsk_emulator_key', 'Basic wsk_emulator_key'])(
	'the authorization %s is a 401 in the envelope',
	async (authorization) => {
		await start();
		const headers = { authorization: authorization ?? '' };
		const response = await apiRequest(emulator, 'GET', '/api/v3/balance', undefined, headers);
		expect(response).toMatchObject({ status: 401, json: { code: 401 } });
	},
);

it('a submission without enough credit is a 402 that says so', async () => {
	await start({ balance: 0.1 });
	await submitted(emulator);
	const response = await submit(emulator);
	expect(response.status).toBe(402);
	expect(response.json['message']).toMatch(/insufficient credits/i);
	expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1, paid: 1 });
});

it('a submission above the limit per minute is a 429 until the minute is over', async () => {
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
