/** Advice for files that are not where the fields look for them, from what stands before our node. */
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS, INPUT_NAMES } from '../errors/inputNames';
import { shorten } from '../shared/characters';

/** A file in an item. */
export interface FileEntry {
	/** Name of its binary field. */
	field: string;
	fileName: string;
	mimeType: string;
	/** As n8n writes it, such as "17.7 kB". */
	size?: string;
}

/** A node before ours. */
export interface NodeBefore {
	name: string;
	type: string;
	parameters: Readonly<Record<string, unknown>>;
	/** True when its output goes straight into our node. */
	isDirect: boolean;
	hasRun: boolean;
	/** The files of its item that belongs to ours (`item`), or of its first one. */
	files: readonly FileEntry[];
	access: 'item' | 'first()';
}

/** What arrives at our node, and from where. */
export interface Wiring {
	/** Without disabled nodes. */
	before: readonly NodeBefore[];
	/** The files of our item. */
	files: readonly FileEntry[];
	/** True when other items of our input have files. */
	hasFilesInOtherItems: boolean;
	/** True in n8n's combined binary mode, where expressions see an item's JSON only. */
	isCombined: boolean;
}

const MERGE = 'n8n-nodes-base.merge';
const BY_POSITION = 'Combine, By Position';
const DROP = 'drag each file into its field';

/**
 * What to do when fields find no file.
 *
 * @param missing the fields, at least one
 */
export function adviseOnFiles(wiring: Wiring, missing: readonly InputName[]): string {
	const { before, files } = wiring;
	if (before.length === 0) {
		return `Connect the nodes that give the picture and the voices before it, one after the other, and ${DROP}.`;
	}
	if (files.length >= INPUT_NAMES.length) return adviseOnNames(files, missing);
	const merge = mergeBefore(wiring);
	if (merge) return adviseOnMerge(wiring, merge, missing);
	const direct = before.filter(({ isDirect }) => isDirect);
	if (direct.length > 1) return adviseOnBranches(wiring, direct);
	if (filesElsewhere(wiring).length > 0) return suggestions(wiring, missing);
	if (wiring.hasFilesInOtherItems) {
		return `${arriving(wiring)} The other files are in other items, and this node needs three in one: give each file its own node, in a row, and ${DROP}.`;
	}
	if (files.length > 0) return adviseOnNames(files, missing);
	return `${listNames(before)} ${before.length === 1 ? 'gives' : 'give'} no file. A file comes from nodes such as HTTP Request (Response Format: File), Google Drive (Download) or a form.`;
}

/** What to look at when a voice is where the picture belongs. */
export function adviseOnSwap(before: ReadonlyArray<Pick<NodeBefore, 'name' | 'type'>>): string {
	const merge = before.find(({ type }) => type === MERGE);
	return merge
		? `The files may be swapped: look at the order of the inputs of '${merge.name}', and at the names of the files.`
		: 'The files may be swapped: look at what the three fields name.';
}

/** The expression that gives a file of a node before ours. */
export function fileExpression(
	{ name, access }: Pick<NodeBefore, 'name' | 'access'>,
	field: string,
	isCombined: boolean,
): string {
	const files = isCombined ? '_files' : 'binary';
	return `{{ $('${quoted(name)}').${access}.${files}${property(field)} }}`;
}

