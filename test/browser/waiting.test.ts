import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { FROM_NODES, mediaNodes, talk } from '../e2e/support/bench';
import { chain, manualTrigger, noOp, workflow } from '../testbed/workflow';
import { describeInBrowser, sitDown, type Desk } from './support/desk';

const NODE = 'Make the video';

describeInBrowser('an execution that waits by webhook', () => {
	let desk: Desk;

	beforeAll(async () => {
		desk = await sitDown();
	});

	afterAll(async () => {
		await desk?.close();
	});

	it('says in the panel that it waits and why, and goes on by itself', async () => {
		const { client, editor, emulator } = desk;
		const ours = talk(desk, NODE, { ...FROM_NODES, waitBy: 'webhook' });
		const wires = chain(manualTrigger(), ...mediaNodes(desk), ours, noOp('After'));
		const { id } = await client.createWorkflow(workflow('Waiting', ...wires));
		emulator.scriptJob({ seconds: 'never' });
		await editor.openWorkflow(id);
		await editor.part('execute-workflow-button').click();
		await emulator.until(() => emulator.predictions().length === 1, 60_000);
		await editor.openNode(NODE);
		await editor.part('output-panel').getByText('The video is being made').waitFor();
		await editor.closeNode();
		await emulator.finishAll();
		await editor.part('canvas-node-status-success', editor.node('After')).waitFor();
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});
