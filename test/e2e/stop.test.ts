import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { shared } from '../testbed/jest/shared';
import { itemsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { chain, items, manualTrigger, workflow, type Parameters } from '../testbed/workflow';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';
import { useTestbed } from '../testbed/jest/use-testbed';

const testbed = useTestbed();
const { client, emulator } = testbed;

/** Longer than the first pause between two looks at a job. */
const LONG_ENOUGH_MS = 6_500;

/** Looks for so long that the node, if it went on, would have sent another request. */
async function expectSilence(): Promise<void> {
	const before = emulator.requests.length;
	const another = emulator.until(() => emulator.requests.length > before, LONG_ENOUGH_MS);
	await expect(another).rejects.toThrow();
}

async function expectInLog(text: string): Promise<void> {
	await until(async () => (await readFile(shared().logFile, 'utf8')).includes(text), {
		what: `"${text}" in n8n's log`,
	});
}

async function start(options: Parameters = KEEP_RUNNING): Promise<string> {
	const prompts = ['one', 'two'];
	const parameters = { options };
	const flow = await createVideoWorkflow(testbed, { prompts, parameters, node: retryOnFail(3) });
	return await client.run(flow.id, 'Start');
}

describe('Stop', () => {
	it('ends the polls at once; the jobs that go on are in the log', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await start();
		await emulator.until(() => emulator.requestsTo('result').length >= 2);
		await client.stopExecution(id);
		await expectSilence();
		const stopped = await client.execution(id);
		expect(stopped.status).toBe('canceled');
		for (const job of jobIds(emulator)) await expectInLog(`job ${job} submitted`);
		// All that n8n keeps of the execution: no output of any node, but this.
		expect(stopped.data.resultData.runData).toEqual({});
		for (const job of jobIds(emulator)) {
			expect(stopped.customData?.wavespeed_jobs).toContain(job);
		}
		expectPaid(emulator, { submitted: 2 });
	});

	it('lets a submission on its way end, notes its job in the log, and does no more', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		emulator.faults.add({ on: 'submit', times: 'always', do: { delay: 2_000 } });
		const id = await start();
		await emulator.until(() => emulator.requestsTo('submit').length === 2);
		await client.stopExecution(id);
		await emulator.until(() => emulator.predictions().length === 2);
		for (const job of jobIds(emulator)) await expectInLog(`job ${job} submitted`);
		await expectSilence();
		expect(emulator.requestsTo('result')).toHaveLength(0);
		// Too late for the stored execution: the log is the place to look.
		expect((await client.execution(id)).customData).toEqual({});
		expectPaid(emulator, { submitted: 2 });
	});

	it('of a paused execution sends nothing, and refuses the call that comes later', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always', webhook: { times: 1 } });
		const id = await start({});
		await client.waitFor(id, ['waiting']);
		await client.stopExecution(id);
		const stopped = await client.waitFor(id, ['canceled']);
		const shown = itemsOf(stopped, NODE).map(({ json }) => json.id);
		expect(shown.sort()).toEqual(jobIds(emulator).sort());
		for (const id of shown) expect(stopped.customData?.wavespeed_jobs).toContain(id);
		const before = emulator.requests.length;
		await emulator.finishAll();
		await emulator.until(() => emulator.deliveries().some(({ attempt }) => attempt === 4));
		expect(emulator.deliveries().every(({ status }) => status !== 200)).toBe(true);
		expect(emulator.requests.length).toBe(before);
	});

	it('leaves an execution that n8n does not retry, and jobs that Get Result collects', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await start();
		await emulator.until(() => emulator.requestsTo('result').length >= 2);
		await client.stopExecution(id);
		await expect(client.retryExecution(id, 'original')).rejects.toThrow('cannot be retried');
		await emulator.finishAll();
		const { customData } = await client.execution(id);
		const ids = (customData?.wavespeed_jobs ?? '').split(', ').map((job) => ({ id: job }));
		const collect = testbed.videoNode('Collect', { operation: 'getResult' });
		const wires = chain(manualTrigger(), items('IDs', ...ids), collect);
		const flow = await client.createWorkflow(workflow('Collect', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, 'Collect').map(({ binary }) => binary?.data?.mimeType)).toEqual([
			'video/mp4',
			'video/mp4',
		]);
		expectPaid(emulator, { submitted: 2 });
	});
});
