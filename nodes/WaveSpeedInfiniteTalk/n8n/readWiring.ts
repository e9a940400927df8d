/** Reads from n8n what stands before our node, and which files it has. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { BINARY_MODE_COMBINED } from './binaryValue';
import type { Files } from './fileValues';
import { filesIn, toEntries } from './fileValues';
import type { NodeBefore, Wiring } from './wiring';
import { quoted } from './wiring';

/** More nodes than that do not help anybody. */
const MOST_NODES = 30;

/** What stands before our node, as one of its items sees it. Asked only when something is missing. */
export function readWiring(context: IExecuteFunctions, itemIndex: number): Wiring {
	const items = context.getInputData();
	return {
		before: readNodesBefore(context, itemIndex),
		files: toEntries(filesIn(items[itemIndex])),
		hasFilesInOtherItems: items.some(
			(item, index) => index !== itemIndex && Object.keys(filesIn(item)).length > 0,
		),
		isCombined: isCombined(context),
	};
}

export function isCombined(context: IExecuteFunctions): boolean {
	return context.getWorkflowSettings().binaryMode === BINARY_MODE_COMBINED;
}

/** The nodes before ours without their files. */
export function listNodesBefore(
	context: IExecuteFunctions,
): Array<Pick<NodeBefore, 'name' | 'type' | 'parameters' | 'isDirect'>> {
	const { name: ours } = context.getNode();
	const direct = new Set(context.getParentNodes(ours, { depth: 1 }).map(({ name }) => name));
	return context
		.getParentNodes(ours, { includeNodeParameters: true })
		.filter(({ disabled }) => !disabled)
		.slice(0, MOST_NODES)
		.map(({ name, type, parameters = {} }) => {
			return { name, type, parameters, isDirect: direct.has(name) };
		});
}

/** True when a node of that name has run in this execution. */
export function hasRun(context: IExecuteFunctions, node: string, itemIndex: number): boolean {
	return evaluate(context, `$('${quoted(node)}').isExecuted`, itemIndex) === true;
}

/** The files of the node's item that belongs to ours, or of its first one. */
export function readFilesOf(
	context: IExecuteFunctions,
	node: string,
	itemIndex: number,
): { access: 'item' | 'first()'; files: Files } {
	const paired = evaluate(context, `$('${quoted(node)}').item`, itemIndex);
	if (paired) return { access: 'item', files: filesIn(paired) };
	const first = evaluate(context, `$('${quoted(node)}').first()`, itemIndex);
	return { access: 'first()', files: filesIn(first) };
}

function readNodesBefore(context: IExecuteFunctions, itemIndex: number): NodeBefore[] {
	return listNodesBefore(context).map((node) => {
		if (!hasRun(context, node.name, itemIndex)) {
			return { ...node, hasRun: false, files: [], access: 'item' as const };
		}
		const { access, files } = readFilesOf(context, node.name, itemIndex);
		return { ...node, hasRun: true, files: toEntries(files), access };
	});
}

/** An expression's value; undefined when it cannot be evaluated. */
function evaluate(context: IExecuteFunctions, expression: string, itemIndex: number): unknown {
	try {
		return context.evaluateExpression(`{{ ${expression} }}`, itemIndex);
	} catch {
		return undefined;
	}
}
