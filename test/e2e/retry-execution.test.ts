import { expect, it } from '@jest/globals';
import { FROM_NODES, itemsOf } from '../testbed';
import { KEEP_RUNNING, NODE, READY, retryOnFail, useVideo } from './support/video-workflow';

const { testbed, emulator, create, change, retry, runChain, jobIds, expectPaid } = useVideo();

it.each(['original', 'current'] as const)(
	'Retry execution with the %s workflow collects the paid job after a timeout',
	async (which) => {
		emulator.scriptJob({ seconds: 'never' });
		const options = { ...KEEP_RUNNING, timeoutMinutes: 0.01 };
		const { id } = await create({ parameters: { options } });
		const failed = await testbed.run(id, 'error');
		await emulator.finishAll();
		const changed = { outputField: 'film', options: { seed: -1, timeoutMinutes: 5 } };
		if (which === 'current') await change(id, changed);
		const [item] = itemsOf(await retry(failed.id, which), NODE);
		expect(item?.json.id).toBe(jobIds()[0]);
		expect(Object.keys(item?.binary ?? {})).toEqual([which === 'current' ? 'film' : 'data']);
		expectPaid({ submitted: 1 });
	},
);

it('Retry On Fail does not run a success again, as no item that succeeded has a key "error"', async () => {
	emulator.scriptJob({ seconds: 'never' });
	emulator.scriptJob({ ...READY, times: 'always' });
	const ours = (name: string, parameters: object) =>
		testbed.videoNode(name, { ...parameters, simplify: false }, retryOnFail(5));
	const ended = await runChain(
		ours('Submit', { operation: 'submit', ...FROM_NODES }),
		ours('Read', { operation: 'getResult' }),
		ours(NODE, { ...FROM_NODES, prompt: 'other' }),
		ours('Read again', { operation: 'getResult' }),
	);
	for (const name of ['Submit', 'Read', NODE, 'Read again']) {
		const [item] = itemsOf(ended, name);
		expect(item?.json).toHaveProperty('urls');
		expect(item?.json).not.toHaveProperty('error');
	}
	expect(itemsOf(ended, 'Read')[0]?.json.status).not.toBe('completed');
	expect(emulator.requestsTo('result')).toHaveLength(2);
	expect(emulator.requestsTo('download')).toHaveLength(2);
	expectPaid({ submitted: 2, uploaded: 6 });
});
