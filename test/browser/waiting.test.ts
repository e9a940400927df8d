import { it } from '@jest/globals';
import { NODE, useVideo } from '../e2e/support/video-workflow';
import { describeInBrowser } from './support/browser';

describeInBrowser('an execution that is stored while it waits', () => {
	const { testbed, emulator, create, expectPaid } = useVideo({ editor: {} });
	const { editor } = testbed;

	it('names the job in the panel, and goes on by itself', async () => {
		const { id } = await create();
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
		expectPaid({ submitted: 1 });
	});
});
