import { chain, FROM_NODES, noOp, workflow, type Testbed } from '../../testbed';
import { NODE, rowNodes } from './video-workflow';
import { publish, type Hook } from './webhook-workflow';

/**
 * A published workflow of many items, each with a take of its own: production executions, which n8n's
 * limits count, and which it retries after Stop.
 */
export async function publishItems(
	testbed: Testbed,
	items: number,
	itemsInFlight: number,
): Promise<Hook> {
	const rows = Array.from({ length: items }, (_, row) => ({ prompt: `row ${row}` }));
	const parameters = { ...FROM_NODES, prompt: '={{ $json.prompt }}' };
	const ours = testbed.videoNode(NODE, { ...parameters, options: { itemsInFlight, seed: -1 } });
	return await publish(testbed, (trigger) =>
		workflow(
			'Many',
			...chain(trigger, ...testbed.mediaNodes(), ...rowNodes(rows), ours, noOp('After')),
		),
	);
}
