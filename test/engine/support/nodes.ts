/** The node under test and the small nodes around it. */
// Before anything of n8n or of the node is loaded.
import './environment';
import './time';
import {
	type IBinaryData,
	type IBinaryKeyData,
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	type INodeTypes,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { WaveSpeedInfiniteTalk } from '../../../nodes/WaveSpeedInfiniteTalk/WaveSpeedInfiniteTalk.node';
import type { TestFile } from './files';

export const VIDEO_TYPE = 'n8n-nodes-wavespeed-infinitetalk.waveSpeedInfiniteTalk';
/** What n8n makes of it for AI agents. */
export const TOOL_TYPE = `${VIDEO_TYPE}Tool`;

/** An item as a test writes it. */
export interface TestItem {
	json?: IDataObject;
	files?: Record<string, TestFile>;
	/** Binary data as code may put it there, whatever its form. */
	binary?: Record<string, unknown>;
}

/** What the sources put out, by the name of the node. */
export type Sources = Map<string, readonly TestItem[]>;

/** All node types of a workflow. Each engine has its own, since a node type is shared by its runs. */
export function createNodeTypes(sources: Sources): INodeTypes {
	const types: Record<string, INodeType> = {
		[VIDEO_TYPE]: new WaveSpeedInfiniteTalk(),
		[TOOL_TYPE]: toolType(),
		'test.source': sourceType(sources),
		'test.pass': passType(),
		'test.repeat': repeatType(),
	};
	const find = (name: string): INodeType => {
		const found = types[name];
		if (!found) throw new Error(`There is no node type ${name}`);
		return found;
	};
	return {
		getByName: find,
		getByNameAndVersion: find,
		getKnownTypes: () => ({}),
	};
}

function describe(name: string, more: Partial<INodeTypeDescription> = {}): INodeTypeDescription {
	return {
		displayName: name,
		name,
		group: ['transform'],
		version: 1,
		description: '',
		defaults: { name },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
		...more,
	};
}

function toolType(): INodeType {
	const tool = new WaveSpeedInfiniteTalk();
	tool.description = { ...tool.description, name: `${tool.description.name}Tool` };
	return tool;
}

/** Puts out the items of the test; their files go through n8n's own helper into its store. */
function sourceType(sources: Sources): INodeType {
	return {
		description: describe('source'),
		async execute(this: IExecuteFunctions) {
			const items = sources.get(this.getNode().name) ?? [];
			const last = this.getInputData().length - 1;
			const store = async ({ content, name, type }: TestFile) =>
				await this.helpers.prepareBinaryData(content, name, type);
			const stored = new Map<TestFile, IBinaryData>();
			const output: INodeExecutionData[] = [];
			for (const [index, { json = {}, files = {}, ...more }] of items.entries()) {
				const binary = { ...more.binary } as IBinaryKeyData;
				for (const [field, file] of Object.entries(files)) {
					const known = stored.get(file) ?? (await store(file));
					stored.set(file, known);
					binary[field] = { ...known };
				}
				const some = Object.keys(binary).length > 0;
				const pairedItem = { item: Math.min(index, last) };
				output.push({ json, pairedItem, ...(some && { binary }) });
			}
			return [output];
		},
	};
}

function passType(): INodeType {
	return {
		description: describe('pass'),
		async execute(this: IExecuteFunctions) {
			return [this.getInputData()];
		},
	};
}

/** Sends its first input around `times` times by output 0, then what comes in by output 1. */
function repeatType(): INodeType {
	return {
		description: describe('repeat', {
			outputs: [NodeConnectionTypes.Main, NodeConnectionTypes.Main],
			properties: [{ displayName: 'Times', name: 'times', type: 'number', default: 1 }],
		}),
		async execute(this: IExecuteFunctions) {
			const memory = this.getContext('node') as { items?: INodeExecutionData[]; round?: number };
			memory.items ??= this.getInputData();
			memory.round = (memory.round ?? 0) + 1;
			const times = Number(this.getNodeParameter('times', 0));
			return memory.round <= times ? [memory.items, []] : [[], this.getInputData()];
		},
	};
}
