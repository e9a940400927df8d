import { expect } from '@jest/globals';
import type { INode, NodeParameterValueType } from 'n8n-workflow';
import type { JobScript } from '../../emulator/emulator';
import { FROM_NODES, itemsOf, runsOf, useTestbed } from '../../testbed';
import type { Testbed, TestbedOptions } from '../../testbed';
import { chain, manualTrigger, node, noOp, workflow } from '../../testbed';
import type { Execution, ExecutionStatus, NodeOptions, Parameters } from '../../testbed';
import type { WorkflowJson } from '../../testbed';

/** Name of our node in the workflows that these tests make. */
export const NODE = 'Make the video';

/** Jobs that end when the test says so. */
export const NEVER: JobScript = { seconds: 'never', times: 'always' };

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
	/** Started by hand unless given. */
	readonly trigger?: INode;
	/** At the node's error output. */
	readonly failed?: INode;
}

interface Paid {
	/** Submissions that arrived, and were all accepted unless `billed` says otherwise. */
	submitted: number;
	billed?: number;
	refunded?: number;
	/** Files that were uploaded; the three of the fixtures unless given. */
	uploaded?: number;
}

/** {@link videoOf} a testbed for the tests of a file. */
export function useVideo(options: TestbedOptions = {}) {
	return videoOf(useTestbed(options));
}

/** Workflows around our node, in a testbed, and what they made the service do. */
export function videoOf(testbed: Testbed) {
	const { client, emulator } = testbed;

	const video = {
		testbed,
		client,
		emulator,

		/** Trigger → media → items → our node → After. */
		flow({ prompts = ['alone'], ...given }: VideoWorkflowOptions = {}): WorkflowJson {
			const { parameters, node: options, trigger = manualTrigger(), failed } = given;
			const all = { ...FROM_NODES, prompt: '={{ $json.prompt }}', ...parameters };
			const ours = testbed.videoNode(NODE, all, options);
			const rows = rowNodes(prompts.map((prompt, row) => ({ row, prompt })));
			const wires = chain(trigger, ...testbed.mediaNodes(), ...rows, ours, noOp('After'));
			if (failed) wires.push([ours, failed, 1]);
			return workflow('Talking', ...wires);
		},

		/** Saves it. */
		async create(options?: VideoWorkflowOptions) {
			return await client.createWorkflow(video.flow(options));
		},

		/** Starts what {@link create} saves; gives the execution's ID. */
		async start(options?: VideoWorkflowOptions): Promise<string> {
			return await client.run((await video.create(options)).id, 'Start');
		},

		/** Starts it, and waits until its execution is stored. */
		async store(options?: VideoWorkflowOptions): Promise<string> {
			const id = await video.start(options);
			await client.waitFor(id, ['waiting']);
			return id;
		},

		/** Starts it, and waits for its end. */
		async run(
			options?: VideoWorkflowOptions,
			status: ExecutionStatus = 'success',
		): Promise<Execution> {
			return await client.waitFor(await video.start(options), [status]);
		},

		/** Starts Start → media → these nodes; gives the execution's ID. */
		async startChain(...nodes: INode[]): Promise<string> {
			const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ...nodes);
			const { id } = await client.createWorkflow(workflow('Chain', ...wires));
			return await client.run(id, 'Start');
		},

		/** Retries an execution, and waits for the end of the retry. */
		async retry(
			id: string,
			which: 'original' | 'current' = 'original',
			status: ExecutionStatus = 'success',
		): Promise<Execution> {
			return await client.waitFor(await client.retryExecution(id, which), [status]);
		},

		/** The first job with this prompt. */
		jobOf(prompt: string) {
			const found = emulator.predictions().find(({ inputs }) => inputs.prompt === prompt);
			if (!found) throw new Error(`There is no job with the prompt ${prompt}`);
			return found;
		},

		/** The jobs whose calls go to an execution. */
		jobsOf(execution: string) {
			return emulator.predictions().filter(({ webhook }) => webhook?.includes(`/${execution}/`));
		},

		/** IDs of all jobs at the service, the oldest first. */
		jobIds: () => emulator.predictions().map(({ id }) => id),

		/** Waits for the end: an item for each prompt, with the video of its own job, and the workflow went on once. */
		async expectVideos(execution: string, ...prompts: readonly string[]): Promise<Execution> {
			const ended = await client.waitFor(execution, ['success']);
			const out = itemsOf(ended, NODE);
			const promptOf = new Map(emulator.predictions().map(({ id, inputs }) => [id, inputs.prompt]));
			expect(out.map(({ json }) => promptOf.get(String(json.id)))).toEqual(prompts);
			const types = out.map(({ binary }) => binary?.data?.mimeType);
			expect(types).toEqual(prompts.map(() => 'video/mp4'));
			expect(runsOf(ended, 'After')).toBe(1);
			return ended;
		},

		/** That this arrived at the service, and that it took money for it. */
		expectPaid({ submitted, billed = submitted, refunded = 0, uploaded = 3 }: Paid): void {
			const uploads = emulator.requestsTo('put', 'oneStep').length;
			const expected = { submitted, billed, refunded, uploaded };
			expect({ ...emulator.billing(), uploaded: uploads }).toMatchObject(expected);
		},
	};
	return video;
}

/** The nodes of a workflow, with a change in ours. */
export function changeOurs(nodes: readonly INode[], change: Partial<INode>): INode[] {
	return nodes.map((each) => (each.name === NODE ? { ...each, ...change } : each));
}

/** Sends out fixed items without a Code node, whose task runner is slow to start on a busy machine. */
function rowNodes(rows: readonly object[]): INode[] {
	const json = { mode: 'raw', jsonOutput: JSON.stringify({ rows }), options: {} };
	const split = { fieldToSplitOut: 'rows', options: {} };
	return [
		node('All rows', 'n8n-nodes-base.set', json, { typeVersion: 3.4 }),
		node('Rows', 'n8n-nodes-base.splitOut', split),
	];
}
