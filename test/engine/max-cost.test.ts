/** The options Max Cost and Max Cost per Run, and the balance: what is not submitted. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import type { FaultRule } from '../emulator/emulator';
import type { Execution } from './support/execution';
import { mediaFixtures } from './support/files';
import { pricedItems } from './support/priced';
import { useEngine } from './support/testbed';
import { fromUrl } from './support/workflow';

const testbed = useEngine();

/** Submit, with an item for each length in seconds: $0.15 for ten. */
async function submit(seconds: readonly number[], options: INodeParameters, more = {}) {
	const prompt = '={{ $json.prompt }}';
	return await testbed.engine.run({
		items: pricedItems(...seconds),
		parameters: { operation: 'submit', prompt, options, ...more },
		node: { onError: 'continueErrorOutput' },
	});
}

function costsOf(execution: Execution): unknown[] {
	return execution.good.map(({ json }) => json.estimated_cost);
}

function errorsOf(execution: Execution): unknown[] {
	return execution.errors.map(({ message }) => message);
}

/** Routes asked, in order, each once. */
function routes(): string[] {
	const asked = testbed.emulator.requests.map(({ route }) => route);
	return asked.filter((route, index) => route !== asked[index - 1]);
}

describe('Max Cost', () => {
	it('asks for the price after the upload and before the submission, and keeps it in the output', async () => {
		const execution = await submit([10], { maxCost: 0.15 });

		expect(costsOf(execution)).toEqual([0.15]);
		expect(Object.keys(execution.good[0]?.json ?? {})).toHaveLength(10);
		expect(routes().slice(-4)).toEqual(['put', 'price', 'balance', 'submit']);
		const [asked] = testbed.emulator.requestsTo('price');
		const { seed: _drawn, ...body } = testbed.emulator.predictions()[0]!.body;
		expect(asked?.body).toMatchObject({ inputs: body });
		expect(testbed.emulator.billing()).toMatchObject({ billed: 1, spent: 0.15 });
	});

	it('a dearer job fails with both figures, and nothing is submitted; cheaper ones go on', async () => {
		const execution = await submit([20, 5], { maxCost: '={{ 0.2 }}' });

		expect(errorsOf(execution)).toEqual([
			'Max Cost: the job would cost $0.30, and the limit is $0.20 [item 1]',
		]);
		expect(execution.errors[0]).toMatchObject({
			step: 'price',
			estimated_cost: 0.3,
			max_cost: 0.2,
		});
		expect(costsOf(execution)).toEqual([0.075]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it('counts what is paid: less the discount, for the model and the order of the item', async () => {
		testbed.emulator.setOptions({ discountRate: 50 });
		const options = { maxCost: 0.6, model: 'infinitetalk720p' };

		const execution = await submit([10], options, { order: 'left_right', simplify: false });

		expect(costsOf(execution)).toEqual([0.6]);
		expect(testbed.emulator.billing()).toMatchObject({ spent: 0.6 });
	});

	it.each<[string, FaultRule['do'] | object, string]>([
		['a service that is down', { respond: { status: 503 } }, 'cannot be had'],
		['no price', { rewrite: { code: 200, message: 'ok', data: {} } }, 'without a readable price'],
		['euros', { patchData: { currency: 'EUR' } }, 'gives the price in EUR'],
		[
			'a floor price',
			{ patchData: { price: 0.075, discounted_price: 0.075 } },
			'its floor price ($0.075)',
		],
	])('without a price nothing is submitted: %s', async (_what, fault, sentence) => {
		testbed.emulator.faults.add({ on: 'price', times: 'always', do: fault as FaultRule['do'] });

		const execution = await submit([10], { maxCost: 9 });

		expect(errorsOf(execution)).toEqual([expect.stringMatching(/^Max Cost: /)]);
		expect(String(errorsOf(execution)[0])).toContain(sentence);
		expect(testbed.emulator.requestsTo('submit')).toEqual([]);
	});

	it('a key that may not ask is told so: no wrong key, and no lack of money', async () => {
		const { apiKey } = testbed.emulator.settings;
		testbed.emulator.setOptions({ keys: { [apiKey]: { denied: ['price'] } } });

		const [failed] = (await submit([10], { maxCostPerRun: 9 })).errors;

		expect(failed?.message).toBe(
			'Max Cost per Run: the price of the job cannot be had: Permission denied: this API key has no right to price [item 1]',
		);
		expect(failed).toMatchObject({
			error_code: 'PERMISSION_DENIED',
			next_step: expect.stringContaining('lacks the right'),
		});
		expect(testbed.emulator.requestsTo('submit')).toEqual([]);
	});

	it('links that the service cannot measure have a floor price only', async () => {
		testbed.emulator.setOptions({ readInputs: false });
		const media = {
			image: fromUrl('https://example.com/pair.png'),
			leftAudio: fromUrl('https://example.com/left.mp3'),
			rightAudio: fromUrl('https://example.com/right.mp3'),
		};

		const execution = await submit([10], { maxCost: 9 }, media);

		expect(errorsOf(execution)[0]).toContain('only its floor price');
	});

	it('a job that is used again costs nothing and passes, without asking', async () => {
		const options = { seed: undefined };
		const items = [{ files: mediaFixtures }];
		await testbed.engine.run({ items, parameters: { options } });

		const limits = { ...options, maxCost: 0, maxCostPerRun: 0 };
		const execution = await testbed.engine.run({ items, parameters: { options: limits } });

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(testbed.emulator.requestsTo('price')).toEqual([]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it.each([
		['', 'Max Cost is empty'],
		['={{ $json.none }}', 'Max Cost is empty'],
		['a dollar', 'Max Cost: "a dollar" is not an amount of money'],
		[-1, 'Max Cost: -1 is not an amount of money'],
	])('%j is refused before anything is sent', async (maxCost, message) => {
		const execution = await submit([10], { maxCost });

		expect(errorsOf(execution)).toEqual([`${message} [item 1]`]);
		expect(testbed.emulator.requests).toEqual([]);
	});
});

describe('Max Cost per Run', () => {
	it('sums in the order of the input, however long a price takes', async () => {
		testbed.emulator.faults.add({ on: 'price', do: { delay: 200 } });

		const execution = await submit([10, 30, 20, 5], { maxCostPerRun: 0.5 });

		expect(costsOf(execution)).toEqual([0.15, 0.3]);
		expect(errorsOf(execution)).toEqual([
			'Max Cost per Run: the job would cost $0.45, and bring the sum from $0.15 to $0.60; the limit is $0.50 [item 2]',
			'Max Cost per Run: the job would cost $0.075, and bring the sum from $0.45 to $0.525; the limit is $0.50 [item 4]',
		]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2, spent: 0.45 });
	});

	it('does not count what is not paid: equal rows, and submissions that are refused', async () => {
		const refused = { respond: { status: 400, body: { code: 400, message: 'No' } } };
		testbed.emulator.faults.add({ on: 'submit', match: { body: 'job 1' }, do: refused });
		const [first, second] = pricedItems(10, 10);
		const execution = await testbed.engine.run({
			items: [first!, second!, second!, second!],
			parameters: {
				operation: 'submit',
				prompt: '={{ $json.prompt }}',
				options: { seed: undefined, maxCostPerRun: 0.15 },
			},
			node: { onError: 'continueErrorOutput' },
		});

		expect(errorsOf(execution)).toEqual(['No [item 1]']);
		expect(execution.good.map(({ json }) => json.reused)).toEqual([false, true, true]);
		expect(costsOf(execution)).toEqual([0.15, undefined, undefined]);
		expect(testbed.emulator.billing()).toMatchObject({ billed: 1 });
	});

	it('two executions with the same rows in opposite order do not block each other', async () => {
		const [first, second] = pricedItems(10, 20);
		const options = { seed: undefined, maxCostPerRun: 1 };
		const start = (...items: Array<typeof first>) =>
			testbed.engine.run({
				items: items.map((item) => item!),
				parameters: { operation: 'submit', options },
			});

		const executions = await Promise.all([start(first, second), start(second, first)]);

		for (const execution of executions) expect(execution.good).toHaveLength(2);
		expect(testbed.emulator.billing()).toMatchObject({ billed: 2 });
	});

	it('counts a job whose response was lost, found or not', async () => {
		testbed.emulator.setOptions({ historyInputs: 'none' });
		const fault = { on: 'submit' as const, do: 'resetAfterHandling' as const };
		testbed.emulator.faults.add(fault);

		const execution = await submit([10, 10], { maxCostPerRun: 0.2 });

		expect(errorsOf(execution)[0]).toContain('a job may exist');
		expect(errorsOf(execution)[1]).toContain('from $0.15 to $0.30');
		expect(testbed.emulator.billing()).toMatchObject({ billed: 1 });
	});
});

describe('over the tries and turns of an execution', () => {
	const run = (seconds: number[], options: INodeParameters, node = {}) => ({
		items: pricedItems(...seconds),
		parameters: { prompt: '={{ $json.prompt }}', options },
		node,
	});

	it('Max Parallel Jobs and stored waits: the sum goes on where it was', async () => {
		testbed.emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
		const options = { waiting: 'automatic', itemsInFlight: 1, maxCostPerRun: 0.5 };
		const node = { onError: 'continueErrorOutput' };
		let last = await testbed.engine.run(run([10, 20, 10], options, node));
		for (let turn = 0; last.run.waitTill && turn < 9; turn++) {
			await testbed.emulator.finishAll();
			last = await testbed.engine.wake(last);
		}

		expect(costsOf(last)).toEqual([0.15, 0.3]);
		expect(errorsOf(last)).toEqual([
			expect.stringContaining('bring the sum from $0.45 to $0.60; the limit is $0.50 [item 3]'),
		]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2, spent: 0.45 });
		expect(testbed.emulator.requestsTo('balance')).toHaveLength(3);
	});

	it('a retry counts what the tries before it have paid, and no refunded job', async () => {
		testbed.emulator.scriptJob({ match: 'job 1', end: { status: 'failed', error: 'Bad luck' } });
		const retries = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const options = { maxCostPerRun: 0.3 };

		const execution = await testbed.engine.run(run([10, 10], options, retries));

		expect(costsOf(execution)).toEqual([0.15, 0.15]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 3, refunded: 1, spent: 0.3 });
	});

	it('Retry execution goes on with the same sum', async () => {
		const failed = await testbed.engine.run(run([10, 20], { maxCostPerRun: 0.4 }));
		expect(failed.error.message).toContain('from $0.15 to $0.45');

		const again = await testbed.engine.retry(failed);
		expect(again.error.message).toContain('from $0.15 to $0.45');
		const raised = await testbed.engine.retry(again, run([10, 20], { maxCostPerRun: 0.45 }));

		expect(costsOf(raised)).toEqual([0.15, 0.3]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
	});

	it('each round of a loop has a sum of its own', async () => {
		const execution = await testbed.engine.run({
			...run([10], { maxCostPerRun: 0.15 }),
			rounds: 2,
		});

		expect(execution.failure).toBeUndefined();
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
	});
});

describe('a low balance', () => {
	beforeEach(() => testbed.emulator.setOptions({ balance: 0.2 }));

	it('is said before anything is submitted, also what other items leave of it', async () => {
		const execution = await submit([20, 10, 10], { maxCostPerRun: 9 });

		expect(costsOf(execution)).toEqual([0.15]);
		expect(errorsOf(execution)).toEqual([
			'The account has $0.20 left, and the job would cost $0.30 [item 1]',
			'The account has $0.05 left after the jobs of other items, and the job would cost $0.15 [item 3]',
		]);
		expect(execution.errors[0]).toMatchObject({
			next_step: expect.stringContaining('wavespeed.ai/top-up'),
		});
		expect(testbed.emulator.requestsTo('balance')).toHaveLength(1);
		expect(testbed.emulator.requestsTo('submit')).toHaveLength(1);
	});

	it.each([
		[
			'may not be read',
			{ respond: { status: 403, body: { code: 403, message: 'No', error_code: 'X' } } },
		],
		['is not readable', { rewrite: { code: 200, message: 'ok', data: {} } }],
	])('that %s keeps nothing from being submitted', async (_what, fault) => {
		testbed.emulator.faults.add({ on: 'balance', times: 'always', do: fault });

		expect(costsOf(await submit([10], { maxCost: 9 }))).toEqual([0.15]);
	});

	it('is not asked for where no price is', async () => {
		await submit([10], {});

		expect(testbed.emulator.requestsTo('balance', 'price')).toEqual([]);
	});
});
