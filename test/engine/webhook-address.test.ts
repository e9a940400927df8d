/** Wait By: Webhook in an n8n that was told a wrong address of itself. */
import { expect, test } from '@jest/globals';
import { mediaFixtures } from './support/files';
import { useEngine } from './support/testbed';

const suite = useEngine({ publicUrl: 'n8n.example.com:5678/' });

test('an address that is none is refused before anything is sent, without its secret', async () => {
	const ran = await suite.engine.run({
		items: [{ files: mediaFixtures }],
		parameters: { waitBy: 'webhook' },
	});
	expect(ran.error.message).toContain(
		'Wait By: WaveSpeed cannot call this n8n at n8n.example.com:5678: it does not start with https://',
	);
	expect(ran.error.description).toContain('WEBHOOK_URL');
	expect(suite.emulator.requests).toEqual([]);
});
