/** The options Max Cost and Max Cost per Run, and the balance: what is not submitted. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { pricedItems, refused, retrying, TO_ERROR_OUTPUT } from './support/cases';
import type { Execution } from './support/execution';
import { closedGate, useEngine } from './support/testbed';

const { emulator, engine } = useEngine();

/** Submit, with an item for each length in seconds: $0.15 for ten. */
async function submit(seconds: readonly number[], options: INodeParameters, more = {}) {
	const prompt = '={{ $json.prompt }}';
	return await engine.run({
		items: pricedItems(...seconds),
		parameters: { operation: 'submit', prompt, options, ...more },
		node: TO_ERROR_OUTPUT,
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
	const asked = emulator.requests.map(({ route }) => route);
	return asked.filter((route, index) => route !== asked[index - 1]);
}

describe('Max Cost', () => {
	it('asks for the price after the upload and before the submission, and keeps it in the output', async () => {
		const execution = await submit([10], { maxCost: 0.15 });

		expect(costsOf(execution)).toEqual([0.15]);
		expect(Object.keys(execution.good[0]?.json ?? {})).toHaveLength(10);
		expect(routes().slice(-4)).toEqual(['put', 'price', 'balance', 'submit']);
		const [asked] = emulator.requestsTo('price');
		const { seed: _drawn, ...body } = emulator.predictions()[0]!.body;
		expect(asked?.body).toMatchObject({ inputs: body });
		expect(emulator.billing()).toMatchObject({ billed: 1, spent: 0.15 });
	});

	it('a dearer job fails with both figures, and nothing is submitted; cheaper ones go on', async () => {
		const execution = await submit([20, 6], { maxCost: '={{ 0.2 }}' });

		expect(errorsOf(execution)).toEqual([
			'Max Cost (USD): the job would cost $0.30, but the limit is $0.20 [item 1]',
		]);
		expect(execution.errors[0]).toMatchObject({
			step: 'price',
			estimated_cost: 0.3,
			max_cost: 0.2,
		});
		expect(costsOf(execution)).toEqual([0.09]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it('counts what is paid: less the discount, for the model and the order of the item', async () => {
		emulator.setOptions({ discountRate: 50 });
		const options = { maxCost: 0.6, model: 'infinitetalk720p' };

		const execution = await submit([10], options, { order: 'left_right', simplify: false });

		expect(costsOf(execution)).toEqual([0.6]);
		expect(emulator.billing()).toMatchObject({ spent: 0.6 });
	});

	it('a job that is used again costs nothing and passes, without asking', async () => {
		const options = { seed: undefined };
		await engine.run({ parameters: { options } });

		const limits = { ...options, maxCost: 0, maxCostPerRun: 0 };
		const execution = await engine.run({ parameters: { options: limits } });

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.requestsTo('price')).toEqual([]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
	});

	it.each([
		['', 'Max Cost (USD) is empty'],
		['={{ $json.none }}', 'Max Cost (USD) is empty'],
		['a dollar', 'Max Cost (USD): "a dollar" is not an amount of money'],
		[-1, 'Max Cost (USD): -1 is not an amount of money'],
	])('%j is refused before anything is sent', async (maxCost, message) => {
		const execution = await submit([10], { maxCost });

		expect(errorsOf(execution)).toEqual([`${message} [item 1]`]);
		expect(emulator.requests).toEqual([]);
	});
});

describe('Max Cost per Run', () => {
	it('sums in the order of the input, however long a price takes', async () => {
		const gate = closedGate();
		emulator.faults.add({ on: 'price', do: { delay: gate.opened } });

		const submitting = submit([10, 30, 20, 5], { maxCostPerRun: 0.5 });
		// The first price takes long.
		await emulator.until(() => emulator.requestsTo('price').length > 0);
		gate.open();
		const execution = await submitting;

		expect(costsOf(execution)).toEqual([0.15, 0.3]);
		expect(errorsOf(execution)).toEqual([
			'Max Cost per Run (USD): the job would cost $0.45 and bring the total from $0.15 to $0.60, but the limit is $0.50 [item 2]',
			'Max Cost per Run (USD): the job would cost $0.075 and bring the total from $0.45 to $0.525, but the limit is $0.50 [item 4]',
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 0.45 });
	});

	it('does not count what is not paid: equal rows, and submissions that are refused', async () => {
		emulator.faults.add({ on: 'submit', match: { body: 'job 1' }, do: refused(400, 'No') });
		const [first, second] = pricedItems(10, 10);
		const execution = await engine.run({
			items: [first!, second!, second!, second!],
			parameters: {
				operation: 'submit',
				prompt: '={{ $json.prompt }}',
				options: { seed: undefined, maxCostPerRun: 0.15 },
			},
			node: TO_ERROR_OUTPUT,
		});

		expect(errorsOf(execution)).toEqual(['No [item 1]']);
		expect(execution.good.map(({ json }) => json.reused)).toEqual([false, true, true]);
		expect(costsOf(execution)).toEqual([0.15, undefined, undefined]);
		expect(emulator.billing()).toMatchObject({ billed: 1 });
	});

	it('two executions with the same rows in opposite order do not block each other', async () => {
		const [first, second] = pricedItems(10, 20);
		const options = { seed: undefined, maxCostPerRun: 1 };
		const start = (...items: Array<typeof first>) =>
			engine.run({
				items: items.map((item) => item!),
				parameters: { operation: 'submit', options },
			});

		const executions = await Promise.all([start(first, second), start(second, first)]);

		for (const execution of executions) expect(execution.good).toHaveLength(2);
		expect(emulator.billing()).toMatchObject({ billed: 2 });
	});
});

describe('over the tries and rounds of an execution', () => {
	const run = (seconds: number[], options: INodeParameters, node = {}) => ({
		items: pricedItems(...seconds),
		parameters: { prompt: '={{ $json.prompt }}', options },
		node,
	});

	it('Max Parallel Jobs and stored waits: the sum goes on where it was', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
		const options = { waiting: 'automatic', itemsInFlight: 1, maxCostPerRun: 0.5 };
		let last = await engine.run(run([10, 20, 10], options, TO_ERROR_OUTPUT));
		for (let round = 0; last.run.waitTill && round < 9; round++) {
			await emulator.finishAll();
			last = await engine.wake(last);
		}

		expect(costsOf(last)).toEqual([0.15, 0.3]);
		expect(errorsOf(last)).toEqual([
			expect.stringContaining(
				'bring the total from $0.45 to $0.60, but the limit is $0.50 [item 3]',
			),
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 0.45 });
		expect(emulator.requestsTo('balance')).toHaveLength(3);
	});

	it('a retry counts what the tries before it have paid, and no refunded job', async () => {
		emulator.scriptJob({ match: 'job 1', end: { status: 'failed', error: 'Bad luck' } });
		const options = { maxCostPerRun: 0.3 };

		const execution = await engine.run(run([10, 10], options, retrying(2)));

		expect(costsOf(execution)).toEqual([0.15, 0.15]);
		expect(emulator.billing()).toMatchObject({ submitted: 3, refunded: 1, spent: 0.3 });
	});

	it('Retry execution goes on with the same sum', async () => {
		const failed = await engine.run(run([10, 20], { maxCostPerRun: 0.4 }));
		expect(failed.error.message).toContain('from $0.15 to $0.45');

		const again = await engine.retry(failed);
		expect(again.error.message).toContain('from $0.15 to $0.45');
		const raised = await engine.retry(again, run([10, 20], { maxCostPerRun: 0.45 }));

		expect(costsOf(raised)).toEqual([0.15, 0.3]);
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});

	it('each round of a loop has a sum of its own', async () => {
		const execution = await engine.run({
			...run([10], { maxCostPerRun: 0.15 }),
			loops: 2,
		});

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});
});

describe('a low balance', () => {
	beforeEach(() => emulator.setOptions({ balance: 0.2 }));

	it('is said before anything is submitted, also what other items leave of it', async () => {
		const execution = await submit([20, 10, 10], { maxCostPerRun: 9 });

		expect(costsOf(execution)).toEqual([0.15]);
		expect(errorsOf(execution)).toEqual([
			'The account has $0.20 left, but the job would cost $0.30 [item 1]',
			'The account has $0.05 left after the jobs of other items, but the job would cost $0.15 [item 3]',
		]);
		expect(execution.errors[0]).toMatchObject({
			next_step: expect.stringContaining('wavespeed.ai/top-up'),
		});
		expect(emulator.requestsTo('balance')).toHaveLength(1);
		expect(emulator.requestsTo('submit')).toHaveLength(1);
	});
});
