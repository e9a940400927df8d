/** Stored waits under the settings of nodes and workflows, and without their state. */
import { describe, expect, it } from '@jest/globals';
import type { INode, IWorkflowSettings } from 'n8n-workflow';
import { retrying, TO_ERROR_OUTPUT } from './support/cases';
import type { Execution } from './support/execution';
import { storedRun, useStoredWait } from './support/stored';
import { time } from './support/time';

const { emulator, engine, finish, job, promptsOf, scriptJobs, untilEnd } = useStoredWait();

describe.each(['v0', 'v1'] as const)('execution order %s', (executionOrder) => {
	it.each<[string, Partial<INode>, IWorkflowSettings, string[]]>([
		['plain', {}, {}, ['a', 'b']],
		['Always Output Data', { alwaysOutputData: true }, {}, ['a', 'b']],
		['Execute Once', { executeOnce: true }, {}, ['a']],
		['error output', TO_ERROR_OUTPUT, {}, ['a', 'b']],
		['Retry On Fail', retrying(3), {}, ['a', 'b']],
		['combined binary mode', {}, { binaryMode: 'combined' }, ['a', 'b']],
	])('%s: the node gives its videos once', async (_what, node, more, prompts) => {
		scriptJobs();
		const settings = { executionOrder, ...more };
		const stored = await engine.run(storedRun(['a', 'b'], { node, settings }));
		expect([stored.run.status, stored.output('Good')]).toEqual(['waiting', []]);
		const once = await engine.wake(stored);
		expect([once.run.status, once.output('Good')]).toEqual(['waiting', []]);

		const ended = await untilEnd(once);

		expect(ended.run.status).toBe('success');
		expect(promptsOf(ended.output('Good'))).toEqual(prompts);
		expect(ended.bad).toEqual([]);
		expect(ended.run.data.resultData.runData.Good).toHaveLength(1);
		const { length } = prompts;
		expect(emulator.billing()).toMatchObject({ submitted: length, billed: length });
	});
});

describe('when Timeout passes in a stored wait', () => {
	async function runToTimeout(onError: INode['onError'], onTimeout = 'fail'): Promise<Execution> {
		scriptJobs();
		const parameters = { options: { timeoutMinutes: 15, onTimeout } };
		const node = onError ? { onError } : {};
		const stored = await engine.run(storedRun(['ends', 'stays'], { parameters, node }));
		await finish('ends');
		return await untilEnd(stored, { finishing: false });
	}

	it('the node fails, and names the jobs', async () => {
		const ended = await runToTimeout('stopWorkflow');
		expect(ended.run.status).toBe('error');
		expect(ended.failure).toContain('did not finish within 15 minutes');
		for (const { id } of emulator.predictions()) expect(ended.failure).toContain(id);
		expect(ended.output('Good')).toEqual([]);
	});

	it('its item leaves as failed, and the other one goes on', async () => {
		const continued = await runToTimeout('continueRegularOutput');
		expect(continued.good).toMatchObject([
			{ pairedItem: { item: 0 }, json: { id: job('ends').id } },
			{ pairedItem: { item: 1 }, json: { error: { id: job('stays').id } } },
		]);

		const ended = await runToTimeout('continueErrorOutput');
		expect(promptsOf(ended.good)).toEqual(['ends']);
		expect(ended.errors).toMatchObject([{ id: job('stays').id }]);
		expect([ended.output('Good').length, ended.output('Bad').length]).toEqual([1, 1]);
	});

	it.each(['stopWorkflow', 'continueErrorOutput'] as const)(
		'the unfinished job can be put out (%s)',
		async (onError) => {
			const ended = await runToTimeout(onError, 'output');
			expect(promptsOf(ended.good)).toEqual(['ends', 'stays']);
			expect(ended.good[1]?.json).toMatchObject({ timed_out: true });
			expect(emulator.billing()).toMatchObject({ submitted: 2 });
		},
	);

	it('it is noticed at once, not at the next regular poll', async () => {
		scriptJobs();
		const began = time.now;
		const parameters = { options: { timeoutMinutes: 1 } };
		const stored = await engine.run(storedRun(['a'], { parameters }));
		expect(stored.run.waitTill!.getTime() - began).toBeLessThanOrEqual(75_000);
		expect((await engine.wake(stored)).run.status).toBe('error');
	});
});

it('an item whose fields fail only after the wait is told with the ID of its job', async () => {
	scriptJobs();
	const outputField = "={{ $json.prompt ? 'data' : $('Nobody').item.json.x }}";
	const stored = await engine.run(
		storedRun(['a'], { node: TO_ERROR_OUTPUT, parameters: { outputField } }),
	);
	const { id } = job('a');
	for (const entry of stored.run.data.executionData!.nodeExecutionStack) {
		for (const item of entry.data.main?.[0] ?? []) item.json.prompt = '';
	}

	const ended = await untilEnd(stored);

	expect(ended.errors).toMatchObject([
		{
			message: expect.stringContaining(`(job ${id})`),
			id,
			next_step: expect.stringContaining('Get Result with this ID'),
		},
	]);
});

it('without its stored state, the node names its jobs and submits nothing', async () => {
	scriptJobs();
	const stored = await engine.run(storedRun(['a', 'b']));
	delete stored.context.state;
	await finish();
	const ended = await engine.wake(stored);
	expect(ended.run.status).toBe('error');
	for (const { id } of emulator.predictions()) expect(ended.failure).toContain(id);

	const retried = await engine.retry(ended);
	expect(retried.run.status).toBe('error');
	expect(emulator.billing()).toMatchObject({ submitted: 2 });
	expect(emulator.requestsTo('ticket')).toHaveLength(6);
});

it('without its stored state, the node sends all items to the error output', async () => {
	scriptJobs();
	const stored = await engine.run(storedRun(['a', 'b'], { node: TO_ERROR_OUTPUT }));
	delete stored.context.state;
	const ended = await engine.wake(stored);
	expect([ended.good.length, ended.bad.length]).toEqual([0, 2]);
	expect(JSON.stringify(ended.bad)).toContain(job('a').id);
	expect(emulator.billing()).toMatchObject({ submitted: 2 });
});
