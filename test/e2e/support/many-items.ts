import type { Testbed } from '../../testbed';
import { videoOf } from './video-workflow';
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
	const prompts = Array.from({ length: items }, (_, row) => `row ${row}`);
	const parameters = { options: { itemsInFlight } };
	const { flow } = videoOf(testbed);
	return await publish(testbed, (trigger) => flow({ prompts, parameters, trigger }));
}
