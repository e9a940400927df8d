/** Prices, bills and deletion. */
import { describe, expect, it } from '@jest/globals';
import { chargesByJob } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import { MODEL, API, createBody, createClient, createRefusal, createSuccess } from '../support/api';
import { VirtualClock } from '../support/clock';
import { apiFailureOf } from '../support/failures';
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
			expect((await apiFailureOf(client.price(MODEL, {}))).kind).toBe('unreadable');
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

	it('are read for these jobs, page by page', async () => {
		const pages = [
			{ has_more: true, items: [item('a', 'deduct', 0.3), item('b', 'deduct', 0.6)] },
			{ has_more: false, items: [item('a', 'refund', 0.3), item('other', 'deduct', 9)] },
		];
		http.on('POST', BILLINGS_URL, ...pages.map((page) => createSuccess(page)));
		expect(await client.billings(['a', 'b'])).toEqual([
			{ predictionId: 'a', type: 'deduct', amount: 0.3 },
			{ predictionId: 'b', type: 'deduct', amount: 0.6 },
			{ predictionId: 'a', type: 'refund', amount: 0.3 },
		]);
		expect(http.requests.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
			[1, 2].map((page) => ({ page, page_size: 100, prediction_uuids: ['a', 'b'] })),
		);
	});

	it('of many jobs are asked for in parts', async () => {
		http.always('POST', BILLINGS_URL, createSuccess({ items: [] }));
		await client.billings(Array.from({ length: 101 }, (_none, index) => `job-${index}`));
		expect(http.requests).toHaveLength(3);
	});

	it('of no job ask nothing', async () => {
		expect(await client.billings([])).toEqual([]);
	});

	it('of a service that always has more come to an end', async () => {
		const page = { has_more: true, items: [item('a', 'deduct', 1)] };
		http.always('POST', BILLINGS_URL, createSuccess(page));
		await client.billings(['a']);
		expect(http.requests.length).toBeLessThan(20);
	});

	it('that cannot be read are left out', async () => {
		const items = [null, {}, item('a', 'deduct', '1'), item('a', 'gift', 1), { price: 1 }];
		http.on('POST', BILLINGS_URL, createSuccess({ items }));
		expect(await client.billings(['a'])).toEqual([]);
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
		expect((await apiFailureOf(client.deletePredictions(['a']))).kind).toBe('forbidden');
	});
});
