/** Waiting: Automatic in an n8n that was told a wrong address of itself. */
import { expect, test } from '@jest/globals';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const suite = useEngine({ publicUrl: 'n8n.example.com:5678/' });

test('an address that is none is not given to WaveSpeed: the job is polled', async () => {
	const ran = await suite.engine.run({
		items: [{ files: mediaFixtures }],
		parameters: { options: { waiting: 'automatic' } },
	});

	expect(ran.failure).toBeUndefined();
	expect(ran.good[0]?.json.status).toBe('completed');
	expect(ran.run.waitTill).toBeUndefined();
	const [submission] = suite.emulator.requestsTo('submit');
	expect(submission?.url).not.toContain('webhook');
	expect(suite.emulator.requestsTo('result').length).toBeGreaterThan(0);
});
