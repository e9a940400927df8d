import { expect, it } from '@jest/globals';
import { itemsOf } from '../testbed';
import { describeQueue, useQueueMode } from './support/queue-mode';
import { NEVER, NODE } from './support/video-workflow';

// In a file of its own: the minute until n8n wakes an execution by time passes beside other tests.
describeQueue('n8n in queue mode, with two workers', () => {
	const { client, emulator, store, expectPaid, workerOf } = useQueueMode();

	it('another worker wakes by time what a killed one has stored', async () => {
		emulator.scriptJob({ ...NEVER, webhook: 'none' });
		const id = await store({ prompts: ['lost one', 'lost two'] });
		const killed = workerOf(id);
		await killed.kill9();
		await emulator.finishAll();
		const [ended] = await Promise.all([client.waitFor(id, ['success']), killed.restart()]);
		expect(itemsOf(ended, NODE).every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expectPaid({ submitted: 2 });
	});
});
