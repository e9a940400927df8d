import { expect } from '@jest/globals';
import type { INode, NodeParameterValueType } from 'n8n-workflow';
import type { Emulator, JobScript } from '../../emulator/emulator';
import type { StoredWorkflow } from '../../testbed/n8n';
import { chain, manualTrigger, node, noOp, workflow } from '../../testbed/workflow';
import type { NodeOptions, Parameters } from '../../testbed/workflow';
import type { Testbed } from '../../testbed/testbed';
import { FROM_NODES } from '../../testbed/video-node';

/** Name of our node in {@link createVideoWorkflow}. */
export const NODE = 'Make the video';

/** A job that has ended when the answer to its submission comes, so that nobody polls for it. */
export const READY: JobScript = { seconds: 0, respondWhenEnded: true };

/** Options of a node that polls its jobs in memory to the end. */
export const KEEP_RUNNING: Readonly<Record<string, NodeParameterValueType>> = {
	waiting: 'keepRunning',
};

/** Retry On Fail without a pause between the tries, as far as n8n lets (one millisecond). */
export function retryOnFail(maxTries: number): NodeOptions {
	return { retryOnFail: true, maxTries, waitBetweenTries: 1 };
}

export interface VideoWorkflowOptions {
	/** Prompts of the items, one each; by them faults and scripts find the item. One item if none. */
	readonly prompts?: readonly string[];
	readonly parameters?: Parameters;
	readonly node?: NodeOptions;
}

/** Start → media → items → our node → After, and Failed at the error output if there is one. */
export async function createVideoWorkflow(
	testbed: Testbed,
	{ prompts = ['alone'], parameters = {}, node: options = {} }: VideoWorkflowOptions = {},
): Promise<StoredWorkflow> {
	const ours = testbed.videoNode(
		NODE,
		{ ...FROM_NODES, prompt: '={{ $json.prompt }}', ...parameters },
		options,
	);
	const rows = prompts.map((prompt, row) => ({ row, prompt }));
	const before = [manualTrigger(), ...testbed.mediaNodes(), ...rowNodes(rows)];
	const wires = chain(...before, ours, noOp('After'));
	if (options.onError === 'continueErrorOutput') wires.push([ours, noOp('Failed'), 1]);
	return await testbed.client.createWorkflow(workflow('Talking', ...wires));
}

/** Sends out fixed items without a Code node, whose task runner is slow to start on a busy machine. */
export function rowNodes(rows: readonly object[]): INode[] {
	const json = { mode: 'raw', jsonOutput: JSON.stringify({ rows }), options: {} };
	const split = { fieldToSplitOut: 'rows', options: {} };
	return [
		node('All rows', 'n8n-nodes-base.set', json, { typeVersion: 3.4 }),
		node('Rows', 'n8n-nodes-base.splitOut', split),
	];
}

/** Saves the workflow with other parameters of our node. */
export async function changeNode(
	testbed: Testbed,
	workflowId: string,
	parameters: Parameters,
): Promise<void> {
	const { nodes } = await testbed.client.getWorkflow(workflowId);
	const changed = nodes.map((node) =>
		node.name === NODE ? { ...node, parameters: { ...node.parameters, ...parameters } } : node,
	);
	await testbed.client.updateWorkflow(workflowId, { nodes: changed });
}

export interface Paid {
	/** Submissions that arrived, and were all accepted unless `billed` says otherwise. */
	submitted: number;
	billed?: number;
	refunded?: number;
	/** Files that were uploaded; the three of the fixtures unless given. */
	uploaded?: number;
}

/** What arrived at the service, and what it took money for. */
export function expectPaid(emulator: Emulator, paid: Paid): void {
	const { submitted, billed = submitted, refunded = 0, uploaded = 3 } = paid;
	expect({
		...emulator.billing(),
		uploaded: emulator.requestsTo('put', 'oneStep').length,
	}).toMatchObject({ submitted, billed, refunded, uploaded });
}

/** IDs of all jobs at the service, the oldest first. */
export function jobIds(emulator: Emulator): string[] {
	return emulator.predictions().map(({ id }) => id);
}
