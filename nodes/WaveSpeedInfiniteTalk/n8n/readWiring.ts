/** Reads from n8n what stands before our node, and which files it has. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { BINARY_MODE_COMBINED } from './binaryValue';
import type { Files } from './fileValues';
import { filesIn, toEntries } from './fileValues';
import type { Item } from './item';
import type { NodeBefore, Wiring } from './wiring';
import { quoted } from './wiring';

/** More nodes than that do not help anybody. */
const MAX_NODES = 30;

/** What stands before our node, as one of its items sees it. Asked only when something is missing. */
export function readWiring(item: Item): Wiring {
	const items = item.context.getInputData();
	return {
		before: readNodesBefore(item),
		files: toEntries(filesIn(item.input())),
		hasFilesInOtherItems: items.some(
			(other, index) => index !== item.index && Object.keys(filesIn(other)).length > 0,
		),
		isCombined: isCombined(item.context),
	};
}

export function isCombined(context: IExecuteFunctions): boolean {
	return context.getWorkflowSettings().binaryMode === BINARY_MODE_COMBINED;
}

/** True when a node with that name has run in this execution. */
export function hasRun(item: Item, node: string): boolean {
	return evaluate(item, `$('${quoted(node)}').isExecuted`) === true;
}

/** The files of the node's item that belongs to ours, or of its first one. */
export function readFilesOf(
	item: Item,
	node: string,
): { access: 'item' | 'first()'; files: Files } {
	const paired = evaluate(item, `$('${quoted(node)}').item`);
	if (paired) return { access: 'item', files: filesIn(paired) };
	const first = evaluate(item, `$('${quoted(node)}').first()`);
	return { access: 'first()', files: filesIn(first) };
}

/** In the order in which they run. */
function readNodesBefore(item: Item): NodeBefore[] {
	const { name: ours } = item.context.getNode();
	const direct = item.context.getParentNodes(ours, { depth: 1 }).map(({ name }) => name);
	const nodes = item.context
		.getParentNodes(ours, { includeNodeParameters: true })
		.filter(({ disabled }) => !disabled)
		.slice(-MAX_NODES)
		.map(({ name, type, parameters = {} }) => {
			const read = hasRun(item, name) ? readFilesOf(item, name) : undefined;
			const files = toEntries(read?.files ?? {});
			const isDirect = direct.includes(name);
			return { name, type, parameters, isDirect, files, access: read?.access ?? 'item' };
		});
	// n8n begins with the farthest one, but names the nodes at our own inputs the other way round.
	const atInputs = nodes.filter(({ isDirect }) => isDirect);
	return nodes.map((node) => (node.isDirect ? atInputs.pop()! : node));
}

/** An expression's value; undefined when it cannot be evaluated. */
function evaluate(item: Item, expression: string): unknown {
	try {
		return item.evaluate(`{{ ${expression} }}`);
	} catch {
		return undefined;
	}
}
