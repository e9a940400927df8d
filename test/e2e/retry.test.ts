import { describe, expect, it } from '@jest/globals';
import { itemsOf, runsOf } from '../testbed/n8n';
import { chain, items, manualTrigger, node, noOp, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

/** Answers that end a try: the node waits out a 502, but not a refused key. */
const BAD_GATEWAY = { respond: { status: 502, body: '<html>Bad gateway</html>' } };
const WRONG_KEY = { respond: { status: 401, body: { code: 401, message: 'Invalid API key' } } };
const GONE = { respond: { status: 404, body: '' } };
const THREE = ['one', 'two', 'three'];

describe('Retry On Fail', () => {
	it('carries on with the same job after polls that fail', async () => {
		emulator.scriptJob({ seconds: 'never' });
		emulator.faults.add({ on: 'result', times: 2, do: BAD_GATEWAY });
		emulator.faults.add({ on: 'result', do: WRONG_KEY });
		const parameters = { options: KEEP_RUNNING };
		const flow = await createVideoWorkflow(testbed, { parameters, node: retryOnFail(2) });
		const id = await client.run(flow.id, 'Start');
		await emulator.until(() => emulator.requestsTo('result').length === 3, 40_000);
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(emulator)[0]);
		expectPaid(emulator, { submitted: 1 });
	});

	it('submits anew only the job that WaveSpeed reported as failed, without new uploads', async () => {
		const end = { status: 'failed', code: 5000, error: 'Out of luck' };
		emulator.scriptJob({ ...READY, match: 'two', end });
		emulator.scriptJob({ ...READY, times: 'always' });
		const flow = await createVideoWorkflow(testbed, { prompts: THREE, node: retryOnFail(2) });
		const ended = await testbed.run(flow.id, 'success');
		const byPrompt = new Map(emulator.predictions().map((job) => [job.inputs.prompt, job.id]));
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual(
			THREE.map((prompt) => byPrompt.get(prompt)),
		);
		const twos = emulator.predictions().filter(({ inputs }) => inputs.prompt === 'two');
		expect(twos.map(({ status }) => status)).toEqual(['failed', 'completed']);
		expectPaid(emulator, { submitted: 4, refunded: 1 });
	});

	it('tells the rounds of a loop apart, though their inputs are equal', async () => {
		emulator.scriptJob({ ...READY, times: 'always' });
		// The second round has one failed try.
		emulator.faults.add({ on: 'download', skip: 1, do: GONE });
		const ended = await testbed.run((await loop()).id, 'success');
		expect(runsOf(ended, NODE)).toBe(3);
		const ids = [0, 1, 2].map((run) => itemsOf(ended, NODE, 0, run)[0]?.json.id);
		expect(ids).toEqual(jobIds(emulator));
		expectPaid(emulator, { submitted: 3 });
	});

	it('does not mix up two nodes with equal inputs', async () => {
		emulator.scriptJob({ ...READY, times: 'always' });
		emulator.faults.add({ on: 'download', skip: 1, do: GONE });
		const [first, second] = ['First', 'Second'].map((name) => {
			return testbed.videoNode(name, FROM_NODES, retryOnFail(2));
		});
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), first!, second!);
		const flow = await client.createWorkflow(workflow('Twice', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		const ids = ['First', 'Second'].map((name) => itemsOf(ended, name)[0]?.json.id);
		expect(ids).toEqual(jobIds(emulator));
		// Each node uploads for itself.
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});
});

/** Three rounds of one item each, through Loop Over Items. */
async function loop() {
	const rows = items('Rows', { row: 0 }, { row: 1 }, { row: 2 });
	const over = node('Loop', 'n8n-nodes-base.splitInBatches', { options: {} }, { typeVersion: 3 });
	const ours = testbed.videoNode(NODE, FROM_NODES, retryOnFail(2));
	return await client.createWorkflow(
		workflow(
			'Loop',
			...chain(manualTrigger(), ...testbed.mediaNodes(), rows, over),
			[over, ours, 1],
			[ours, over],
			[over, noOp('After'), 0],
		),
	);
}
