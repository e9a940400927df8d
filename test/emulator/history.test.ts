import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
	apiRequest,
	ended,
	items,
	MADE_UP_INPUTS,
	postData,
	result,
	useStoppedTime,
} from './api-client';
import { startEmulator, type Emulator } from './emulator';
import { MODEL, MODEL_STANDARD } from './models';

let emulator: Emulator;
const clock = useStoppedTime();

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0 });
});
afterEach(async () => await emulator.close());

async function history(body: object = {}) {
	return await items(emulator, 'predictions', body);
}

async function ids(body: object = {}): Promise<string[]> {
	return (await history(body)).map((item) => String(item['id']));
}

describe('the history', () => {
	it('is paged, newest first, and filtered', async () => {
		const first = await ended(emulator);
		clock.advance(60_000);
		emulator.scriptJob({ end: { status: 'failed', code: 1200 } });
		const second = await ended(emulator, { ...MADE_UP_INPUTS, seed: 5 });
		clock.advance(60_000);
		const third = await ended(emulator);
		expect(await ids({ page_size: 2 })).toEqual([third, second]);
		expect(await ids({ page: 2, page_size: 2 })).toEqual([first]);
		const end = await postData(emulator, 'predictions', { page: 3, page_size: 2 });
		expect(end).toEqual({ page: 3, items: [] });
		expect(await ids({ status: 'failed' })).toEqual([second]);
		expect(await ids({ model: 'other/model' })).toEqual([]);
		const middle = '2026-01-01T00:00:30+00:00';
		expect(await ids({ model: MODEL, created_after: middle })).toEqual([third, second]);
		expect(await ids({ created_before: middle })).toEqual([first]);

		const [plain] = await history({ status: 'failed' });
		expect(plain).not.toHaveProperty('inputs');
		const [full] = await history({ status: 'failed', include_inputs: true });
		expect(full).toMatchObject({
			id: second,
			code: 1200,
			inputs: { ...MADE_UP_INPUTS, seed: 5 },
			executionTime: expect.any(Number),
		});
	});

	it('shows inputs as input, inputs or not at all', async () => {
		await ended(emulator);
		const [both] = await history({ include_inputs: true });
		expect(both).toMatchObject({ inputs: MADE_UP_INPUTS });
		emulator.setOptions({ historyInputs: 'input' });
		const [one] = await history({ include_inputs: true });
		expect(one).toMatchObject({ input: MADE_UP_INPUTS });
		expect(one).not.toHaveProperty('inputs');
		emulator.setOptions({ historyInputs: 'none' });
		const [none] = await history({ include_inputs: true });
		expect(none).not.toHaveProperty('input');
		expect(none).not.toHaveProperty('inputs');
	});

	it('may show the seed that the server drew', async () => {
		await ended(emulator, { ...MADE_UP_INPUTS, seed: -1 });
		await ended(emulator);
		await ended(emulator, { ...MADE_UP_INPUTS, seed: 77 });
		const seeds = async () =>
			(await history({ include_inputs: true })).map((item) => item['inputs']?.['seed']);
		expect(await seeds()).toEqual([77, undefined, -1]);
		emulator.setOptions({ showDrawnSeed: true });
		const [given, ...drawn] = (await seeds()).map(Number);
		expect(given).toBe(77);
		for (const seed of drawn) expect(seed).toBeGreaterThanOrEqual(0);
		expect(drawn[0]).not.toBe(drawn[1]);
	});

	it('shows a job only after a while', async () => {
		emulator.setOptions({ historyLagSeconds: 20 });
		const id = await ended(emulator);
		clock.advance(19_999);
		expect(await ids()).toEqual([]);
		clock.advance(1);
		expect(await ids()).toEqual([id]);
		expect((await result(emulator, id)).status).toBe(200);
	});

	it('shifts its pages when other jobs are created between two reads', async () => {
		const mine = [await ended(emulator), await ended(emulator), await ended(emulator)];
		emulator.setOptions({ historyGrowth: 1 });
		expect(await ids({ page: 1, page_size: 2 })).toEqual([mine[2], mine[1]]);
		// One new job: the last one of page 1 is the first one of page 2 now.
		expect(await ids({ page: 2, page_size: 2 })).toEqual([mine[1], mine[0]]);
		const others = emulator.predictions().filter(({ seeded }) => seeded);
		expect(others).toHaveLength(2);
		expect(emulator.billing().billed).toBe(3);
	});
});

describe('the server clock', () => {
	it.each([600, -600])('may be %d s off, in all that the server reports', async (offset) => {
		emulator.setOptions({ clockOffsetSeconds: offset });
		const serverTime = clock.now() + offset * 1000;
		const id = await ended(emulator);
		const { headers, json } = await result(emulator, id);
		expect(Date.parse(String(headers['date']))).toBe(serverTime);
		expect(Date.parse(String(json['data']!['created_at']))).toBe(serverTime);
		const at = (ms: number) => new Date(serverTime + ms).toISOString();
		expect(await ids({ created_after: at(-1) })).toEqual([id]);
		expect(await ids({ created_after: at(1) })).toEqual([]);
		expect(emulator.requests[0]!.time).toBe(clock.now());
		emulator.faults.add({ on: 'history', do: { respond: { status: 500 } } });
		const failed = await apiRequest(emulator, 'POST', '/api/v3/predictions', {});
		expect(Date.parse(String(failed.headers['date']))).toBe(serverTime);
	});
});

describe('a job added by a test', () => {
	it('is in the history as any other, at its age', async () => {
		const id = await emulator.addJob({
			model: MODEL_STANDARD,
			inputs: { prompt: 'Hello', seed: 4 },
			ageSeconds: 3600,
			price: 0.3,
		});
		const mine = await ended(emulator);
		expect(await ids()).toEqual([mine, id]);
		expect(await ids({ model: MODEL_STANDARD })).toEqual([id]);
		const [item] = await history({ model: MODEL_STANDARD, include_inputs: true });
		expect(item).toMatchObject({
			status: 'completed',
			created_at: expect.stringMatching(/^2025-12-31T23:00:00/),
			inputs: { prompt: 'Hello', seed: 4 },
		});
		expect((await apiRequest(emulator, 'GET', String(item!['outputs']![0]))).status).toBe(200);
		expect(await items(emulator, 'billings/search', { prediction_uuids: [id] })).toMatchObject([
			{ billing_type: 'deduct', price: 0.3, prediction: { model_uuid: MODEL_STANDARD } },
		]);
	});

	it('may have failed, be gone by its age, or be running', async () => {
		await emulator.addJob({ ageSeconds: 7 * 24 * 3600 });
		const failed = await emulator.addJob({ status: 'failed', code: 1200, error: 'No' });
		const running = await emulator.addJob({ status: 'processing' });
		expect(await history()).toMatchObject([
			{ id: running, status: 'processing' },
			{ id: failed, status: 'failed', code: 1200, error: 'No', outputs: [] },
		]);
		await emulator.finishJob(running);
		expect((await result(emulator, running)).json['data']).toMatchObject({ status: 'completed' });
	});
});
