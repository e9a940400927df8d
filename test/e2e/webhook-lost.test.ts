import { beforeAll, describe, expect, it } from '@jest/globals';
import { itemsOf, type Execution, type ExecutionStatus } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import { createVideoWorkflow, expectPaid, jobIds, NODE, rowNodes } from './support/video-workflow';

/** n8n looks once a minute which executions have waited long enough. */
const DEADLINE = { timeoutMs: 90_000 };

const testbed = useTestbed();
const { client, emulator } = testbed;

/** An execution whose calls get lost; it waits beside the other tests. */
const lost = useTestbed({}, { reset: false });
let paused: string;

/** Start → media → our node → Collect (Get Result). */
beforeAll(async () => {
	lost.emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
	const options = { timeoutMinutes: 0.05, onTimeout: 'output' };
	const ours = lost.videoNode(NODE, { ...FROM_NODES, options });
	const collect = lost.videoNode('Collect', {
		operation: 'getResult',
		ifNotFinished: 'wait',
		options: { waiting: 'keepRunning' },
	});
	const rows = rowNodes([{ row: 0 }, { row: 1 }]);
	const wires = chain(manualTrigger(), ...lost.mediaNodes(), ...rows, ours, collect);
	const flow = await lost.client.createWorkflow(workflow('Lost call', ...wires));
	paused = await lost.client.run(flow.id, 'Start');
});

describe('calls at the wrong time or with wrong contents', () => {
	async function startTwo(): Promise<string> {
		const flow = await createVideoWorkflow(testbed, { prompts: ['early', 'later'] });
		return await client.run(flow.id, 'Start');
	}

	async function reach(id: string, ...statuses: ExecutionStatus[]): Promise<Execution> {
		return await client.waitFor(id, statuses);
	}

	function jobOf(prompt: string) {
		return emulator.predictions().find(({ inputs }) => inputs.prompt === prompt)!;
	}

	function statusesOf(prompt: string) {
		const calls = emulator.deliveries();
		return calls
			.filter(({ predictionId }) => predictionId === jobOf(prompt).id)
			.map(({ status }) => status);
	}

	it.each([
		['its repetition is taken', 2_000, 'taken'],
		['and all its repetitions: the node looks itself', 6_000, 'refused'],
	])('one comes while the execution is still running: %s', async (_what, delay, last) => {
		emulator.scriptJob({ seconds: 0, match: 'early' });
		emulator.scriptJob({ seconds: 'never', match: 'later' });
		emulator.faults.add({ on: 'submit', match: { body: 'later' }, do: { delay } });
		const id = await startTwo();
		await reach(id, 'waiting');
		const answers = () => statusesOf('early');
		await emulator.until(() => answers().includes(200) || answers()[3] !== undefined, 15_000);
		// Refused with 409, or 500 where n8n has stored nothing of the execution yet.
		expect(answers()[0]).not.toBe(200);
		expect(answers().at(-1) === 200 ? 'taken' : 'refused').toBe(last);
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
});

it('without any call, the jobs that Timeout has left unfinished are collected by Get Result', async () => {
	const { emulator, client } = lost;
	const jobs = () => emulator.predictions();
	await emulator.until(
		() => jobs().length === 2 && jobs().every(({ polls }) => polls > 0),
		DEADLINE.timeoutMs,
	);
	await emulator.finishAll();
	const ended = await client.waitFor(paused, ['success'], DEADLINE);
	const out = itemsOf(ended, NODE);
	expect(new Set(out.map(({ json }) => json.id))).toEqual(new Set(jobIds(emulator)));
	expect(out.map(({ json }) => json.timed_out)).toEqual([true, true]);
	expect(itemsOf(ended, 'Collect').every(({ binary }) => binary?.data)).toBe(true);
	expectPaid(emulator, { submitted: 2 });
});
