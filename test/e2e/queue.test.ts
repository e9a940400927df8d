import { expect, it } from '@jest/globals';
import { binaryOf, errorOf, FROM_NODES, itemsOf } from '../testbed';
import { publishItems } from './support/many-items';
import { describeQueue, useQueueMode } from './support/queue-mode';
import { KEEP_RUNNING, NEVER, NODE, READY } from './support/video-workflow';

describeQueue('n8n in queue mode, with two workers', () => {
	const video = useQueueMode();
	const { testbed, client, emulator, workers, workerOf } = video;
	const { start, store, run, retry, startChain, jobIds, expectPaid, expectVideos } = video;

	it('runs all three operations on the workers, with the files in the database', async () => {
		emulator.scriptJob({ seconds: 0, times: 'always' });
		const id = await startChain(
			testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES }),
			testbed.videoNode('Collect', { operation: 'getResult', ifNotFinished: 'wait' }),
			testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'wait' }),
		);
		const ended = await client.waitFor(id, ['success']);
		expect(workers).toContain(workerOf(id));
		for (const name of ['Collect', NODE]) {
			const { id = '' } = binaryOf(itemsOf(ended, name)[0], 'data');
			expect(id).toMatch(/^database:/);
			expect((await client.download(id)).subarray(4, 8).toString()).toBe('ftyp');
		}
		expectPaid({ submitted: 2, uploaded: 6 });
	});

	it('pays for each of 40 items once, and fetches each video once', async () => {
		emulator.scriptJob({ seconds: 1, times: 'always' });
		const hook = await publishItems(testbed, 40, 10);
		const ended = await hook.sendJson({}, 'success');
		expect(new Set(itemsOf(ended, NODE).map(({ json }) => json.id)).size).toBe(40);
		expectPaid({ submitted: 40 });
		expect(emulator.requestsTo('download')).toHaveLength(40);
	});

	it('loses and repeats nothing when a worker is killed while executions are stored', async () => {
		emulator.scriptJob({ seconds: 'never', times: 2, match: 'lost', webhook: 'none' });
		emulator.scriptJob(NEVER);
		const called = ['first', 'second', 'third'].map((name) => [`${name} one`, `${name} two`]);
		const ids: string[] = [];
		for (const prompts of called) ids.push(await store({ prompts }));
		const lost = await store({ prompts: ['lost one', 'lost two'] });
		const killed = workerOf(ids[0]!);
		await killed.kill9();
		const [other] = workers.filter((worker) => worker !== killed);
		// The calls come to the main n8n; the worker that is left goes on with all of them.
		await emulator.finishAll();
		for (const [index, id] of ids.entries()) {
			await expectVideos(id, ...called[index]!);
			expect(other!.log.has(new RegExp(`started execution ${id} `))).toBe(true);
		}
		await killed.restart();
		// The main n8n wakes by time what nobody has called.
		await expectVideos(lost, 'lost one', 'lost two');
		expectPaid({ submitted: 8, uploaded: 12 });
	});

	it('resumes a paid job on a retry of the execution, on whichever worker', async () => {
		emulator.scriptJob({ ...READY, times: 'always' });
		emulator.faults.add({ on: 'download', do: { respond: { status: 404, body: '' } } });
		const failed = await run({}, 'error');
		const stopped = workerOf(failed.id);
		await stopped.stop();
		const ended = await retry(failed.id);
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds()[0]);
		expect(workerOf(ended.id)).not.toBe(stopped);
		expectPaid({ submitted: 1 });
		await stopped.restart();
	});

	it('does not run an execution again whose worker was killed while polling', async () => {
		emulator.scriptJob(NEVER);
		const id = await start({ parameters: { options: KEEP_RUNNING } });
		await emulator.until(() => emulator.requestsTo('result').length > 0);
		const killed = workerOf(id);
		await killed.kill9();
		const failed = await client.waitFor(id, ['error']);
		expect(errorOf(failed)?.message).toContain('failed to be processed too many times');
		expect(killed.log.has(new RegExp(`job ${jobIds()[0]} submitted`))).toBe(true);
		// n8n kept nothing to go on from: a retry neither resumes nor submits anything.
		await retry(id, 'original', 'error');
		expectPaid({ submitted: 1 });
	});
});
