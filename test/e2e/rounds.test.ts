/** Many items of one stored execution, whose jobs end close together: each is paid for and fetched once. */
import { describe, expect, it } from '@jest/globals';
import { itemsOf, type Execution } from '../testbed/n8n';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import { chain, noOp, workflow } from '../testbed/workflow';
import type { Testbed } from '../testbed/testbed';
import { NODE, rowNodes } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const testbed = useTestbed({ start: { env: { N8N_CONCURRENCY_PRODUCTION_LIMIT: '1' } } });

/** A production execution, which n8n's limit counts. */
async function runInProduction(
	testbed: Testbed,
	items: number,
	atOnce: number,
): Promise<Execution> {
	const prompts = Array.from({ length: items }, (_, row) => ({ prompt: `row ${row}` }));
	const ours = testbed.videoNode(NODE, {
		...FROM_NODES,
		prompt: '={{ $json.prompt }}',
		options: { itemsInFlight: atOnce, seed: -1 },
	});
	const hook = await publish(testbed, (trigger) =>
		workflow(
			'Many',
			...chain(trigger, ...testbed.mediaNodes(), ...rowNodes(prompts), ours, noOp('After')),
		),
	);
	return await hook.sendJson({}, 'success');
}

describe('n8n with one production execution at a time', () => {
	it('pays for each of 40 items once, and fetches each video once', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ seconds: 1, times: 'always' });
		const ended = await runInProduction(testbed, 40, 10);
		const out = itemsOf(ended, NODE);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(out.map((_, item) => ({ item })));
		expect(new Set(out.map(({ json }) => json.id)).size).toBe(40);
		expect(emulator.billing()).toMatchObject({ submitted: 40, billed: 40 });
		expect(emulator.requestsTo('download')).toHaveLength(40);
	});
});
