import { expect, it } from '@jest/globals';
import { itemsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import { chain, node, workflow } from '../testbed/workflow';
import { jobIds, KEEP_RUNNING, NODE } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

it('after a timeout of the workflow, the error workflow is told which jobs are paid for', async () => {
	emulator.scriptJob({ seconds: 'never', times: 'always' });
	const ours = testbed.videoNode(NODE, { ...FROM_NODES, options: KEEP_RUNNING });
	const onError = node('On error', 'n8n-nodes-base.errorTrigger');
	const hook = await publish(testbed, (trigger) => {
		const flow = workflow('Too slow', ...chain(trigger, ...testbed.mediaNodes(), ours));
		return {
			...flow,
			nodes: [...flow.nodes, onError],
			settings: { ...flow.settings, executionTimeout: 10 },
		};
	});
	await hook.sendJson({}, 'canceled');
	const findError = async () => {
		const executions = await client.executions({ workflowId: hook.workflowId });
		return executions.find(({ mode, status }) => mode === 'error' && status === 'success');
	};
	await until(async () => (await findError()) !== undefined, { what: 'the error workflow' });
	const { id = '' } = (await findError()) ?? {};
	const [told] = itemsOf(await client.execution(id), 'On error');
	expect(JSON.stringify(told?.json)).toContain(jobIds(emulator)[0]);
});
