import { expect, it } from '@jest/globals';
import { chain, FROM_NODES, itemsOf, node, until, workflow } from '../testbed';
import { KEEP_RUNNING, NEVER, NODE, useVideo } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const { testbed, client, emulator, jobIds } = useVideo();

it('after a timeout of the workflow, the error workflow is told which jobs are paid for', async () => {
	emulator.scriptJob(NEVER);
	const ours = testbed.videoNode(NODE, { ...FROM_NODES, options: KEEP_RUNNING });
	const onError = node('On error', 'n8n-nodes-base.errorTrigger');
	const hook = await publish(testbed, (trigger) => {
		const flow = workflow('Too slow', ...chain(trigger, ...testbed.mediaNodes(), ours));
		return { ...flow, nodes: [...flow.nodes, onError], settings: { executionTimeout: 10 } };
	});
	await hook.sendJson({}, 'canceled');
	const { id } = await until(
		async () => {
			const executions = await client.executions({ workflowId: hook.workflowId });
			return executions.find(({ mode, status }) => mode === 'error' && status === 'success');
		},
		{ what: 'the error workflow' },
	);
	const [told] = itemsOf(await client.execution(id), 'On error');
	expect(JSON.stringify(told?.json)).toContain(jobIds()[0]);
});
