import { describe, expect, it } from '@jest/globals';
import { errorOf, itemsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES, mediaByUrl } from '../testbed/video-node';
import {
	expectPaid,
	jobIds,
	NODE,
	READY,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

describe('a submission whose answer was lost', () => {
	it('is found in the history and never repeated, by Submit and by a node that pauses', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		emulator.faults.add({ on: 'submit', times: 2, do: 'resetAfterHandling' });
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES });
		const wait = testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'wait' });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, wait);
		const flow = await client.createWorkflow(workflow('Lost twice', ...wires));
		const id = await client.run(flow.id, 'Start');
		await client.waitFor(id, ['waiting']);
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		const ids = ['Submit', NODE].map((name) => itemsOf(ended, name)[0]?.json.id);
		expect(ids).toEqual(jobIds(emulator));
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});

	it('says that a job may exist, in five tries, and in a retry finds it', async () => {
		emulator.scriptJob({ seconds: 0 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const refusal = { status: 403, body: { code: 403, message: 'Not your role' } };
		emulator.faults.add({ on: 'history', times: 5, do: { respond: refusal } });
		const flow = await createVideoWorkflow(testbed, { node: retryOnFail(5) });
		const failed = await testbed.run(flow.id, 'error');
		expect(errorOf(failed)?.message).toContain('a job may exist');
		expect(errorOf(failed)?.description).toContain('wavespeed.ai/history');
		const retry = await client.retryExecution(failed.id, 'original');
		await client.waitFor(retry, ['success']);
		expectPaid(emulator, { submitted: 1 });
	});

	it('is told from an equal job of another execution, also with URLs', async () => {
		emulator.scriptJob({ ...READY, times: 'always' });
		const parameters = mediaByUrl(emulator);
		const first = await createVideoWorkflow(testbed, { parameters });
		await testbed.run(first.id, 'success');
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const second = await createVideoWorkflow(testbed, { parameters });
		const ended = await testbed.run(second.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(emulator)[1]);
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});
});

it('a refusal for too many requests is waited out as long as Retry-After says', async () => {
	emulator.scriptJob(READY);
	const headers = { 'retry-after': '5' };
	const body = { code: 429, message: 'Too many requests' };
	emulator.faults.add({ on: 'submit', do: { respond: { status: 429, headers, body } } });
	const flow = await createVideoWorkflow(testbed);
	await testbed.run(flow.id, 'success');
	const [refused, taken] = emulator.requestsTo('submit');
	expect(taken!.time - refused!.time).toBeGreaterThanOrEqual(4_950);
	expectPaid(emulator, { submitted: 2, billed: 1 });
});
