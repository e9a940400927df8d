import { expect, it } from '@jest/globals';
import { chain, items, manualTrigger, noOp, workflow, type Parameters } from '../testbed/workflow';
import { describeInBrowser } from './support/browser';
import { drop } from './support/drop';
import { useTestbed } from '../testbed/jest/use-testbed';
import { media } from '../testbed/video-node';

const NODE = 'Make the video';
const LINK = 'https://media.example/left.mp3';

describeInBrowser('a media field', () => {
	const testbed = useTestbed({
		emulator: { readInputs: false, jobSeconds: 0 },
		editor: { height: 1300 },
	});

	/** Opens our node, with all that comes before it run. In combined mode n8n lets files be dragged. */
	async function open(binaryMode: 'combined' | 'separate', given: Parameters = {}) {
		const link = items('Link', { voice: LINK });
		const wires = chain(
			manualTrigger(),
			link,
			...testbed.mediaNodes(),
			testbed.videoNode(NODE, given),
		);
		const flow = workflow(`Dragging, ${binaryMode}`, ...wires);
		const { id } = await testbed.client.createWorkflow({ ...flow, settings: { binaryMode } });
		await testbed.editor.openWorkflow(id);
		await testbed.editor.openNode(NODE);
		await testbed.editor.runEarlierNodes();
	}

	async function submitted() {
		await testbed.editor.runStep();
		await testbed.editor.part('node-run-status-success').waitFor();
		const [job] = testbed.emulator.predictions();
		return {
			inputs: job!.inputs,
			uploads: testbed.emulator.uploads().map((file) => file.fileName),
		};
	}

	it('takes a dropped file of the item, a file of an earlier node, and a link', async () => {
		await open('combined');
		await drop(testbed.editor, 'Right voice', 'data', 'rightAudio');
		await drop(testbed.editor, 'Picture', 'data', 'image');
		await testbed.editor.chooseMode('leftAudio', 'url');
		await drop(testbed.editor, 'Link', 'voice', 'leftAudio');
		const { inputs, uploads } = await submitted();
		expect(uploads.sort()).toEqual(['pair.png', 'right-tone.wav']);
		expect(inputs.left_audio).toBe(LINK);
	});

	it('takes a link that is dropped while the field is set to File', async () => {
		const file = (node: string) => media('binary', `={{ $('${node}').first().binary.data }}`);
		await open('separate', { image: file('Picture'), rightAudio: file('Right voice') });
		await drop(testbed.editor, 'Link', 'voice', 'leftAudio');
		const { inputs } = await submitted();
		expect(inputs.left_audio).toBe(LINK);
	});

	it('offers the output fields to the next node before the first run', async () => {
		const wires = chain(manualTrigger(), testbed.videoNode(NODE), noOp('After'));
		const { id } = await testbed.client.createWorkflow(workflow('Fields', ...wires));
		await testbed.editor.openWorkflow(id);
		await testbed.editor.node('After').dblclick();
		const offered = await testbed.editor.input(NODE, 'video_url');
		expect(await offered.getAttribute('data-value')).toContain('video_url');
	});

	it('says which voice is which, where files come from, and what it costs', async () => {
		const wires = chain(manualTrigger(), testbed.videoNode(NODE));
		const { id } = await testbed.client.createWorkflow(workflow('Panel', ...wires));
		await testbed.editor.openWorkflow(id);
		await testbed.editor.openNode(NODE);
		const panel = await testbed.editor.part('node-parameters').first().innerText();
		const order = [
			...['bills each second', 'A picture of two people', "$('Picture').item.binary.data"],
			...['person on the left', 'person on the right', 'Speaking Order', 'Prompt'],
		];
		const places = order.map((words) => panel.indexOf(words));
		expect(places).toEqual([...places].sort((a, b) => a - b));
		expect(places).not.toContain(-1);
	});
});
