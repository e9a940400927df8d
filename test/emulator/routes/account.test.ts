import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
	apiRequest,
	ended,
	items,
	MADE_UP_INPUTS,
	postData,
	result,
	submit,
	useStoppedTime,
} from '../api-client';
import { startEmulator, type Emulator } from '../emulator';

let emulator: Emulator;
const clock = useStoppedTime();

beforeEach(async () => {
	emulator = await startEmulator({ readInputs: false, jobSeconds: 0, balance: 10 });
});
afterEach(async () => await emulator.close());

const SEARCH = 'billings/search';

async function balance(key = emulator.settings.apiKey): Promise<unknown> {
	const headers = { authorization: `Bearer ${key}` };
	const response = await apiRequest(emulator, 'GET', '/api/v3/balance', undefined, headers);
	return response.json['data']?.['balance'];
}

describe('the account', () => {
	it('is charged for accepted jobs and refunded for failed ones', async () => {
		await ended(emulator);
		expect(await balance()).toBe(9.925);
		emulator.scriptJob({ end: { status: 'failed', code: 5000 } });
		await ended(emulator);
		expect(await balance()).toBe(9.925);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2, refunded: 1, paid: 1 });
	});

	it.each([
		['cancelled', 0.0375],
		['canceled', 0.0375],
		['timeout', 0],
		['deleted', 0.075],
		['completed', 0.075],
	])('gets back a part, all or nothing: %s', async (status, spent) => {
		emulator.scriptJob({ end: { status } });
		await ended(emulator);
		expect(emulator.billing()).toMatchObject({ billed: 1, paid: spent === 0 ? 0 : 1, spent });
	});
});

describe('the billing search', () => {
	it('finds deducts and refunds by job, type and time', async () => {
		await ended(emulator);
		clock.advance(60_000);
		emulator.scriptJob({ end: { status: 'cancelled' } });
		const cancelled = await ended(emulator);
		expect(await items(emulator, SEARCH)).toHaveLength(3);
		expect(await items(emulator, SEARCH, { prediction_uuids: [cancelled] })).toMatchObject([
			{ billing_type: 'refund', price: 0.0375, prediction: { uuid: cancelled } },
			{
				billing_type: 'deduct',
				price: 0.075,
				access_key_name: 'emulator',
				prediction: { status: 'cancelled', model_uuid: 'wavespeed-ai/infinitetalk-fast/multi' },
			},
		]);
		expect(await items(emulator, SEARCH, { billing_type: 'refund' })).toHaveLength(1);
		expect(await items(emulator, SEARCH, { start_time: '2026-01-01T00:00:30Z' })).toHaveLength(2);
		expect(await items(emulator, SEARCH, { end_time: '2026-01-01T00:00:30Z' })).toHaveLength(1);
	});

	it('has pages without a total', async () => {
		for (let job = 0; job < 3; job += 1) await ended(emulator);
		const first = await postData(emulator, SEARCH, { page: 1, page_size: 2 });
		expect(first).toMatchObject({ page: 1, has_more: true });
		expect(first).not.toHaveProperty('total');
		const second = await postData(emulator, SEARCH, { page: 2, page_size: 2 });
		expect(second).toMatchObject({ page: 2, has_more: false });
		expect(second['items']).toHaveLength(1);
	});
});

describe('an API key', () => {
	const PAGE = { page: 1, page_size: 10 };

	it.each([
		['balance', 'GET', 'balance', undefined],
		['price', 'POST', 'model/price', { model_id: 'wavespeed-ai/infinitetalk-fast/multi' }],
		['billings', 'POST', SEARCH, PAGE],
		['history', 'POST', 'predictions', PAGE],
	] as const)('may lack the right to %s', async (right, method, path, body) => {
		emulator.setOptions({ keys: { [emulator.settings.apiKey]: { denied: [right] } } });
		const response = await apiRequest(emulator, method, `/api/v3/${path}`, body);
		expect(response.status).toBe(403);
		const message = `Permission denied: this API key has no right to ${right}`;
		expect(response.json).toEqual({ code: 403, message, error_code: 'PERMISSION_DENIED' });
		expect((await submit(emulator)).status).toBe(200);
	});

	it('of another account has its own jobs, bills and balance', async () => {
		emulator.setOptions({ keys: { wsk_other: { account: 'other' } } });
		const id = await ended(emulator);
		expect([await balance(), await balance('wsk_other')]).toEqual([9.925, 10]);

		const other = {
			baseUrl: emulator.baseUrl,
			settings: { apiKey: 'wsk_other' },
			whenEnded: async (job: string) => await emulator.whenEnded(job),
		} as unknown as Emulator;
		expect((await result(other, id)).status).toBe(404);
		expect(await items(other, 'predictions')).toEqual([]);
		expect(await items(other, SEARCH)).toEqual([]);
		expect(await postData(other, 'predictions/delete', { ids: [id] })).toEqual({
			deleted_count: 0,
		});
		await ended(other, { ...MADE_UP_INPUTS, seed: 1 });
		expect([await balance(), await balance('wsk_other')]).toEqual([9.925, 9.925]);
		expect(emulator.predictions().map(({ account }) => account)).toEqual(['main', 'other']);
	});
});
