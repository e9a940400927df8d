import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ManualClock } from '../clock';
import { startEmulator, type Emulator } from '../emulator';
import { MODEL } from '../pricing';
import { apiRequest, MADE_UP_INPUTS, submitted, uploadFixture, type Json } from '../api-client';

let emulator: Emulator;
let clock: ManualClock;

beforeEach(async () => {
	clock = new ManualClock(Date.UTC(2026, 0, 1));
	emulator = await startEmulator({ clock, readInputs: false, jobSeconds: 0, balance: 10 });
});
afterEach(async () => await emulator.close());

async function post(path: string, body: object): Promise<Json> {
	const response = await apiRequest(emulator, 'POST', `/api/v3/${path}`, body);
	if (response.status !== 200) throw new Error(`${response.status} ${response.text}`);
	return response.json['data'] as Json;
}

async function ended(body?: object): Promise<string> {
	const id = await submitted(emulator, body);
	await emulator.whenEnded(id);
	return id;
}

async function balance(): Promise<unknown> {
	return (await apiRequest(emulator, 'GET', '/api/v3/balance')).json['data'];
}

const ids = (page: Json) => (page['items'] as unknown as Json[]).map((item) => String(item['id']));

describe('the account', () => {
	it('is charged for accepted jobs and refunded for failed ones', async () => {
		await ended();
		expect(await balance()).toEqual({ balance: 9.925 });
		emulator.scriptJob({ end: { status: 'failed', code: 5000 } });
		const failed = await ended();
		expect(await balance()).toEqual({ balance: 9.925 });
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2, refunded: 1, paid: 1 });

		const page = { page: 1, page_size: 10 };
		const all = await post('billings/search', page);
		expect(all).toMatchObject({ page: 1, total: 3 });
		const records = await post('billings/search', { ...page, prediction_uuids: [failed] });
		expect(records['items']).toMatchObject([
			{ billing_type: 'refund', price: 0.075, prediction: { uuid: failed, status: 'failed' } },
			{ billing_type: 'deduct', price: 0.075, access_key_name: 'emulator' },
		]);
		const refunds = await post('billings/search', { ...page, billing_type: 'refund' });
		expect(refunds['total']).toBe(1);
		const later = await post('billings/search', { ...page, start_time: `${clock.now() + 1}` });
		expect(later['total']).toBe(0);
	});

	it('lists the models and quotes by the real length of the voices', async () => {
		const models = (await apiRequest(emulator, 'GET', '/api/v3/models')).json['data'];
		expect(models).toContainEqual(expect.objectContaining({ model_id: MODEL }));
		const left = await uploadFixture(emulator, 'left-voice.wav');
		const right = await uploadFixture(emulator, 'right-voice.wav');
		const quote = async (inputs: object) =>
			(await post('model/price', { model_id: MODEL, inputs }))['price'];
		const voices = { left_audio: left, right_audio: right };
		expect(await quote({})).toBe(0.075);
		expect(await quote(MADE_UP_INPUTS)).toBe(0.075);
		expect(await quote(voices)).toBe(0.075);
		// 3.2 s and 3.7 s in sequence are 7 s.
		expect(await quote({ ...voices, order: 'right_left' })).toBe(0.105);
		expect(await balance()).toEqual({ balance: 10 });
		const unknown = { model_id: 'some/model', inputs: {} };
		expect((await apiRequest(emulator, 'POST', '/api/v3/model/price', unknown)).status).toBe(404);
	});
});

describe('the history', () => {
	it('is paged, the newest first, and filtered', async () => {
		const first = await ended();
		clock.advance(60_000);
		emulator.scriptJob({ end: { status: 'failed', code: 1200 } });
		const second = await ended({ ...MADE_UP_INPUTS, seed: 5 });
		clock.advance(60_000);
		const third = await ended();
		const page = { page: 1, page_size: 2 };
		const history = async (body: object) => await post('predictions', { ...page, ...body });
		expect(ids(await history({}))).toEqual([third, second]);
		expect(ids(await history({ page: 2 }))).toEqual([first]);
		expect(await history({ page: 3 })).toEqual({ page: 3, items: [] });
		expect(ids(await history({ status: 'failed' }))).toEqual([second]);
		expect(ids(await history({ model: 'other/model' }))).toEqual([]);
		const middle = new Date(Date.UTC(2026, 0, 1, 0, 0, 30)).toISOString();
		expect(ids(await history({ model: MODEL, created_after: middle }))).toEqual([third, second]);
		expect(ids(await history({ created_before: middle }))).toEqual([first]);

		const plain = (await history({ status: 'failed' }))['items'] as unknown as Json[];
		expect(plain[0]).not.toHaveProperty('inputs');
		const full = await history({ status: 'failed', include_inputs: true });
		expect((full['items'] as unknown as Json[])[0]).toMatchObject({
			id: second,
			code: 1200,
			inputs: { ...MADE_UP_INPUTS, seed: 5 },
			executionTime: expect.any(Number),
		});
	});

	it.each([
		['page', { page_size: 10 }],
		['page', { page: 0, page_size: 10 }],
		['page_size', { page: 1, page_size: 101 }],
		['created_after', { page: 1, page_size: 1, created_after: 'yesterday' }],
	])('refuses a bad %s by name', async (field, body) => {
		const response = await apiRequest(emulator, 'POST', '/api/v3/predictions', body);
		expect(response.status).toBe(400);
		expect(response.json['message']).toContain(`"${field}"`);
	});
});
