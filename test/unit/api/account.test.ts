/** Prices, bills, the balance and deletion. */
import { describe, expect, it } from '@jest/globals';
import { chargesByJob } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import {
	API,
	MODEL,
	createBody,
	createRefusal,
	createResponse,
	createSuccess,
	freshApi,
} from '../support/api';
import { apiErrorOf } from '../support/failures';

const { http, client } = freshApi();

const PRICE_URL = `${API}/model/price`;
const BILLINGS_URL = `${API}/billings/search`;
const DELETE_URL = `${API}/predictions/delete`;

describe('a price', () => {
	it.each<[object, number, string]>([
		[{ price: 0.15 }, 0.15, 'USD'],
		[{ price: 0.15, discounted_price: 0.12, currency: 'usd ' }, 0.12, 'USD'],
		[{ price: 0.15, discounted_price: 0 }, 0.15, 'USD'],
		[{ price: 0, discounted_price: 0 }, 0, 'USD'],
		[{ price: 1, discounted_price: null, currency: 'EUR' }, 1, 'EUR'],
		[{ discounted_price: 0.12 }, 0.12, 'USD'],
		[{ price: 1, currency: ' ' }, 1, 'USD'],
		[{ price: 1, currency: 'x'.repeat(501) }, 1, `${'X'.repeat(499)}…`],
	])('of a model and inputs is read from %j', async (data, price, currency) => {
		http.on('POST', PRICE_URL, createSuccess(data));
		expect(await client.price(MODEL, createBody())).toEqual({ price, currency });
		expect(http.json()).toEqual([{ model_id: MODEL, inputs: createBody() }]);
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
	const item = (uuid: string, billing_type: string, price: unknown) => ({
		...{ uuid: 'entry', billing_type, price, prediction: { uuid } },
	});
	const deduct = (predictionId: string, amount: number) =>
		({ predictionId, type: 'deduct', amount }) as const;
	const refund = (predictionId: string, amount: number) =>
		({ predictionId, type: 'refund', amount }) as const;

	it('are read for these jobs, a page at a time, without what cannot be read', async () => {
		const unreadable = [null, {}, { price: 1 }, item('a', 'deduct', '1'), item('a', 'gift', 1)];
		const readable = [item('a', 'deduct', 0.3), item('b', 'refund', 0.6), item('x', 'deduct', 9)];
		const items = [...unreadable, ...readable];
		http.on('POST', BILLINGS_URL, createSuccess({ has_more: true, items }));
		const records = [deduct('a', 0.3), refund('b', 0.6)];
		expect(await client.billings(['a', 'b'], 2)).toEqual({ records, more: true });
		expect(http.json()).toEqual([{ page: 2, page_size: 100, prediction_uuids: ['a', 'b'] }]);
	});

	it.each([
		[false, 'behind 99 entries', { items: Array(99).fill({}) }],
		[true, 'behind 100 entries', { items: Array(100).fill({}) }],
		[false, 'in a list that is none', { items: 'x' }],
		[false, 'in nothing', null],
	])('where the service does not say have more: %s %s', async (more, _where, data) => {
		http.on('POST', BILLINGS_URL, createSuccess(data));
		expect(await client.billings(['a'])).toEqual({ records: [], more });
	});

	it('make the charge of a job: deducts less refunds', () => {
		const back = [refund('back', 0.1), deduct('back', 0.1)];
		const part = [deduct('part', 0.3), refund('part', 0.1)];
		const charges = chargesByJob([...back, ...part, refund('unknown', 1)]);
		expect(Object.fromEntries(charges)).toEqual({ back: 0, part: 0.2 });
	});
});

it.each<[string, number | undefined]>([
	['{"balance":12.5,"currency":"USD"}', 12.5],
	['{"balance":0}', 0],
	['{"balance":"12"}', undefined],
	['{"balance":1e999}', undefined],
	['null', undefined],
])('the balance in %s is %j', async (data, dollars) => {
	http.on('GET', `${API}/balance`, createResponse(200, `{"code":200,"data":${data}}`));
	expect(await client.balance()).toBe(dollars);
});

it('deleting sends the IDs and gives how many went, or tells the refusal', async () => {
	const reply = createSuccess({ deleted_count: 1 });
	http.on('POST', DELETE_URL, reply, createRefusal(403, 'No right'));
	expect(await client.deletePredictions(['a', 'b'])).toBe(1);
	expect(http.json()).toEqual([{ ids: ['a', 'b'] }]);
	expect((await apiErrorOf(client.deletePredictions(['a']))).kind).toBe('forbidden');
});
