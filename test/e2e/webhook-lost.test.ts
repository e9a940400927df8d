import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { errorOf, itemsOf, type Execution, type ExecutionStatus } from '../testbed/n8n';
import { chain, items, manualTrigger, noOp, workflow } from '../testbed/workflow';
import type { NodeOptions, Parameters } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import { expectPaid, jobIds, NODE, createVideoWorkflow } from './support/video-workflow';

jest.setTimeout(150_000);

/** n8n looks once a minute which executions have waited long enough. */
const DEADLINE = { timeoutMs: 90_000 };

const testbed = useTestbed();

/** Executions whose calls get lost; they wait beside the other tests. */
const lost = useTestbed({}, { reset: false });
const paused: Record<'output' | 'fail' | 'errorOutput', string> = {
	output: '',
	fail: '',
	errorOutput: '',
};

beforeAll(async () => {
	lost.emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
	paused.output = await startLost('output');
	paused.fail = await startLost('fail');
	paused.errorOutput = await startLost('fail', { onError: 'continueErrorOutput' });
});

/** Start → media → our node → Collect (Get Result), and Failed by the error output. */
async function startLost(onTimeout: string, options: NodeOptions = {}): Promise<string> {
	const parameters = { options: { timeoutMinutes: 0.05, onTimeout, seed: -1 } };
	const rows = items('Rows', { row: 0 }, { row: 1 });
	const ours = lost.videoNode(NODE, { ...FROM_NODES, ...parameters }, options);
	const collect = lost.videoNode('Collect', {
		operation: 'getResult',
		ifNotFinished: 'wait',
		options: { waiting: 'keepRunning' },
	});
	const wires = chain(manualTrigger(), ...lost.mediaNodes(), rows, ours, collect);
	if (options.onError) wires.push([ours, noOp('Failed'), 1]);
	const flow = await lost.client.createWorkflow(workflow('Lost call', ...wires));
	return await lost.client.run(flow.id, 'Start');
}

describe('calls at the wrong time or with wrong contents', () => {
	async function startTwo(parameters: Parameters = {}): Promise<string> {
		const prompts = ['early', 'later'];
		const flow = await createVideoWorkflow(testbed, {
			prompts,
			parameters: { options: { seed: -1 }, ...parameters },
		});
		return await testbed.client.run(flow.id, 'Start');
	}

	async function reach(id: string, ...statuses: ExecutionStatus[]): Promise<Execution> {
		return await testbed.client.waitFor(id, statuses);
	}

	function jobOf(prompt: string) {
		return testbed.emulator.predictions().find(({ inputs }) => inputs.prompt === prompt)!;
	}

	function statusesOf(prompt: string) {
		const calls = testbed.emulator.deliveries();
		return calls
			.filter(({ predictionId }) => predictionId === jobOf(prompt).id)
			.map(({ status }) => status);
	}

	it.each([
		['its repetition is taken', 2_000, 'taken'],
		['and all its repetitions: the node looks itself', 6_000, 'refused'],
	])('one comes while the execution is still running: %s', async (_what, delay, last) => {
		const { emulator } = testbed;
		await emulator.reset();
		emulator.scriptJob({ seconds: 0, match: 'early' });
		emulator.scriptJob({ seconds: 'never', match: 'later' });
		emulator.faults.add({ on: 'submit', match: { body: 'later' }, do: { delay } });
		const id = await startTwo();
		await reach(id, 'waiting');
		await emulator.until(() => statusesOf('early')[3] !== undefined, 15_000);
		// 409, or 500 where n8n has stored nothing of the execution yet.
		const answers = statusesOf('early').map((status) => (status === 200 ? 'taken' : 'refused'));
		expect(answers).toEqual(['refused', 'refused', 'refused', last]);
		await reach(id, 'waiting');
		await emulator.finishAll();
		const ended = await reach(id, 'success');
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual([
			jobOf('early').id,
			jobOf('later').id,
		]);
		expectPaid(emulator, { submitted: 2 });
	});

	it('they come in another order, twice, and with the ID of another job', async () => {
		const { emulator } = testbed;
		await emulator.reset();
		emulator.scriptJob({ seconds: 'never', times: 'always', webhook: { times: 2 } });
		const id = await startTwo();
		const other = await startTwo();
		await reach(id, 'waiting');
		await reach(other, 'waiting');
		const mine = emulator.predictions().filter(({ webhook }) => webhook?.includes(`/${id}/`));
		const [stranger] = emulator
			.predictions()
			.filter(({ webhook }) => webhook?.includes(`/${other}/`));
		await emulator.finishJob(stranger!.id);
		const foreign = await emulator.deliverWebhook(stranger!.id, { url: mine[0]!.webhook! });
		expect(foreign?.status).toBe(200);
		const swapped = { set: { id: mine[1]!.id, status: 'failed', error: 'Not true' } };
		await emulator.deliverWebhook(mine[0]!.id, swapped);
		await reach(id, 'waiting');
		for (const { id: job } of mine.reverse()) await emulator.finishJob(job);
		const ended = await reach(id, 'success');
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual(
			['early', 'later'].map((prompt) => mine.find(({ inputs }) => inputs.prompt === prompt)?.id),
		);
		await reach(other, 'waiting');
		await emulator.finishAll();
		await reach(other, 'success');
		expectPaid(emulator, { submitted: 4, uploaded: 6 });
	});

	it('a failure after the call is retried from the executions list, without a call', async () => {
		const { emulator, client } = testbed;
		await emulator.reset();
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		emulator.faults.add({ on: 'download', do: { respond: { status: 404, body: '' } } });
		const id = await startTwo();
		await reach(id, 'waiting');
		await emulator.finishAll();
		await reach(id, 'error');
		const retry = await client.retryExecution(id, 'original');
		const ended = await reach(retry, 'success');
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual([
			jobOf('early').id,
			jobOf('later').id,
		]);
		expect(emulator.deliveries().some(({ url }) => url.includes(`/${retry}/`))).toBe(false);
		expectPaid(emulator, { submitted: 2 });
	});
});

