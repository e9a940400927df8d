import { expect, it } from '@jest/globals';
import { itemsOf } from '../testbed/n8n';
import { describeQueue, useQueueMode } from './support/queue-mode';
import { createVideoWorkflow, expectPaid, NODE } from './support/video-workflow';

// In a file of its own: the minute until n8n wakes an execution by time passes beside other tests.
describeQueue('n8n in queue mode, with two workers', () => {
	const { testbed, workerOf } = useQueueMode();
	const { client, emulator } = testbed;

	it('another worker wakes by time what a killed one has stored', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always', webhook: 'none' });
		const flow = await createVideoWorkflow(testbed, { prompts: ['lost one', 'lost two'] });
		const id = await client.run(flow.id, 'Start');
		await client.waitFor(id, ['waiting']);
		const killed = workerOf(id);
		await killed.kill9();
		await emulator.finishAll();
		const ending = client.waitFor(id, ['success'], { timeoutMs: 180_000 });
		const [ended] = await Promise.all([ending, killed.restart()]);
		expect(itemsOf(ended, NODE).every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expectPaid(emulator, { submitted: 2 });
	});
});
