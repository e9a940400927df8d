import { expect, it } from '@jest/globals';
import { chain, items, manualTrigger, media, noOp, useTestbed, workflow } from '../testbed';
import type { Parameters } from '../testbed';
import { describeInBrowser, drop, NODE, openNode, runNode } from './support/browser';

describeInBrowser('a media field', () => {
	const testbed = useTestbed({
		emulator: { jobSeconds: 0 },
		editor: { height: 1300 },
	});
	const { client, emulator, editor } = testbed;

	/** Opens our node, with all that comes before it run. In combined mode n8n lets files be dragged. */
	async function open(binaryMode: 'combined' | 'separate', given: Parameters = {}) {
		const before = [items('Link', { voice: `${emulator.origins.web}/left-voice.wav` })];
		await openNode(testbed, given, { before, settings: { binaryMode } });
		await editor.runEarlierNodes();
	}

	it('takes a dropped file of the item, a file of an earlier node, and a link', async () => {
		await open('combined');
		await drop(editor, 'Right voice', 'data', 'rightAudio');
		await drop(editor, 'Picture', 'data', 'image');
		await editor.chooseMode('leftAudio', 'url');
		await drop(editor, 'Link', 'voice', 'leftAudio');
		await runNode(testbed);
		const uploads = emulator.uploads().map((file) => file.fileName);
		expect(uploads.sort()).toEqual(['left-voice.wav', 'pair.png', 'right-tone.wav']);
	});

	it("takes a link that is dropped while the field is set to File, and a file's name", async () => {
		const file = (node: string) => media('binary', `={{ $('${node}').first().binary.data }}`);
		await open('separate', { image: media('binary', 'x'), rightAudio: file('Right voice') });
		await drop(editor, 'Link', 'voice', 'leftAudio');
		// In separate binary mode, n8n lets a file's name be dragged, not the file.
		await drop(editor, 'Picture', 'fileName', 'image');
		await runNode(testbed);
		const uploads = emulator.uploads().map((file) => file.fileName);
		expect(uploads).toContain('left-voice.wav');
	});

	it('offers the output fields to the next node before the first run', async () => {
		const wires = chain(manualTrigger(), testbed.videoNode(NODE), noOp('After'));
		const { id } = await client.createWorkflow(workflow('Fields', ...wires));
		await editor.openWorkflow(id);
		await editor.node('After').dblclick();
		const offered = await editor.input(NODE, 'video_url');
		expect(await offered.getAttribute('data-value')).toContain('video_url');
	});

	it('says which voice is which, where files come from, and what it costs', async () => {
		await openNode(testbed);
		const panel = await editor.part('node-parameters').first().innerText();
		const order = [
			...['bills each second', 'A picture of the speakers', 'drag its fileName here'],
			...['person on the left', 'person on the right', 'Speaking Order', 'Prompt'],
		];
		const places = order.map((words) => panel.indexOf(words));
		expect(places).toEqual([...places].sort((a, b) => a - b));
		expect(places).not.toContain(-1);
	});
});
