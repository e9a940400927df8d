import { expect, it } from '@jest/globals';
import { binaryOf, errorOf, itemsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { publishItems } from './support/many-items';
import { describeQueue, useQueueMode } from './support/queue-mode';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	createVideoWorkflow,
} from './support/video-workflow';
import { FROM_NODES } from '../testbed/video-node';

describeQueue('n8n in queue mode, with two workers', () => {
	const { testbed, workers, workerOf } = useQueueMode();
	const { client, emulator } = testbed;

	it('runs all three operations on the workers, with the files in the database', async () => {
		emulator.scriptJob({ seconds: 0, times: 'always' });
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES });
		const collect = testbed.videoNode('Collect', { operation: 'getResult', ifNotFinished: 'wait' });
		const wait = testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'wait' });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, collect, wait);
		const flow = await client.createWorkflow(workflow('All operations', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		expect(workers).toContain(workerOf(ended.id));
		for (const name of ['Collect', NODE]) {
			const { id = '' } = binaryOf(itemsOf(ended, name)[0], 'data');
			expect(id).toMatch(/^database:/);
			expect((await client.download(id)).subarray(4, 8).toString()).toBe('ftyp');
		}
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});

	it('pays for each of 40 items once, and fetches each video once', async () => {
		emulator.scriptJob({ seconds: 1, times: 'always' });
		const hook = await publishItems(testbed, 40, 10);
		const ended = await hook.sendJson({}, 'success');
		expect(new Set(itemsOf(ended, NODE).map(({ json }) => json.id)).size).toBe(40);
		expectPaid(emulator, { submitted: 40 });
		expect(emulator.requestsTo('download')).toHaveLength(40);
	});

	it('loses and repeats nothing when a worker is killed while executions are stored', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const ids: string[] = [];
		for (const name of ['first', 'second', 'third']) {
			const prompts = [`${name} one`, `${name} two`];
			const flow = await createVideoWorkflow(testbed, { prompts });
			ids.push(await client.run(flow.id, 'Start'));
		}
		for (const id of ids) await client.waitFor(id, ['waiting']);
		const killed = workerOf(ids[0]!);
		await killed.kill9();
		const [other] = workers.filter((worker) => worker !== killed);
		// The calls come to the main n8n; the worker that is left goes on with all of them.
		await emulator.finishAll();
		for (const id of ids) {
			const ended = await client.waitFor(id, ['success']);
			const mine = emulator.predictions().filter(({ webhook }) => webhook?.includes(`/${id}/`));
			const out = itemsOf(ended, NODE);
			expect(new Set(out.map(({ json }) => json.id))).toEqual(new Set(mine.map((job) => job.id)));
			expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
			expect(other!.log.has(new RegExp(`started execution ${id} `))).toBe(true);
		}
		await killed.restart();
		expect(jobIds(emulator)).toHaveLength(6);
		expectPaid(emulator, { submitted: 6, uploaded: 9 });
	});

	it('resumes a paid job on a retry of the execution, on whichever worker', async () => {
		emulator.scriptJob({ seconds: 0, times: 'always', respondWhenEnded: true });
		emulator.faults.add({ on: 'download', do: { respond: { status: 404, body: '' } } });
		const flow = await createVideoWorkflow(testbed);
		const failed = await testbed.run(flow.id, 'error');
		const stopped = workerOf(failed.id);
		await stopped.stop();
		const retry = await client.retryExecution(failed.id, 'original');
		const ended = await client.waitFor(retry, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(emulator)[0]);
		expect(workerOf(retry)).not.toBe(stopped);
		expectPaid(emulator, { submitted: 1 });
		await stopped.restart();
	});

	it('does not run an execution again whose worker was killed while polling', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const parameters = { options: KEEP_RUNNING };
		const flow = await createVideoWorkflow(testbed, { parameters });
		const id = await client.run(flow.id, 'Start');
		await emulator.until(() => emulator.requestsTo('result').length > 0, 30_000);
		const killed = workerOf(id);
		await killed.kill9();
		const failed = await client.waitFor(id, ['error'], { timeoutMs: 90_000 });
		expect(errorOf(failed)?.message).toContain('failed to be processed too many times');
		const [job] = jobIds(emulator);
		expect(killed.log.has(new RegExp(`job ${job} submitted`))).toBe(true);
		// n8n kept nothing to go on from: a retry neither resumes nor submits anything.
		await client.waitFor(await client.retryExecution(id, 'original'), ['error']);
		expectPaid(emulator, { submitted: 1 });
	});
});
