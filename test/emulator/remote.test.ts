import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import type { Emulator } from './emulator';
import { startEmulatorProcess, type EmulatorProcess } from './remote';
import { MADE_UP_INPUTS, submit, submitted } from './api-client';

const START_MS = 60_000;

let running: EmulatorProcess;

beforeAll(async () => {
	running = await startEmulatorProcess({ apiKey: 'wsk_other', readInputs: false, jobSeconds: 0 });
}, START_MS);
afterAll(async () => await running.stop());

/** The part of an emulator that the API client needs. */
function asEmulator(): Emulator {
	const settings = { apiKey: 'wsk_other' };
	return { baseUrl: running.baseUrl, settings } as unknown as Emulator;
}

describe('an emulator in its own process', () => {
	it('can be scripted, inspected, reset and given faults from here', async () => {
		const { emulator } = running;
		await emulator.addFault({ on: 'submit', do: { respond: { status: 502 } } });
		await emulator.scriptJob({ seconds: 'never', id: 'my-job' });
		expect((await submit(asEmulator())).status).toBe(502);
		expect(await submitted(asEmulator())).toBe('my-job');
		const { billing } = await emulator.state('billing');
		expect(billing).toMatchObject({ submitted: 2, billed: 1 });
		expect(await emulator.requestsTo('submit')).toMatchObject([
			{ fault: 'respond', status: 502 },
			{ status: 200, body: MADE_UP_INPUTS },
		]);
		await emulator.finishAll();
		const { predictions } = await emulator.until(['predictions'], (state) =>
			state.predictions.every((one) => one.status === 'completed'),
		);
		expect(predictions).toMatchObject([{ id: 'my-job', inputs: MADE_UP_INPUTS }]);

		await emulator.setOptions({ balance: 0 });
		expect((await submit(asEmulator())).status).toBe(402);
		await expect(emulator.setOptions({ balanse: 1 } as object)).rejects.toThrow('balanse');
		await emulator.reset();
		const { settings, ...rest } = await emulator.state(
			...(['settings', 'requests', 'predictions', 'uploads', 'billing'] as const),
		);
		expect(settings).toMatchObject({ balance: 0, apiKey: 'wsk_other' });
		expect(rest).toMatchObject({ requests: [], predictions: [], uploads: [] });
		expect(rest.billing).toMatchObject({ submitted: 0, billed: 0 });
	});

	it(
		'refuses a taken port with a sentence',
		async () => {
			const port = Number(new URL(running.baseUrl).port);
			await expect(startEmulatorProcess({}, port)).rejects.toThrow('--port');
		},
		START_MS,
	);

	it(
		'ends when told to',
		async () => {
			const second = await startEmulatorProcess();
			await second.stop();
			expect(second.process.exitCode).toBe(0);
			await expect(request(`${second.baseUrl}/_emulator/state`)).rejects.toThrow('ECONNREFUSED');
		},
		START_MS,
	);
});
