/** Waiting: Automatic in an n8n that was told a wrong address of itself. */
import { expect, it } from '@jest/globals';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const testbed = useEngine({ publicUrl: 'n8n.example.com:5678/' });

it('an address that is none is not given to WaveSpeed: the job is polled', async () => {
	const execution = await testbed.engine.run({
		items: [{ files: mediaFixtures }],
		parameters: { options: { waiting: 'automatic' } },
	});

	expect(execution.failure).toBeUndefined();
	expect(execution.good[0]?.json.status).toBe('completed');
	expect(execution.run.waitTill).toBeUndefined();
	const [submission] = testbed.emulator.requestsTo('submit');
	expect(submission?.url).not.toContain('webhook');
	expect(testbed.emulator.requestsTo('result').length).toBeGreaterThan(0);
});
