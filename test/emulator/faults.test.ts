import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { request } from 'undici';
import { startEmulator, type Emulator } from './emulator';
import type { CannedResponse } from './faults';
import { MODEL } from './models';
import { apiRequest, MADE_UP_INPUTS, put, result, submit, submitted, ticket } from './api-client';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0, render: 'stub' });
});
afterEach(async () => await emulator.close());

/** Sends a submission that can be aborted. */
function abortable(): { abort: () => void; ended: Promise<unknown> } {
	const controller = new AbortController();
	const ended = request(`${emulator.baseUrl}/api/v3/${MODEL}`, {
		method: 'POST',
		headers: { authorization: 'Bearer wsk_emulator_key', 'content-type': 'application/json' },
		body: JSON.stringify(MADE_UP_INPUTS),
		signal: controller.signal,
	}).catch((error: Error) => error);
	return { abort: () => controller.abort(), ended };
}

describe('a fault', () => {
	it('responds in place of the emulator, without effect', async () => {
		const body = { error: 'no' };
		emulator.faults.add({ on: 'submit', do: { respond: { status: 500, body } } });
		const response = await submit(emulator);
		expect(response).toMatchObject({ status: 500, json: body });
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 0 });
		expect((await submit(emulator)).status).toBe(200);
		expect(emulator.requests[0]).toMatchObject({ fault: 'respond', status: 500 });
	});

	it.each<[CannedResponse, string | undefined]>([
		[{ status: 502, body: '<html>Bad Gateway</html>' }, 'text/html; charset=utf-8'],
		[{ status: 200, body: '{"code":200,"da' }, 'application/json'],
		[{ status: 200, body: { code: 200, message: 'success', data: {} } }, 'application/json'],
		[{ status: 204, headers: { 'x-odd': '1' } }, undefined],
	])('responds %j although the job was created and billed', async (canned, type) => {
		emulator.faults.add({ on: 'submit', do: { respondAfterHandling: canned } });
		const response = await submit(emulator);
		expect(response.status).toBe(canned.status);
		expect(response.headers['content-type']).toBe(type);
		const { body = '' } = canned;
		expect(response.text).toBe(typeof body === 'string' ? body : JSON.stringify(body));
		expect(emulator.billing().billed).toBe(1);
	});

	it('resets the connection before or after the request took effect', async () => {
		emulator.faults.add({ on: 'submit', do: 'reset' });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		await expect(submit(emulator)).rejects.toThrow(/ECONNRESET|other side closed/);
		expect(emulator.billing().billed).toBe(0);
		await expect(submit(emulator)).rejects.toThrow(/ECONNRESET|other side closed/);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 1 });
		await emulator.until(() => emulator.requests.every((one) => one.endTime !== undefined));
		expect(emulator.requests).toMatchObject([
			{ fault: 'reset', aborted: true, body: MADE_UP_INPUTS },
			{ fault: 'resetAfterHandling', aborted: true },
		]);
		expect(emulator.requests[1]).not.toHaveProperty('status');
	});

	it.each([
		['stall', 0],
		['stallAfterHandling', 1],
	] as const)('%s never responds, and notices when the client gives up', async (fault, billed) => {
		emulator.faults.add({ on: 'submit', do: fault });
		const { abort, ended } = abortable();
		await emulator.until(() => emulator.requests[0]?.fault === fault);
		await emulator.until(() => emulator.billing().billed === billed);
		expect(emulator.peak('submit')).toBe(1);
		abort();
		expect(await ended).toMatchObject({ name: 'AbortError' });
		await emulator.until(() => emulator.requests[0]?.aborted === true);
	});

	it('cuts a response in half', async () => {
		const id = await submitted(emulator);
		await emulator.whenEnded(id);
		const whole = (await result(emulator, id)).text;
		emulator.faults.add({ on: 'result', do: 'cutBody' });
		const response = await request(`${emulator.baseUrl}/api/v3/predictions/${id}/result`, {
			headers: { authorization: 'Bearer wsk_emulator_key' },
		});
		expect(Number(response.headers['content-length'])).toBe(whole.length);
		let got = '';
		const reading = (async () => {
			for await (const chunk of response.body) got += String(chunk);
		})();
		await expect(reading).rejects.toThrow();
		expect(got).toBe(whole.slice(0, Math.floor(whole.length / 2)));
	});

	it('applies as often, as late and where it is told to', async () => {
		const gone = { respond: { status: 503 } };
		emulator.faults.add({ on: 'balance', times: 2, skip: 1, do: gone });
		const balance = async () => (await apiRequest(emulator, 'GET', '/api/v3/balance')).status;
		const seen = [await balance(), await balance(), await balance(), await balance()];
		expect(seen).toEqual([200, 503, 503, 200]);

		const late = { on: '*', match: { body: 'right-one' }, do: gone } as const;
		emulator.faults.add(late);
		expect(emulator.faults.unused).toEqual([late]);
		emulator.faults.add({ on: 'submit', when: ({ query }) => query['a'] === '1', do: gone });
		expect((await submit(emulator)).status).toBe(200);
		expect((await submit(emulator, { ...MADE_UP_INPUTS, prompt: 'right-one' })).status).toBe(503);
		expect((await submit(emulator, MADE_UP_INPUTS, '?a=1')).status).toBe(503);

		const always = emulator.faults.add({ on: 'balance', times: 'always', do: gone });
		expect([await balance(), await balance()]).toEqual([503, 503]);
		always.remove();
		expect(await balance()).toBe(200);
	});

	it('on a PUT comes after the body was read', async () => {
		const data = await ticket(emulator, { filename: 'a.wav', size: 100_000 });
		emulator.faults.add({ on: 'put', do: 'reset' });
		emulator.faults.add({ on: 'put', do: { respond: { status: 403, body: '<Error/>' } } });
		await expect(put(data, Buffer.alloc(100_000))).rejects.toThrow();
		expect(emulator.requestsTo('put')[0]).toMatchObject({ upload: { bytes: 100_000 } });
		expect((await put(data, Buffer.alloc(100_000))).status).toBe(403);
		expect(emulator.uploads()).toEqual([]);
		expect((await put(data, Buffer.alloc(100_000))).status).toBe(200);
	});

	it('changes single fields of the true response', async () => {
		const patchData = { 'upload.method': 'POST', 'upload.headers': null, size: 7 };
		emulator.faults.add({ on: 'ticket', do: { patchData } });
		const data = await ticket(emulator, { filename: 'a.wav', size: 5 });
		expect(data).toMatchObject({ size: 7, filename: 'a.wav', upload: { method: 'POST' } });
		expect(data['upload']).not.toHaveProperty('headers');
	});
});
