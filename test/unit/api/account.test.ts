/** Prices, bills and deletion. */
import { describe, expect, it } from '@jest/globals';
import { chargesByJob } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import { MODEL, API, createBody, createClient, createRefusal, createSuccess } from '../support/api';
import { VirtualClock } from '../support/clock';
import { apiErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const PRICE_URL = `${API}/model/price`;
const BILLINGS_URL = `${API}/billings/search`;

const http = fresh(() => new ScriptedHttp());
const client = fresh(() => createClient(http, new VirtualClock()));

describe('a price', () => {
	it('is asked for with model and inputs', async () => {
		http.on('POST', PRICE_URL, createSuccess({ model_id: MODEL, price: 0.15 }));
		await client.price(MODEL, createBody());
		const sent = JSON.parse(http.requests[0]!.text) as unknown;
		expect(sent).toEqual({ model_id: MODEL, inputs: createBody() });
	});

	it.each<[object, number, string]>([
		[{ price: 0.15 }, 0.15, 'USD'],
		[{ price: 0.15, discounted_price: 0.12, currency: 'usd ' }, 0.12, 'USD'],
		[{ price: 0.15, discounted_price: 0 }, 0.15, 'USD'],
		[{ price: 0.15, discounted_price: null }, 0.15, 'USD'],
		[{ price: 0, discounted_price: 0 }, 0, 'USD'],
		[{ price: 1, currency: 'EUR' }, 1, 'EUR'],
		[{ discounted_price: 0.12 }, 0.12, 'USD'],
		[{ price: 1, currency: ' ' }, 1, 'USD'],
		[{ price: 1, currency: 'x'.repeat(501) }, 1, `${'X'.repeat(499)}…`],
	])('is read from %j', async (data, price, currency) => {
		http.on('POST', PRICE_URL, createSuccess(data));
		expect(await client.price(MODEL, {})).toEqual({ price, currency });
	});

	it.each([null, {}, { price: '0.15' }, { price: -1 }, { price: 2e9 }, { unit_price: 1 }])(
		'is not to be had from %j',
		async (data) => {
			http.on('POST', PRICE_URL, createSuccess(data));
			expect((await apiErrorOf(client.price(MODEL, {}))).kind).toBe('unreadable');
		},
	);
});

describe('bills', () => {
	const item = (uuid: string, type: string, price: unknown) => ({
		uuid: `${uuid}-${type}`,
		billing_type: type,
		price,
		prediction: { uuid },
	});

	it('are read for these jobs, a page at a time', async () => {
		const items = [item('a', 'deduct', 0.3), item('b', 'refund', 0.6), item('other', 'deduct', 9)];
		http.on('POST', BILLINGS_URL, createSuccess({ has_more: true, items }));
		expect(await client.billings(['a', 'b'], 2)).toEqual({
			records: [
				{ predictionId: 'a', type: 'deduct', amount: 0.3 },
				{ predictionId: 'b', type: 'refund', amount: 0.6 },
			],
			more: true,
		});
		expect(JSON.parse(http.requests[0]!.text)).toEqual({
			page: 2,
			page_size: 100,
			prediction_uuids: ['a', 'b'],
		});
	});

	it('that cannot be read are left out', async () => {
		const items = [null, {}, item('a', 'deduct', '1'), item('a', 'gift', 1), { price: 1 }];
		http.on('POST', BILLINGS_URL, createSuccess({ items }));
		expect(await client.billings(['a'])).toEqual({ records: [], more: false });
	});

	it('make the charge of a job: deducts less refunds', () => {
		const charges = chargesByJob([
			{ predictionId: 'back', type: 'refund', amount: 0.1 },
			{ predictionId: 'back', type: 'deduct', amount: 0.1 },
			{ predictionId: 'part', type: 'deduct', amount: 0.3 },
			{ predictionId: 'part', type: 'refund', amount: 0.1 },
			{ predictionId: 'unknown', type: 'refund', amount: 1 },
		]);
		expect([...charges]).toEqual([
			['back', 0],
			['part', 0.2],
		]);
	});
});

describe('deleting', () => {
	it('sends the IDs and gives how many went', async () => {
		http.on('POST', `${API}/predictions/delete`, createSuccess({ deleted_count: 1 }));
		expect(await client.deletePredictions(['a', 'b'])).toBe(1);
		expect(JSON.parse(http.requests[0]!.text)).toEqual({ ids: ['a', 'b'] });
	});

	it('tells a refusal', async () => {
		http.on('POST', `${API}/predictions/delete`, createRefusal(403, 'No right'));
		expect((await apiErrorOf(client.deletePredictions(['a']))).kind).toBe('forbidden');
	});
});