function jobsOf(execution: string) {
	const jobs = lost.emulator.predictions();
	return jobs.filter(({ webhook }) => webhook?.includes(`/${execution}/`));
}

describe('without any call, when Timeout has passed', () => {
	it('gives the unfinished jobs to Get Result, which collects them', async () => {
		const { emulator, client } = lost;
		const mine = () => jobsOf(paused.output);
		await emulator.until(
			() => mine().length === 2 && mine().every(({ polls }) => polls > 0),
			90_000,
		);
		for (const { id } of mine()) await emulator.finishJob(id);
		const ended = await client.waitFor(paused.output, ['success'], DEADLINE);
		const out = itemsOf(ended, NODE);
		expect(new Set(out.map(({ json }) => json.id))).toEqual(new Set(mine().map(({ id }) => id)));
		expect(out.map(({ json }) => json.timed_out)).toEqual([true, true]);
		expect(itemsOf(ended, 'Collect').every(({ binary }) => binary?.data)).toBe(true);
	});

	it('fails with the IDs, and once more when the execution is retried, with nothing sent', async () => {
		const { client } = lost;
		const failed = await client.waitFor(paused.fail, ['error'], DEADLINE);
		const requests = lost.emulator.requestsTo('submit', 'ticket').length;
		const retry = await client.retryExecution(paused.fail, 'original');
		for (const each of [failed, await client.waitFor(retry, ['error'], DEADLINE)]) {
			const { message, description } = errorOf(each)!;
			for (const { id } of jobsOf(paused.fail)) expect(message + description).toContain(id);
			expect(description).toContain('Run Get Result with this ID');
		}
		expect(lost.emulator.requestsTo('submit', 'ticket')).toHaveLength(requests);
	});

	it('sends each item to the error output, with its ID', async () => {
		const ended = await lost.client.waitFor(paused.errorOutput, ['success'], DEADLINE);
		expect(itemsOf(ended, 'Collect')).toEqual([]);
		const failed = itemsOf(ended, 'Failed');
		expect(failed.map(({ json }) => json)).toEqual(
			[0, 1].map((row) => ({
				row,
				error: expect.objectContaining({
					message: expect.stringContaining('has not ended within'),
					step: 'wait',
					id: expect.any(String),
				}),
			})),
		);
		const ids = failed.map(({ json }) => (json.error as { id: string }).id);
		expect(new Set(ids)).toEqual(new Set(jobsOf(paused.errorOutput).map(({ id }) => id)));
	});

	it('and nothing was paid twice', () => {
		expectPaid(lost.emulator, { submitted: 6, uploaded: 9 });
		expect(jobIds(lost.emulator)).toHaveLength(6);
	});
});