/** A name as it stands between single quotes in an expression. */
export function quoted(name: string): string {
	return name.replace(/\\/g, '\\\\').replace(/'/g, "\\'");
}

/** `.name`, or `['any name']`. */
export function property(name: string): string {
	if (/^[A-Za-z_$][\w$]*$/.test(name)) return `.${name}`;
	return `['${quoted(name)}']`;
}

/** The files of an item, in words. */
export function listFiles(files: readonly FileEntry[]): string {
	if (files.length === 0) return 'The item has no files.';
	const words = files.map(({ field, fileName, mimeType, size }) => {
		const facts = [fileName, mimeType, size].filter(Boolean).join(', ');
		return `"${shorten(field)}"${facts && ` (${shorten(facts)})`}`;
	});
	return `The item has the binary ${words.length === 1 ? 'field' : 'fields'} ${words.join(', ')}.`;
}

function adviseOnNames(files: readonly FileEntry[], missing: readonly InputName[]): string {
	const [input] = missing;
	return missing.length === 1 && input
		? `${listFiles(files)} Drag one into ${INPUT_LABELS[input]}, or enter its name.`
		: `${listFiles(files)} Drag each file into its field, or enter its name there.`;
}

function adviseOnMerge(wiring: Wiring, merge: NodeBefore, missing: readonly InputName[]): string {
	const { mode = 'append' } = merge.parameters;
	if (mode === 'append') {
		return `The other files are in other items: set '${merge.name}' to ${BY_POSITION}.`;
	}
	if (mode !== 'combine' || !combinesFiles(merge)) {
		return `Set '${merge.name}' to ${BY_POSITION}: it puts files that arrive side by side into one item.`;
	}
	const same = sameNames(wiring);
	if (same) {
		const { field, nodes } = same;
		return `${listNames(nodes)} each call their file '${shorten(field)}', and of files of one name '${merge.name}' keeps only the last. Give each its own name where it is made, or ${lowerFirst(suggestions(wiring, missing))}`;
	}
	if (filesElsewhere(wiring).length > 0) return suggestions(wiring, missing);
	return `${listFiles(wiring.files)} Look at what arrives at the inputs of '${merge.name}'.`;
}

function adviseOnBranches(wiring: Wiring, direct: readonly NodeBefore[]): string {
	return `${arriving(wiring)} This node needs three in one item: put ${listNames(direct)} in a row and ${DROP}, or put a Merge before it (${BY_POSITION}, ${Math.max(direct.length, 2)} inputs) and give each file its own name where it is made.`;
}

function arriving({ files }: Wiring): string {
	const [file] = files;
	if (!file) return 'No file arrives in this item.';
	if (files.length > 1) return listFiles(files);
	return `Only one file arrives: '${shorten(file.field)}'${file.fileName && ` (${shorten(file.fileName)})`}.`;
}

interface Candidate {
	node: NodeBefore;
	file: FileEntry;
}

/** The exact expressions, for each field where it is clear which, else those to choose from. */
function suggestions(wiring: Wiring, missing: readonly InputName[]): string {
	const candidates = filesElsewhere(wiring);
	const say = ({ node, file }: Candidate) => fileExpression(node, file.field, wiring.isCombined);
	const lines = missing.map((input) => {
		const fitting = fittingFiles(candidates, input);
		return `${INPUT_LABELS[input]}: ${fitting.map(say).join(' or ') || 'a file of another node'}`;
	});
	return `Use the files of the nodes before by expression. ${lines.join('; ')}.`;
}

function fittingFiles(candidates: readonly Candidate[], input: InputName): readonly Candidate[] {
	const family = input === 'image' ? 'image/' : 'audio/';
	const ofFamily = candidates.filter(({ file }) => file.mimeType.startsWith(family));
	const known = ofFamily.length > 0 ? ofFamily : candidates;
	if (input === 'image') return known;
	const side = input === 'leftAudio' ? /left/i : /right/i;
	const named = known.filter(({ node, file }) =>
		side.test(`${node.name} ${file.field} ${file.fileName}`),
	);
	return named.length > 0 ? named : known;
}

/** Files of the nodes before, each once, without Merge's own. */
function filesElsewhere({ before, files }: Wiring): Candidate[] {
	const seen = new Set<string>();
	const found = before
		.filter(({ type }) => type !== MERGE)
		.flatMap((node) => node.files.map((file) => ({ node, file })));
	const isOnlyOurs = found.every(({ file }) => files.some((own) => keyOf(own) === keyOf(file)));
	if (isOnlyOurs) return [];
	return found.filter(({ file }) => {
		const isNew = !seen.has(keyOf(file));
		seen.add(keyOf(file));
		return isNew;
	});
}

function keyOf({ field, fileName }: FileEntry): string {
	return `${field} ${fileName}`;
}

/** A field name under which several nodes give different files. */
function sameNames({ before }: Wiring): { field: string; nodes: NodeBefore[] } | undefined {
	const givers = before.filter(({ type, files }) => type !== MERGE && files.length > 0);
	for (const field of new Set(givers.flatMap(({ files }) => files.map((file) => file.field)))) {
		const nodes = givers.filter(({ files }) => files.some((file) => file.field === field));
		const names = nodes.map(({ files }) => files.find((file) => file.field === field)!.fileName);
		if (nodes.length > 1 && new Set(names).size > 1) return { field, nodes };
	}
	return undefined;
}

function mergeBefore({ before }: Wiring): NodeBefore | undefined {
	const merges = before.filter(({ type }) => type === MERGE);
	return merges.find(({ isDirect }) => isDirect) ?? merges[0];
}

/** By position, or all with all. Parameters of Merge 3 and, the second, of Merge 2. */
function combinesFiles({ parameters }: NodeBefore): boolean {
	const by = String(parameters.combineBy ?? parameters.combinationMode ?? '');
	return ['combineByPosition', 'combineAll', 'mergeByPosition', 'multiplex'].includes(by);
}

function listNames(nodes: ReadonlyArray<{ name: string }>): string {
	const names = nodes.slice(0, 5).map(({ name }) => `'${shorten(name)}'`);
	const last = names.pop() ?? '';
	return names.length === 0 ? last : `${names.join(', ')} and ${last}`;
}

function lowerFirst(text: string): string {
	return text.charAt(0).toLowerCase() + text.slice(1);
}
