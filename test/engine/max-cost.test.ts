/** The options Max Cost and Max Cost per Run, and the balance: what is not submitted. */
import { describe, expect, it } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { pricedItems, refused, retrying, TO_ERROR_OUTPUT } from './support/cases';
import type { RunOptions } from './support/engine';
import type { Execution } from './support/execution';
import { useStoredWait } from './support/stored';
import { closedGate } from './support/testbed';

const { emulator, engine, scriptJobs, untilEnd } = useStoredWait();

/** Submit and Wait, with an item for each length in seconds: $0.15 for ten. */
function planned(seconds: readonly number[], options: INodeParameters, node = {}): RunOptions {
	const parameters = { prompt: '={{ $json.prompt }}', options };
	return { items: pricedItems(...seconds), parameters, node };
}

/** Submit, and each item that fails by the error output. */
async function submit(seconds: readonly number[], options: INodeParameters, more = {}) {
	const { parameters, ...run } = planned(seconds, options, TO_ERROR_OUTPUT);
	return await engine.run({ ...run, parameters: { ...parameters, operation: 'submit', ...more } });
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

	it('a job that is used again costs nothing and passes, without asking', async () => {
		const options = { seed: undefined };
		await engine.run({ parameters: { options } });

		const limits = { ...options, maxCost: 0, maxCostPerRun: 0 };
		const execution = await engine.run({ parameters: { options: limits } });

		expect(execution.good[0]?.json).toMatchObject({ reused: true });
		expect(emulator.requestsTo('price')).toEqual([]);
		expect(emulator.billing()).toMatchObject({ submitted: 1 });
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
		const parameters = { operation: 'submit', options };

		const one = engine.run({ items: [first!, second!], parameters });
		const other = engine.run({ items: [second!, first!], parameters });

		expect([(await one).good.length, (await other).good.length]).toEqual([2, 2]);
		expect(emulator.billing()).toMatchObject({ billed: 2 });
	});
});

describe('over the tries and rounds of an execution', () => {
	it('Max Parallel Jobs and stored waits: the sum goes on where it was', async () => {
		scriptJobs();
		const options = { waiting: 'automatic', itemsInFlight: 1, maxCostPerRun: 0.5 };
		const stored = await engine.run(planned([10, 20, 10], options, TO_ERROR_OUTPUT));
		const ended = await untilEnd(stored);

		expect(costsOf(ended)).toEqual([0.15, 0.3]);
		expect(errorsOf(ended)).toEqual([
			expect.stringContaining(
				'bring the total from $0.45 to $0.60, but the limit is $0.50 [item 3]',
			),
		]);
		expect(emulator.billing()).toMatchObject({ submitted: 2, spent: 0.45 });
		expect(emulator.requestsTo('balance')).toHaveLength(3);
	});

	it('a retry counts what the tries before it have paid, and no refunded job', async () => {
		emulator.scriptJob({ match: 'job 1', end: { status: 'failed', error: 'Bad luck' } });

		const execution = await engine.run(planned([10, 10], { maxCostPerRun: 0.3 }, retrying(2)));

		expect(costsOf(execution)).toEqual([0.15, 0.15]);
		expect(emulator.billing()).toMatchObject({ submitted: 3, refunded: 1, spent: 0.3 });
	});

	it('Retry execution goes on with the same sum', async () => {
		const failed = await engine.run(planned([10, 20], { maxCostPerRun: 0.4 }));
		expect(failed.error.message).toContain('from $0.15 to $0.45');

		const again = await engine.retry(failed);
		expect(again.error.message).toContain('from $0.15 to $0.45');
		const raised = await engine.retry(again, planned([10, 20], { maxCostPerRun: 0.45 }));

		expect(costsOf(raised)).toEqual([0.15, 0.3]);
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});

	it('each round of a loop has a sum of its own', async () => {
		const execution = await engine.run({ ...planned([10], { maxCostPerRun: 0.15 }), loops: 2 });

		expect(execution.failure).toBeUndefined();
		expect(emulator.billing()).toMatchObject({ submitted: 2 });
	});
});

it('a low balance is said before anything is submitted, also what other items leave of it', async () => {
	emulator.setOptions({ balance: 0.2 });

	const execution = await submit([20, 10, 10], { maxCostPerRun: 9 });

	expect(costsOf(execution)).toEqual([0.15]);
	expect(errorsOf(execution)).toEqual([
		'The account has $0.20 left, but the job would cost $0.30 [item 1]',
		'The account has $0.05 left after the jobs of other items, but the job would cost $0.15 [item 3]',
	]);
	expect(execution.errors[0]?.next_step).toContain('wavespeed.ai/top-up');
	expect(emulator.requestsTo('balance')).toHaveLength(1);
	expect(emulator.requestsTo('submit')).toHaveLength(1);
});
