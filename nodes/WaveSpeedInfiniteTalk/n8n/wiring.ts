/** Advice for files that are not where the fields look for them, from what stands before our node. */
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS, kindOf } from '../errors/inputNames';
import { joinWords, shorten } from '../shared/characters';

/** A file in an item. */
export interface FileEntry {
	/** Name of its binary field. */
	field: string;
	fileName: string;
	mimeType: string;
}

/** A node before ours. */
export interface NodeBefore {
	name: string;
	type: string;
	parameters: Readonly<Record<string, unknown>>;
	/** True when its output goes straight into our node. */
	isDirect: boolean;
	/** The files of its item that belongs to ours (`item`), or of its first one. */
	files: readonly FileEntry[];
	access: 'item' | 'first()';
}

/** What arrives at our node, and from where. */
export interface Wiring {
	/** In the order in which they run; without disabled nodes. */
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
/** From the panel's view Binary nothing can be dragged. */
const DROP =
	'drag the fileName of each file into its field (in the input panel, choose Schema to see it)';
/** As many as a video of two people needs. */
const MANY_FILES = 3;
/** Pictures that the fields do not take are no choice. */
const UNREADABLE = /hei[cf]|avif|svg/i;

/**
 * What to do when fields find no file.
 *
 * @param missing the fields, at least one
 */
export function adviseOnFiles(wiring: Wiring, missing: readonly InputName[]): string {
	const { before, files } = wiring;
	if (missing[0] === 'audio') return adviseOnAudio(wiring);
	if (before.length === 0) {
		return `Connect the nodes that give the picture and the voices before it, one after the other, and ${DROP}.`;
	}
	if (files.length >= MANY_FILES) return listFields(files, missing);
	const direct = before.filter(({ isDirect }) => isDirect);
	const merge = direct.find(({ type }) => type === MERGE);
	if (merge && !isByPosition(merge)) {
		return `Set '${merge.name}' to ${BY_POSITION}: it puts files that arrive side by side into one item.`;
	}
	if (direct.length > 1) {
		return `${arriving(wiring)} This node needs three in one item: put ${listNames(direct)} in a row and ${DROP}, or put a Merge before it (${BY_POSITION}, ${direct.length} inputs) and give each file its own name where it is made.`;
	}
	const elsewhere = filesElsewhere(wiring);
	if (elsewhere.length > 0) {
		const lines = missing.map((input) => expressionsFor(input, elsewhere, wiring.isCombined));
		return `Use the files of the nodes before by expression. ${lines.join('; ')}.`;
	}
	if (wiring.hasFilesInOtherItems) {
		return `${arriving(wiring)} The other files are in other items, and this node needs three in one: give each file its own node, in a row, and ${DROP}.`;
	}
	if (files.length > 0) return listFields(files, missing);
	return noFileAdvice(before);
}

/** Of operations whose items have one sound file each. */
function adviseOnAudio(wiring: Wiring): string {
	const { before, files } = wiring;
	if (before.length === 0) return 'Connect the node that gives the sound files before this one.';
	if (files.length > 0) return listFields(files, ['audio']);
	const elsewhere = filesElsewhere(wiring);
	if (elsewhere.length === 0) return noFileAdvice(before);
	return `Use the file of a node before by expression. ${expressionsFor('audio', elsewhere, wiring.isCombined)}.`;
}

function noFileAdvice(before: readonly NodeBefore[]): string {
	return `${listNames(before)} ${before.length === 1 ? 'gives' : 'give'} no file. A file comes from nodes such as HTTP Request (Response Format: File), Google Drive (Download) or a form.`;
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

function isByPosition({ parameters }: NodeBefore): boolean {
	// In Merge 2 and 3 the parameter has different names.
	return Object.values(parameters).some((value) => /ByPosition$/.test(String(value)));
}

/** The files of our item by their fields, to choose from. */
function listFields(files: readonly FileEntry[], missing: readonly InputName[]): string {
	const words = files.map(({ field, fileName, mimeType }) => {
		const facts = [fileName, mimeType].filter(Boolean).join(', ');
		return `"${shorten(field)}"${facts && ` (${shorten(facts)})`}`;
	});
	const fields = `The item has the binary field${words.length > 1 ? 's' : ''} ${words.join(', ')}.`;
	const [input] = missing;
	return missing.length === 1 && input
		? `${fields} Enter the name of one in ${INPUT_LABELS[input]}.`
		: `${fields} Enter the name of one in each field.`;
}

function arriving({ files }: Wiring): string {
	const names = files.map(({ field, fileName }) => [field, fileName].filter(Boolean).join(': '));
	if (names.length === 0) return 'No file arrives in this item.';
	return `Only ${names.length === 1 ? 'one file arrives' : `${names.length} files arrive`} (${shorten(names.join(', '))}).`;
}

interface Candidate {
	node: NodeBefore;
	file: FileEntry;
}

/** The exact expression where it is clear which file is meant, else those to choose from. */
function expressionsFor(
	input: InputName,
	candidates: readonly Candidate[],
	isCombined: boolean,
): string {
	const family = `${kindOf(input)}/`;
	const side = { leftAudio: /left/i, rightAudio: /right/i }[String(input)] ?? /./;
	const narrowed = narrow(candidates, ({ file }) => file.mimeType.startsWith(family));
	const fitting = narrow(narrowed, ({ node, file }) =>
		side.test(`${node.name} ${file.field} ${file.fileName}`),
	);
	const choices = fitting.map(({ node, file }) => fileExpression(node, file.field, isCombined));
	return `${INPUT_LABELS[input]}: ${choices.join(' or ')}`;
}

/** Those that fit, or all where none does. */
function narrow(
	candidates: readonly Candidate[],
	fits: (candidate: Candidate) => boolean,
): readonly Candidate[] {
	const fitting = candidates.filter(fits);
	return fitting.length > 0 ? fitting : candidates;
}

/** Files of the nodes before, each once, unless our item has them all. */
function filesElsewhere({ before, files }: Wiring): Candidate[] {
	const keyOf = ({ field, fileName }: FileEntry) => `${field} ${fileName}`;
	const found = new Map<string, Candidate>();
	for (const node of before.filter(({ type }) => type !== MERGE)) {
		for (const file of node.files) {
			if (!UNREADABLE.test(file.mimeType) && !found.has(keyOf(file))) {
				found.set(keyOf(file), { node, file });
			}
		}
	}
	const own = new Set(files.map(keyOf));
	return [...found.keys()].every((key) => own.has(key)) ? [] : [...found.values()];
}

function listNames(nodes: ReadonlyArray<{ name: string }>): string {
	return joinWords(nodes.slice(0, 5).map(({ name }) => `'${shorten(name)}'`));
}
