import { expect, it } from '@jest/globals';
import { errorOf, FROM_NODES, itemsOf } from '../testbed';
import { NEVER, NODE, READY, retryOnFail, useVideo } from './support/video-workflow';

const { testbed, client, emulator, run, retry, startChain, jobIds, expectPaid } = useVideo();

it('a submission whose answer was lost is found in the history and never repeated', async () => {
	emulator.scriptJob(NEVER);
	emulator.faults.add({ on: 'submit', times: 2, do: 'resetAfterHandling' });
	const id = await startChain(
		testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES }),
		testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'wait' }),
	);
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	const ended = await client.waitFor(id, ['success']);
	const ids = ['Submit', NODE].map((name) => itemsOf(ended, name)[0]?.json.id);
	expect(ids).toEqual(jobIds());
	expectPaid({ submitted: 2, uploaded: 6 });
});

it('while the history cannot be read, it fails as a job may exist; a retry finds the job', async () => {
	emulator.scriptJob({ seconds: 0 });
	emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
	const refusal = { status: 403, body: { code: 403, message: 'Not your role' } };
	emulator.faults.add({ on: 'history', times: 5, do: { respond: refusal } });
	const failed = await run({ node: retryOnFail(5) }, 'error');
	expect(errorOf(failed)?.message).toContain('a job may exist');
	expect(errorOf(failed)?.description).toContain('wavespeed.ai/history');
	await retry(failed.id);
	expectPaid({ submitted: 1 });
});

it('a refusal for too many requests is waited out as long as Retry-After says', async () => {
	emulator.scriptJob(READY);
	const headers = { 'retry-after': '5' };
	const body = { code: 429, message: 'Too many requests' };
	emulator.faults.add({ on: 'submit', do: { respond: { status: 429, headers, body } } });
	await run();
	const [refused, taken] = emulator.requestsTo('submit');
	expect(taken!.time - refused!.time).toBeGreaterThanOrEqual(4_950);
	expectPaid({ submitted: 2, billed: 1 });
});
