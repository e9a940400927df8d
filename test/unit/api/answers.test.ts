/** How prices, bills, the balance, and upload tickets are asked for and read. */
import { describe, expect, it } from '@jest/globals';
import { chargesByJob } from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import {
	API,
	MODEL,
	TICKET_URL,
	createBody,
	createResponse,
	createSuccess,
	freshApi,
} from '../support/api';
import { apiErrorOf } from '../support/failures';

const { http, client } = freshApi();

const PRICE_URL = `${API}/model/price`;
const BILLINGS_URL = `${API}/billings/search`;

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
	const record = (predictionId: string, type: 'deduct' | 'refund', amount: number) => ({
		...{ predictionId, type, amount },
	});

	it('are read for these jobs, a page at a time, without what cannot be read', async () => {
		const unreadable = [null, {}, { price: 1 }, item('a', 'deduct', '1'), item('a', 'gift', 1)];
		const readable = [item('a', 'deduct', 0.3), item('b', 'refund', 0.6), item('x', 'deduct', 9)];
		const items = [...unreadable, ...readable];
		http.on('POST', BILLINGS_URL, createSuccess({ has_more: true, items }));
		const records = [record('a', 'deduct', 0.3), record('b', 'refund', 0.6)];
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
		const charges = chargesByJob([
			record('back', 'refund', 0.1),
			record('back', 'deduct', 0.1),
			record('part', 'deduct', 0.3),
			record('part', 'refund', 0.1),
			record('unknown', 'refund', 1),
		]);
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

describe('an upload ticket', () => {
	const upload = {
		method: 'PUT',
		url: 'https://storage.example/put?sig=1',
		headers: { 'Content-Type': 'audio/wav', 'If-None-Match': '*' },
	};
	const ticket = { type: 'audio', download_url: 'https://files.example/left.wav', upload };
	const withUpload = (more: object) => ({ ...ticket, upload: { ...upload, ...more } });
	const read = { putUrl: upload.url, headers: upload.headers, downloadUrl: ticket.download_url };
	const ask = async (data: unknown, type?: string) => {
		http.on('POST', TICKET_URL, createSuccess(data));
		const file = { name: 'left.wav', size: 3 };
		return await client.uploadTicket(type === undefined ? file : { ...file, type });
	};

	it('is asked for with name and size, and with the type where it is known', async () => {
		expect(await ask(ticket, 'audio/wav')).toEqual(read);
		await ask(ticket, '');
		const file = { filename: 'left.wav', size: 3 };
		expect(http.json()).toEqual([{ ...file, content_type: 'audio/wav' }, file]);
	});

	const odd = { a: 'x', b: 1, c: true, d: null, e: { toString: 1 }, f: ['x'] };

	it.each<[string, unknown, object]>([
		['name PUT in small letters', withUpload({ method: 'put' }), {}],
		['name no method', withUpload({ method: undefined }), {}],
		['have no headers', withUpload({ headers: undefined }), { headers: {} }],
		[
			'have headers that are no text',
			withUpload({ headers: odd }),
			{ headers: { a: 'x', b: '1', c: 'true' } },
		],
		['call the address "url"', { upload, url: read.downloadUrl }, {}],
	])('may %s', async (_what, data, differs) => {
		expect(await ask(data)).toEqual({ ...read, ...differs });
	});

	it.each([
		['without upload', { ...ticket, upload: undefined }, /no upload URL/],
		['without an address', withUpload({ url: undefined }), /no upload URL/],
		['without a download address', { upload, download_url: '', url: 7 }, /no upload URL/],
		['that is null', null, /no upload URL/],
		['for POST', withUpload({ method: 'POST' }), /asked for an upload by POST, which .* not/],
		['for DELETE', withUpload({ method: 'DELETE' }), /asked for an upload by DELETE, which/],
	])('%s is refused', async (_what, data, words) => {
		const failure = await apiErrorOf(ask(data));
		expect(failure.message).toMatch(words);
		expect(failure.details.notProcessed).toBe(false);
	});
});
