import { describe } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { NODE } from '../../e2e/support/video-workflow';
import { chain, manualTrigger, workflow } from '../../testbed';
import type { NodeOptions, Parameters, Testbed } from '../../testbed';
import { insist, type Editor } from '../../testbed/editor';
import { findChromium } from '../../testbed/lib/chromium';

export { NODE };

/** `describe` where there is a browser; elsewhere the tests show as skipped. */
export const describeInBrowser = findChromium() ? describe : describe.skip;

interface Surroundings {
	/** Nodes before those that read the media. */
	readonly before?: readonly INode[];
	/** Of the workflow. */
	readonly settings?: object;
	/** Of our node. */
	readonly node?: NodeOptions;
}

/** Opens our node in a new workflow, behind nodes that read the media. */
export async function openNode(
	testbed: Testbed,
	parameters: Parameters = {},
	{ before = [], settings = {}, node = {} }: Surroundings = {},
): Promise<void> {
	const { client, editor } = testbed;
	const nodes = [...before, ...testbed.mediaNodes(), testbed.videoNode(NODE, parameters, node)];
	const flow = workflow('In the editor', ...chain(manualTrigger(), ...nodes));
	const { id } = await client.createWorkflow({ ...flow, settings });
	await editor.openWorkflow(id);
	await editor.openNode(NODE);
}

/** Runs the open node, and waits for its success. */
export async function runNode({ editor }: Testbed): Promise<void> {
	await editor.runStep();
	await editor.part('node-run-status-success').waitFor();
}

/** Drags a field of an earlier node from the input panel into a field of the open node. */
export async function drop(
	editor: Editor,
	node: string,
	name: string,
	field: string,
): Promise<void> {
	const landed = editor.field(field).getByText('{{').first();
	await insist(landed, async () => {
		await editor.drag(await editor.input(node, name), editor.field(field));
	});
}
