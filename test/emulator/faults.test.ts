import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startEmulator, type Emulator, type FaultAction } from './emulator';
import { call, data, MADE_UP_INPUTS, put, submit } from './api-client';

let emulator: Emulator;

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0, render: 'stub' });
});
afterEach(async () => await emulator.close());

const BODY = { error: 'no' };
const HTML = { status: 502, body: '<html>Bad Gateway</html>' };

it.each<[string, FaultAction, unknown, number]>([
	['an answer of its own', { respond: { status: 500, body: BODY } }, { json: BODY }, 0],
	['another answer', { respondAfterHandling: HTML }, { status: 502, text: HTML.body }, 1],
	['no answer', 'reset', { message: 'fetch failed' }, 0],
	['no answer although it took effect', 'resetAfterHandling', { message: 'fetch failed' }, 1],
	['half of the answer', 'cutBody', { message: 'terminated' }, 1],
	['another field', { patchData: { status: 7, urls: null } }, { json: { data: { status: 7 } } }, 1],
	['another form', { rewrite: ['{id}'] }, { text: expect.stringMatching(/^\["\w{32}"\]$/) }, 1],
])('a fault gives %s, once', async (_what, fault, seen, billed) => {
	emulator.faults.add({ on: 'submit', do: fault });
	const response = await submit(emulator).catch((error: Error) => error);
	expect(response).toMatchObject(seen as object);
	expect(response).not.toHaveProperty('json.data.urls');
	expect(emulator.billing()).toMatchObject({ submitted: 1, billed });
	expect(emulator.requests[0]).toMatchObject({ fault: expect.any(String), body: MADE_UP_INPUTS });
	expect((await submit(emulator)).status).toBe(200);
});

it.each([
	['stall', 0],
	['stallAfterHandling', 1],
] as const)('%s never responds, and notices when the client gives up', async (fault, billed) => {
	emulator.faults.add({ on: 'submit', do: fault });
	const client = new AbortController();
	const { signal } = client;
	const calling = call(emulator, 'wavespeed-ai/infinitetalk-fast/multi', MADE_UP_INPUTS, {
		signal,
	});
	await emulator.until(() => emulator.requests[0]?.isSilent === true);
	expect(emulator.billing().billed).toBe(billed);
	expect(emulator.peak('submit')).toBe(1);
	client.abort();
	await expect(calling).rejects.toThrow('aborted');
	await emulator.until(() => emulator.requests[0]?.aborted === true);
});

it('a fault applies as often, as late and where it is told to', async () => {
	const gone = { respond: { status: 503 } };
	emulator.faults.add({ on: 'balance', times: 2, skip: 1, do: gone });
	const balance = async () => (await call(emulator, 'balance')).status;
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

it('a fault of an upload comes after its bytes were read', async () => {
	const ticket = await data(emulator, 'media/uploads', { filename: 'a.wav', size: 100_000 });
	emulator.faults.add({ on: 'put', do: { respond: { status: 403, body: '<Error/>' } } });
	expect((await put(ticket, new Uint8Array(100_000))).status).toBe(403);
	expect(emulator.requestsTo('put')[0]).toMatchObject({ upload: { bytes: 100_000 } });
	expect(emulator.uploads()).toEqual([]);
});
