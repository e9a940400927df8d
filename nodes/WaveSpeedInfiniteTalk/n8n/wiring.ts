/** Reads from n8n what stands before our node, and which files reach it. */
import type { IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import type { PlacedFile } from './findFile';
import { filesIn, filesOfNode, ownFiles } from './findFile';
import type { Item } from './item';

/** A node before ours; a direct one when its output goes straight into ours. */
export type NodeBefore = Pick<NodeTypeAndVersion, 'name' | 'type' | 'parameters'> & {
	isDirect: boolean;
};

/** What arrives at our node, and from where, as one of its items sees it. */
export interface Wiring {
	/** In the order in which they run; without disabled nodes. */
	nodes: readonly NodeBefore[];
	/** Files of these nodes; the same file again where one passes it on. */
	before: readonly PlacedFile[];
	/** Files of our item. */
	own: readonly PlacedFile[];
	/** True when other items of our input have files. */
	hasFilesInOtherItems: boolean;
}

/** Asked only when something is missing. */
export function readWiring(item: Item): Wiring {
	const { context, index } = item;
	const nodes = readNodesBefore(context);
	const others = context.getInputData().filter((_item, at) => at !== index);
	return {
		nodes,
		before: nodes.flatMap(({ name }) => filesOfNode(item, name)),
		own: ownFiles(item),
		hasFilesInOtherItems: others.some((other) => Object.keys(filesIn(other)).length > 0),
	};
}

function readNodesBefore(context: IExecuteFunctions): NodeBefore[] {
	const { name: ours } = context.getNode();
	const direct = context.getParentNodes(ours, { depth: 1 }).map(({ name }) => name);
	const nodes = context
		.getParentNodes(ours, { includeNodeParameters: true })
		.filter(({ disabled }) => !disabled)
		.map((node) => ({ ...node, isDirect: direct.includes(node.name) }));
	// n8n begins with the farthest one, but names the nodes at our own inputs the other way round.
	const atInputs = nodes.filter(({ isDirect }) => isDirect);
	return nodes.map((node) => (node.isDirect ? atInputs.pop()! : node));
}
