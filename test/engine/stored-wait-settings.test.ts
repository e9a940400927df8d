/** Stored waits under the settings of nodes and workflows, and with a state that was tampered with. */
import { describe, expect, it } from '@jest/globals';
import type { INode, IWorkflowSettings } from 'n8n-workflow';
import type { StoredState } from '../../nodes/WaveSpeedInfiniteTalk/job/storedState';
import type { Execution } from './support/execution';
import { promptsOf, storedRun, useStoredWait } from './support/stored';
import { time } from './support/time';

const testbed = useStoredWait();

describe.each(['v0', 'v1'] as const)('execution order %s', (executionOrder) => {
	it.each<[string, Partial<INode>, IWorkflowSettings]>([
		['plain', {}, {}],
		['Always Output Data', { alwaysOutputData: true }, {}],
		['error output', { onError: 'continueErrorOutput' }, {}],
		['Retry On Fail', { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 }, {}],
		['combined binary mode', {}, { binaryMode: 'combined' }],
	])('%s: the node gives its videos once', async (_what, node, settings) => {
		testbed.scriptJobs();
		const run = storedRun(['a', 'b'], { node, settings: { executionOrder, ...settings } });
		const stored = await testbed.engine.run(run);
		expect([stored.run.status, stored.output('Good')]).toEqual(['waiting', []]);
		const once = await testbed.engine.wake(stored);
		expect([once.run.status, once.output('Good')]).toEqual(['waiting', []]);

		const ended = await testbed.untilEnd(once, { finishing: true });
		expect(ended.run.status).toBe('success');
		expect(promptsOf(testbed, ended.good)).toEqual(['a', 'b']);
		expect(ended.output('Good')).toHaveLength(2);
		expect(ended.bad).toEqual([]);
		expect(ended.run.data.resultData.runData.Good).toHaveLength(1);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});

	it('Execute Once takes the first item only', async () => {
		testbed.scriptJobs();
		const settings = { executionOrder };
		const run = storedRun(['a', 'b'], { node: { executeOnce: true }, settings });
		const ended = await testbed.untilEnd(await testbed.engine.run(run), { finishing: true });
		expect(promptsOf(testbed, ended.good)).toEqual(['a']);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1 });
	});
});

describe('when Timeout passes in a stored wait', () => {
	async function runToTimeout(onError: INode['onError'], onTimeout = 'fail'): Promise<Execution> {
		testbed.scriptJobs();
		const parameters = { options: { timeoutMinutes: 15, onTimeout } };
		const stored = await testbed.engine.run(
			storedRun(['ends', 'stays'], { parameters, ...(onError && { node: { onError } }) }),
		);
		await testbed.finish('ends');
		return await testbed.untilEnd(stored);
	}

	it('the node fails, and names the jobs', async () => {
		const ended = await runToTimeout('stopWorkflow');
		expect(ended.run.status).toBe('error');
		expect(ended.failure).toContain('has not ended within 15 minutes');
		for (const { id } of testbed.emulator.predictions()) expect(ended.failure).toContain(id);
		expect(ended.output('Good')).toEqual([]);
	});

	it('Continue puts the item out as failed', async () => {
		const ended = await runToTimeout('continueRegularOutput');
		expect(ended.good.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 1 }]);
		expect(ended.good[0]?.json.id).toBe(testbed.job('ends').id);
		expect(ended.good[1]?.json.error).toMatchObject({ id: testbed.job('stays').id });
	});

	it('the error output gets the item, the other one goes on', async () => {
		const ended = await runToTimeout('continueErrorOutput');
		expect(promptsOf(testbed, ended.good)).toEqual(['ends']);
		expect(ended.bad.map(({ json }) => json.error)).toMatchObject([
			{ id: testbed.job('stays').id },
		]);
		expect([ended.output('Good').length, ended.output('Bad').length]).toEqual([1, 1]);
	});

	it.each(['stopWorkflow', 'continueErrorOutput'] as const)(
		'the unfinished job can be put out (%s)',
		async (onError) => {
			const ended = await runToTimeout(onError, 'output');
			expect(promptsOf(testbed, ended.good)).toEqual(['ends', 'stays']);
			expect(ended.good[1]?.json).toMatchObject({ timed_out: true });
			expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
		},
	);

	it('it is noticed at once, not at the next regular poll', async () => {
		testbed.scriptJobs();
		time.speed = 1;
		const began = Date.now();
		const parameters = { options: { timeoutMinutes: 1 } };
		const stored = await testbed.engine.run(storedRun(['a'], { parameters }));
		const until = stored.run.waitTill!.getTime() - began;
		expect(until).toBeLessThanOrEqual(75_000);
		expect((await testbed.engine.wake(stored)).run.status).toBe('error');
	});
});

describe('a stored state that was tampered with', () => {
	const changes: Array<[string, (context: { state?: StoredState }) => void]> = [
		['is missing', (context) => delete context.state],
		['is of another version', ({ state }) => Object.assign(state!, { version: 99 })],
		['is no object', (context) => Object.assign(context, { state: 'x' })],
		['has no wait of this run', ({ state }) => Object.assign(state!, { waiting: {} })],
		['has another number of items', ({ state }) => void state!.waiting[0]!.items.pop()],
		[
			'has items of an unknown form',
			({ state }) => Object.assign(state!.waiting[0]!.items[0]!, { state: 'x' }),
		],
		[
			'has items without an ID',
			({ state }) => Object.assign(state!.waiting[0]!.items[0]!, { id: undefined }),
		],
		['has no items', ({ state }) => Object.assign(state!.waiting[0]!, { items: undefined })],
		['has a null wait', ({ state }) => Object.assign(state!.waiting, { 0: null })],
		[
			'has pending items where jobs ran',
			({ state }) =>
				Object.assign(state!.waiting[0]!, { items: [{ state: 'pending' }, { state: 'pending' }] }),
		],
	];

	it.each(changes)('%s: the node names its jobs and submits nothing', async (_what, change) => {
		testbed.scriptJobs();
		const stored = await testbed.engine.run(storedRun(['a', 'b']));
		change(stored.context);
		await testbed.finish();
		const ended = await testbed.engine.wake(stored);
		expect(ended.run.status).toBe('error');
		for (const { id } of testbed.emulator.predictions()) expect(ended.failure).toContain(id);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
		expect(testbed.emulator.requestsTo('ticket')).toHaveLength(6);

		const retried = await testbed.engine.retry(ended);
		expect(retried.run.status).toBe('error');
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
	});

	it('sends all items to the error output', async () => {
		testbed.scriptJobs();
		const node = { onError: 'continueErrorOutput' } as const;
		const stored = await testbed.engine.run(storedRun(['a', 'b'], { node }));
		delete stored.context.state;
		const ended = await testbed.engine.wake(stored);
		expect([ended.good.length, ended.bad.length]).toEqual([0, 2]);
		expect(JSON.stringify(ended.bad)).toContain(testbed.job('a').id);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2 });
	});
});
