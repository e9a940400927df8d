/** The node under test and the small nodes around it. */
// Before anything of n8n or of the node is loaded.
import './environment';
import './time';
import {
	type IBinaryData,
	type IBinaryKeyData,
	type IDataObject,
	type INodeExecutionData,
	type INodeType,
	type INodeTypes,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { WaveSpeedInfiniteTalk } from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node';
import { NODE_TYPE } from '../../testbed/video-node';
import type { TestFile } from './files';

/** What n8n makes of the node under test for AI agents. */
export const TOOL_TYPE = `${NODE_TYPE}Tool`;

/** An item as a test writes it. */
export interface TestItem {
	json?: IDataObject;
	files?: Record<string, TestFile>;
	/** Binary data as code may put it there, whatever its form. */
	binary?: Record<string, unknown>;
}

/** What the sources put out, by the name of the node. */
type Sources = ReadonlyMap<string, readonly TestItem[]>;

/**
 * All node types of a workflow.
 *
 * @param loops how often *Again* sends its first input around
 */
export function createNodeTypes(sources: Sources, loops: number): INodeTypes {
	const tool = new WaveSpeedInfiniteTalk();
	tool.description = { ...tool.description, name: `${tool.description.name}Tool` };
	const types: Record<string, INodeType> = {
		[NODE_TYPE]: new WaveSpeedInfiniteTalk(),
		[TOOL_TYPE]: tool,
		'test.source': sourceType(sources),
		'test.pass': nodeType(async function () {
			return [this.getInputData()];
		}),
		'test.repeat': repeatType(loops),
	};
	const find = (name: string) => types[name]!;
	return { getByName: find, getByNameAndVersion: find, getKnownTypes: () => ({}) };
}

function nodeType(execute: NonNullable<INodeType['execute']>): INodeType {
	const description = {
		displayName: 'Test',
		name: 'test',
		group: ['transform' as const],
		version: 1,
		description: '',
		defaults: {},
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
		properties: [],
	};
	return { description, execute };
}

/** Puts out the items of the test; their files go through n8n's own helper into its store. */
function sourceType(sources: Sources): INodeType {
	return nodeType(async function () {
		const items = sources.get(this.getNode().name) ?? [];
		const last = this.getInputData().length - 1;
		const stored = new Map<TestFile, IBinaryData>();
		const output: INodeExecutionData[] = [];
		for (const [index, { json = {}, files = {}, ...more }] of items.entries()) {
			const binary = { ...more.binary } as IBinaryKeyData;
			for (const [field, file] of Object.entries(files)) {
				const { content, name, type } = file;
				const known =
					stored.get(file) ?? (await this.helpers.prepareBinaryData(content, name, type));
				stored.set(file, known);
				binary[field] = { ...known };
			}
			const some = Object.keys(binary).length > 0;
			const pairedItem = { item: Math.min(index, last) };
			output.push({ json, pairedItem, ...(some && { binary }) });
		}
		return [output];
	});
}

/** Sends its first input around by output 0, then what comes in by output 1. */
function repeatType(loops: number): INodeType {
	return nodeType(async function () {
		const memory = this.getContext('node') as { items?: INodeExecutionData[]; round?: number };
		memory.items ??= this.getInputData();
		memory.round = (memory.round ?? 0) + 1;
		return memory.round <= loops ? [memory.items, []] : [[], this.getInputData()];
	});
}
