import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { chain, items, itemsOf, manualTrigger, node, shared, until, workflow } from '../testbed';
import { KEEP_RUNNING, NEVER, NODE, retryOnFail, useVideo } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const { testbed, client, emulator, flow, start, jobIds, expectPaid } = useVideo();

/** Longer than the first pause between two looks at a job. */
const LONG_ENOUGH_MS = 6_500;

/** Looks for so long that the node, if it went on, would have sent another request. */
async function expectSilence(): Promise<void> {
	const before = emulator.requests.length;
	const another = emulator.until(() => emulator.requests.length > before, LONG_ENOUGH_MS);
	await expect(another).rejects.toThrow();
}

async function startTwo(options = KEEP_RUNNING): Promise<string> {
	emulator.scriptJob(NEVER);
	return await start({ prompts: ['one', 'two'], parameters: { options }, node: retryOnFail(3) });
}

it('Stop ends the polls at once; the jobs are noted, and Get Result collects them', async () => {
	const id = await startTwo();
	await emulator.until(() => emulator.requestsTo('result').length >= 2);
	await client.stopExecution(id);
	await expectSilence();
	const stopped = await client.execution(id);
	expect(stopped.status).toBe('canceled');
	for (const job of jobIds()) {
		const isInLog = async () =>
			(await readFile(shared().logFile, 'utf8')).includes(`job ${job} submitted`);
		await until(isInLog, { what: `the job ${job} in n8n's log` });
	}
	// All that n8n keeps of the execution: no output of any node, but this. It does not retry it either.
	expect(stopped.data.resultData.runData).toEqual({});
	const noted = (stopped.customData?.wavespeed_jobs ?? '').split(', ');
	expect(noted.sort()).toEqual(jobIds().sort());
	await expect(client.retryExecution(id, 'original')).rejects.toThrow('cannot be retried');

	await emulator.finishAll();
	const rows = items('IDs', ...noted.map((job) => ({ id: job })));
	const collect = testbed.videoNode('Collect', { operation: 'getResult' });
	const wires = chain(manualTrigger(), rows, collect);
	const { id: collecting } = await client.createWorkflow(workflow('Collect', ...wires));
	const ended = await testbed.run(collecting, 'success');
	const types = itemsOf(ended, 'Collect').map(({ binary }) => binary?.data?.mimeType);
	expect(types).toEqual(['video/mp4', 'video/mp4']);
	expectPaid({ submitted: 2 });
});

it('Stop of a stored execution sends nothing, and the call that comes later is refused', async () => {
	const id = await startTwo({});
	await client.waitFor(id, ['waiting']);
	await client.stopExecution(id);
	const stopped = await client.waitFor(id, ['canceled']);
	const shown = itemsOf(stopped, NODE).map(({ json }) => json.id);
	expect(shown.sort()).toEqual(jobIds().sort());
	for (const job of shown) expect(stopped.customData?.wavespeed_jobs).toContain(job);
	const before = emulator.requests.length;
	await emulator.finishAll();
	await emulator.until(() => emulator.deliveries().some(({ attempt }) => attempt === 4));
	expect(emulator.deliveries().every(({ status }) => status !== 200)).toBe(true);
	expect(emulator.requests.length).toBe(before);
});

it('after a timeout of the workflow, the error workflow is told which jobs are paid for', async () => {
	emulator.scriptJob(NEVER);
	const onError = node('On error', 'n8n-nodes-base.errorTrigger');
	const hook = await publish(testbed, (trigger) => {
		const slow = flow({ trigger, parameters: { options: KEEP_RUNNING } });
		return { ...slow, nodes: [...slow.nodes, onError], settings: { executionTimeout: 10 } };
	});
	await hook.sendJson({}, 'canceled');
	const ofErrors = async () => {
		const executions = await client.executions({ workflowId: hook.workflowId });
		return executions.find(({ mode, status }) => mode === 'error' && status === 'success');
	};
	const { id } = await until(ofErrors, { what: 'the error workflow' });
	const [told] = itemsOf(await client.execution(id), 'On error');
	expect(JSON.stringify(told?.json)).toContain(jobIds()[0]);
});
