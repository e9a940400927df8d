import { expect, it } from '@jest/globals';
import { chain, FROM_NODES, manualTrigger, noOp, useTestbed, workflow } from '../testbed';
import { describeInBrowser, NODE } from './support/browser';

describeInBrowser('an execution that is stored while it waits', () => {
	const testbed = useTestbed({ editor: {} });
	const { client, emulator, editor } = testbed;

	it('names the job in the panel, and goes on by itself', async () => {
		const ours = testbed.videoNode(NODE, FROM_NODES);
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ours, noOp('After'));
		const { id } = await client.createWorkflow(workflow('Waiting', ...wires));
		emulator.scriptJob({ seconds: 'never' });
		await editor.openWorkflow(id);
		await editor.part('execute-workflow-button').click();
		await emulator.until(() => emulator.predictions().length === 1, 60_000);
		await editor.openNode(NODE);
		const [job] = emulator.predictions();
		const panel = editor.part('output-panel');
		await panel.getByText('The workflow continues automatically').waitFor();
		await panel.getByText(`Job ${job!.id} has been running since`).waitFor();
		await editor.closeNode();
		await emulator.finishAll();
		await editor.part('canvas-node-status-success', editor.node('After')).waitFor();
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});
