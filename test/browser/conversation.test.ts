import path from 'node:path';
import { expect, it } from '@jest/globals';
import { chain, manualTrigger, readFile, useTestbed, workflow } from '../testbed';
import { describeInBrowser, drop } from './support/browser';

const COMBINE = 'Combine turns into two voices';

describeInBrowser('a conversation, without a manual', () => {
	const testbed = useTestbed(
		{ emulator: { render: 'video', jobSeconds: 0 }, editor: { height: 1000 } },
		{ reset: false },
	);
	const { client, emulator, editor } = testbed;

	it('becomes two voices that can be played, without a credential', async () => {
		const { files } = testbed;
		const nodes = chain(
			manualTrigger(),
			readFile('Picture', path.join(files, 'pair.png')),
			readFile('Lines', path.join(files, '*-tone.wav')),
		);
		const { id } = await client.createWorkflow(workflow('Conversation', ...nodes));
		await editor.openWorkflow(id);
		await editor.addNode('dialogue', COMBINE);
		await editor.field('audio').waitFor();
		expect(await editor.page.getByText('Credential to connect with').isVisible()).toBe(false);

		await editor.runEarlierNodes();
		await editor.giveExpression(
			'speaker',
			"{{ $json.fileName.startsWith('left') ? 'left' : 'right' }}",
		);
		await editor.runStep();
		const output = editor.part('output-panel');
		await output.getByText('left_audio', { exact: true }).waitFor();
		expect(await editor.part('ndv-view-binary-data', output).count()).toBe(2);
		expect(emulator.requests).toEqual([]);
	});

	it('is a video after one more node, with both voices at the same time', async () => {
		await editor.closeNode();
		await editor.addNode('talking video', 'Submit and wait for a video');
		await editor.part('radio-button-schema', editor.part('ndv-input-panel')).click();
		await drop(editor, 'Picture', 'fileName', 'image');
		await editor.choose('order', 'Both at the Same Time');
		await editor.runStep();
		await editor.playVideo();
		const [job] = emulator.predictions();
		expect(job?.inputs.order).toBe('meanwhile');
		const seconds = emulator.uploads().flatMap((file) => file.seconds ?? []);
		expect(seconds).toEqual([4.8, 4.8]);
	});
});
