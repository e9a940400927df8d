/** Each job is paid once. The matrix of cases is in the engine's tests of this name. */
import { expect, it } from '@jest/globals';
import { errorOf, FROM_NODES, hintsOf, itemsOf } from '../testbed';
import { changeOurs, KEEP_RUNNING, NEVER, NODE, READY } from './support/video-workflow';
import { retryOnFail, useVideo } from './support/video-workflow';

const video = useVideo();
const { testbed, client, emulator, create, start, startChain } = video;
const { retry, jobIds, expectPaid, expectVideos } = video;

it('a second run uses the job of the first and says so; a failed job is never used', async () => {
	emulator.scriptJob({ ...READY, end: { status: 'failed', code: 5000, error: 'Out of luck' } });
	emulator.scriptJob(READY);
	// No seed, as a user has it who has added none.
	const { id } = await create({ parameters: { options: { seed: undefined } } });
	const failed = await testbed.run(id, 'error');
	const first = await testbed.run(id, 'success');
	const second = await testbed.run(id, 'success');

	expect(errorOf(failed)?.message).toContain('Out of luck');
	for (const [ended, reused] of [[first, false] as const, [second, true] as const]) {
		await expectVideos(ended.id, 'alone');
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ id: jobIds()[1], reused });
	}
	expect(hintsOf(first, NODE)).not.toContain('reused');
	expect(hintsOf(second, NODE)).toMatch(/The job from \d\d:\d\d \(\S+\) was reused/);
	expect(hintsOf(second, NODE)).toContain('add the option Seed and leave it at -1');
	expectPaid({ submitted: 2, refunded: 1, uploaded: 6 });
});

it('after Stop, the next run waits for the job that goes on', async () => {
	emulator.scriptJob({ seconds: 'never' });
	const polls = () => emulator.predictions()[0]?.polls ?? 0;
	const { id } = await create({ parameters: { options: { ...KEEP_RUNNING, seed: undefined } } });
	const stopped = await client.run(id, 'Start');
	await emulator.until(() => polls() > 0);
	await client.stopExecution(stopped);
	await client.waitFor(stopped, ['canceled']);

	const before = polls();
	const next = await client.run(id, 'Start');
	await emulator.until(() => polls() > before);
	await emulator.finishAll();
	await expectVideos(next, 'alone');
	expectPaid({ submitted: 1 });
});

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

it('Retry On Fail carries on with the same job after polls that fail', async () => {
	emulator.scriptJob({ seconds: 'never' });
	// The node waits out a 502, but not a refused key.
	emulator.faults.add({ on: 'result', times: 2, do: { respond: { status: 502 } } });
	const refused = { status: 401, body: { code: 401, message: 'Invalid API key' } };
	emulator.faults.add({ on: 'result', do: { respond: refused } });
	const id = await start({ parameters: { options: KEEP_RUNNING }, node: retryOnFail(2) });
	await emulator.until(() => emulator.requestsTo('result').length === 3);
	await emulator.finishAll();
	await expectVideos(id, 'alone');
	expectPaid({ submitted: 1 });
});

it.each(['original', 'current'] as const)(
	'Retry execution with the %s workflow collects the paid job after a timeout',
	async (which) => {
		emulator.scriptJob({ seconds: 'never' });
		const options = { ...KEEP_RUNNING, timeoutMinutes: 0.01 };
		const { id, nodes } = await create({ parameters: { options } });
		const failed = await testbed.run(id, 'error');
		await emulator.finishAll();
		const changed = { outputField: 'film', options: { seed: -1, timeoutMinutes: 5 } };
		const parameters = { ...nodes.find(({ name }) => name === NODE)?.parameters, ...changed };
		if (which === 'current') {
			await client.updateWorkflow(id, { nodes: changeOurs(nodes, { parameters }) });
		}
		const [item] = itemsOf(await retry(failed.id, which), NODE);
		expect(item?.json.id).toBe(jobIds()[0]);
		expect(Object.keys(item?.binary ?? {})).toEqual([which === 'current' ? 'film' : 'data']);
		expectPaid({ submitted: 1 });
	},
);
