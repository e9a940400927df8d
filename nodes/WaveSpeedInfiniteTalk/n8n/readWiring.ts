/** Reads from n8n what stands before our node, and which files it has. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { BINARY_MODE_COMBINED } from './binaryValue';
import type { Files } from './findFile';
import { filesIn } from './findFile';
import type { Item } from './item';
import type { FileEntry, NodeBefore, Wiring } from './wiring';

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
	};
}

function toEntries(files: Files): FileEntry[] {
	return Object.entries(files).map(([field, { fileName, mimeType }]) => ({
		field,
		fileName: String(fileName ?? ''),
		mimeType: String(mimeType),
	}));
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

/** The expression that gives a file of a node before ours. */
export function fileExpression(
	node: string,
	access: string,
	field: string,
	combined: boolean,
): string {
	const files = combined ? '_files' : 'binary';
	return `{{ $('${quoted(node)}').${access}.${files}${property(field)} }}`;
}

/** A name as it stands between single quotes in an expression. */
function quoted(name: string): string {
	return name.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}

/** `.name`, or `['any name']`. */
export function property(name: string): string {
	if (/^[A-Za-z_$][\w$]*$/.test(name)) return `.${name}`;
	return `['${quoted(name)}']`;
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
			const { access, files } = readFilesOf(item, name);
			const entries = toEntries(files).map((file) => ({
				...file,
				expression: fileExpression(name, access, file.field, isCombined(item.context)),
			}));
			return { name, type, parameters, isDirect: direct.includes(name), files: entries };
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
