/** The operation Get Price: what a job would cost, and nothing submitted. */
import { expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { pricedItems, TO_ERROR_OUTPUT } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

async function getPrice(seconds: readonly number[] = [10], more: INodeParameters = {}) {
	return await engine.run({
		items: pricedItems(...seconds),
		parameters: { operation: 'getPrice', ...more },
		node: TO_ERROR_OUTPUT,
	});
}

it('asks for each item with its real voices; uploads each file once, and submits nothing', async () => {
	emulator.setOptions({ balance: 12 });

	const execution = await getPrice([5, 10, 20], { order: 'left_right' });

	const fast = { currency: 'USD', is_floor_price: false, resolution: null, balance: 12 };
	const model = 'wavespeed-ai/infinitetalk-fast/multi';
	expect(execution.good.map(({ json }) => json)).toEqual([
		{ ...fast, model, estimated_cost: 0.15, duration_s: 10 },
		{ ...fast, model, estimated_cost: 0.3, duration_s: 20 },
		{ ...fast, model, estimated_cost: 0.6, duration_s: 40 },
	]);
	expect(execution.good.map(({ pairedItem }) => pairedItem)).toEqual(
		[0, 1, 2].map((item) => ({ item })),
	);
	expect(emulator.requestsTo('put')).toHaveLength(6);
	expect(emulator.requestsTo('balance')).toHaveLength(1);
	expect(emulator.billing()).toMatchObject({ submitted: 0, billed: 0 });
	expect(execution.hints).toBe('');
});

it('is what will be paid: less the discount, for the model and the order of the item', async () => {
	emulator.setOptions({ discountRate: 50 });
	const options = { model: 'infinitetalk720p' };

	const { good } = await getPrice([10], { order: 'left_right', options });

	expect(good[0]?.json).toMatchObject({
		estimated_cost: 0.6,
		model: 'wavespeed-ai/infinitetalk/multi',
		resolution: '720p',
	});
});

it.each([
	[
		'a floor price',
		{ price: 0.075, discounted_price: 0.075 },
		{ estimated_cost: 0.075, is_floor_price: true, duration_s: 10 },
		/the lowest price of any job/,
	],
	['a low balance', {}, { balance: 0.1 }, /\$0\.10 left, which is less than the price/],
	// Nobody can say whether it is low.
	['another currency', { currency: 'EUR' }, { currency: 'EUR', balance: 0.1 }, /^$/],
])('says what there is to know about %s', async (_what, patchData, json, hint) => {
	emulator.setOptions({ balance: 0.1 });
	emulator.faults.add({ on: 'price', do: { patchData } });

	const execution = await getPrice();

	expect(execution.good[0]?.json).toMatchObject(json);
	expect(execution.hints).toMatch(hint);
});

it('a balance that may not be read is none; a price that may not is told', async () => {
	const { apiKey } = emulator.settings;
	emulator.setOptions({ keys: { [apiKey]: { denied: ['balance'] } } });
	expect((await getPrice()).good[0]?.json).toMatchObject({ balance: null });

	emulator.setOptions({ keys: { [apiKey]: { denied: ['price'] } } });
	expect((await getPrice()).errors).toMatchObject([
		{
			step: 'price',
			error_code: 'PERMISSION_DENIED',
			message: expect.stringContaining('no right to price'),
		},
	]);
});
