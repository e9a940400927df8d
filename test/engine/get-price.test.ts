/** The operation Get Price: what a job would cost, and nothing submitted. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { pricedItems } from './support/cases';
import { useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

async function getPrice(seconds: readonly number[], parameters: INodeParameters = {}) {
	return await engine.run({
		items: pricedItems(...seconds),
		parameters: { operation: 'getPrice', ...parameters },
		node: { onError: 'continueErrorOutput' },
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

it('asks for the model of the item', async () => {
	const execution = await getPrice([10], { options: { model: 'infinitetalk720p' } });

	expect(execution.good[0]?.json).toMatchObject({
		estimated_cost: 0.6,
		model: 'wavespeed-ai/infinitetalk/multi',
		resolution: '720p',
	});
});

describe('what to know about a price', () => {
	it('a floor price is said to be one', async () => {
		emulator.faults.add({
			on: 'price',
			do: { patchData: { price: 0.075, discounted_price: 0.075 } },
		});

		const execution = await getPrice([10]);

		expect(execution.good[0]?.json).toMatchObject({
			estimated_cost: 0.075,
			is_floor_price: true,
			duration_s: 10,
		});
		expect(execution.hints).toContain('the lowest price of any job');
	});

	it('so are a low balance, and another currency', async () => {
		emulator.setOptions({ balance: 0.1 });
		expect((await getPrice([10])).hints).toContain('$0.10 left, which is less than the price');

		emulator.faults.add({ on: 'price', do: { patchData: { currency: 'EUR' } } });
		const euros = await getPrice([10]);
		expect(euros.good[0]?.json).toMatchObject({ currency: 'EUR' });
		expect(euros.hints).toBe('');
	});

	it('a balance that may not be read is none; a price that may not is told', async () => {
		const { apiKey } = emulator.settings;
		emulator.setOptions({ keys: { [apiKey]: { denied: ['balance'] } } });
		expect((await getPrice([10])).good[0]?.json).toMatchObject({ balance: null });

		emulator.setOptions({ keys: { [apiKey]: { denied: ['price'] } } });
		expect((await getPrice([10])).errors).toMatchObject([
			{
				step: 'price',
				error_code: 'PERMISSION_DENIED',
				message: expect.stringContaining('no right to price'),
			},
		]);
	});
});
