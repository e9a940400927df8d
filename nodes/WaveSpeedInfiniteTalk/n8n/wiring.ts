/** What the node says of files that are not where the fields look for them: what stands before it tells. */
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_LABELS, kindOf } from '../errors/inputNames';
import { combineErrors, type JobError, jobError } from '../errors/jobError';
import { joinWords, shorten } from '../shared/characters';

/** A file in an item. */
export interface FileEntry {
	/** Name of its binary field. */
	field: string;
	fileName: string;
	mimeType: string;
}

/** A file of a node before ours, and the expression that gives it. */
export interface FileBefore extends FileEntry {
	expression: string;
}

/** A node before ours. */
export interface NodeBefore {
	name: string;
	type: string;
	parameters: Readonly<Record<string, unknown>>;
	/** True when its output goes straight into our node. */
	isDirect: boolean;
	/** The files of its item that belongs to ours, or of its first one. */
	files: readonly FileBefore[];
}

/** What arrives at our node, and from where. */
export interface Wiring {
	/** In the order in which they run; without disabled nodes. */
	before: readonly NodeBefore[];
	/** The files of our item. */
	files: readonly FileEntry[];
	/** True when other items of our input have files. */
	hasFilesInOtherItems: boolean;
}

/** A field that finds no file. */
export interface MissingFile {
	input: InputName;
	/** The binary field that was looked for; absent where the field of the node names none. */
	name?: string;
	/** Why it names none. */
	cause?: string;
}

/** As a word of its own, or of a name such as `leftAudio` or `voiceLeft`; not that of "Bright". */
export const SIDES: ByInput<RegExp> = {
	leftAudio: /(?:(?<![A-Za-z])left|(?<![A-Z])Left|LEFT)(?![a-z])/,
	rightAudio: /(?:(?<![A-Za-z])right|(?<![A-Z])Right|RIGHT)(?![a-z])/,
};

const MERGE = 'n8n-nodes-base.merge';
/** From the panel's view Binary nothing can be dragged. */
const DROP =
	'drag the fileName of each file into its field (in the input panel, choose Schema to see it)';
/** Pictures that the fields do not take are no choice. */
const UNREADABLE = /hei[cf]|avif|svg/i;

/**
 * The one message for all media fields of an item that find no file.
 *
 * @param missing at least one
 */
export function missingFileError(wiring: Wiring, missing: readonly MissingFile[]): JobError {
	const inputs = missing.map(({ input }) => input);
	const advice = adviseOnFiles(wiring, inputs);
	const hasOneName = missing.filter(({ name }) => name !== undefined).length === 1;
	const noField = (name = '') => {
		if (wiring.files.length === 0) return 'no file reaches this node';
		return hasOneName
			? `the item has no binary field "${shorten(name)}"`
			: 'the item has no binary fields of these names';
	};
	return combineErrors(
		missing.map(({ input, name, cause = noField(name) }) =>
			jobError(`${INPUT_LABELS[input]}: ${cause}`, advice, { step: 'check', input }),
		),
	);
}

/**
 * What to do when fields find no file.
 *
 * @param missing the fields, at least one
 */
export function adviseOnFiles(wiring: Wiring, missing: readonly InputName[]): string {
	const { before, files } = wiring;
	// Operations with the one field Audio take one file of each item.
	const isVideo = missing[0] !== 'audio';
	const names = joinWords(before.slice(0, 5).map(({ name }) => `'${shorten(name)}'`));
	if (before.length === 0) {
		return `Connect the nodes with the files before this one, one after the other, and ${DROP}.`;
	}
	if (files.length >= (isVideo ? 3 : 1)) return listFields(files, missing);
	const direct = before.filter(({ isDirect }) => isDirect);
	const merge = direct.find(({ type, parameters }) => type === MERGE && !isByPosition(parameters));
	if (isVideo && merge) {
		return `Set '${merge.name}' to Combine, By Position: it combines the incoming files into one item.`;
	}
	if (isVideo && direct.length > 1) {
		return `Each node at the input makes its own items, but this node needs the files in one item: put ${names} in a row and ${DROP}.`;
	}
	const elsewhere = filesElsewhere(wiring);
	if (elsewhere.length > 0) {
		const lines = missing.map((input) => expressionsFor(input, elsewhere));
		return `Use the files of earlier nodes with expressions. ${lines.join('; ')}.`;
	}
	if (isVideo && wiring.hasFilesInOtherItems) {
		return `The other files are in other items, but this node needs them in one item: give each file its own node, in a row, and ${DROP}.`;
	}
	if (files.length > 0) return listFields(files, missing);
	return `${names} ${before.length === 1 ? 'outputs' : 'output'} no file. Files come from nodes such as HTTP Request (Response Format: File), Google Drive (Download), or a form.`;
}

/** A Merge of any version: their parameters have different names. */
function isByPosition(parameters: NodeBefore['parameters']): boolean {
	return Object.values(parameters).some((value) => /ByPosition$/.test(String(value)));
}

/** The files of our item by their fields, to choose from. */
function listFields(files: readonly FileEntry[], missing: readonly InputName[]): string {
	const words = files.map(({ field, fileName, mimeType }) => {
		const facts = [fileName, mimeType].filter(Boolean).join(', ');
		return `"${shorten(field)}"${facts && ` (${shorten(facts)})`}`;
	});
	const field = missing.length === 1 ? INPUT_LABELS[missing[0]!] : 'each field';
	return `The item has the binary field${words.length > 1 ? 's' : ''} ${words.join(', ')}. Enter the name of one in ${field}.`;
}

/** The exact expression where it is clear which file is meant, else those to choose from. */
function expressionsFor(input: InputName, files: readonly FileBefore[]): string {
	const family = `${kindOf(input)}/`;
	const side = SIDES[input] ?? /./;
	const ofFamily = narrow(files, ({ mimeType }) => mimeType.startsWith(family));
	const ofSide = narrow(ofFamily, ({ expression, fileName }) =>
		side.test(`${expression} ${fileName}`),
	);
	return `${INPUT_LABELS[input]}: ${ofSide.map(({ expression }) => expression).join(' or ')}`;
}

/** Those that fit, or all where none does. */
function narrow<T>(all: readonly T[], fits: (one: T) => boolean): readonly T[] {
	const fitting = all.filter(fits);
	return fitting.length > 0 ? fitting : all;
}

/** Files of the nodes before, each once, unless our item has them all. */
function filesElsewhere({ before, files }: Wiring): FileBefore[] {
	const keyOf = ({ field, fileName }: FileEntry) => `${field} ${fileName}`;
	const found = new Map<string, FileBefore>();
	const all = before.filter(({ type }) => type !== MERGE).flatMap((node) => node.files);
	for (const file of all.filter(({ mimeType }) => !UNREADABLE.test(mimeType))) {
		if (!found.has(keyOf(file))) found.set(keyOf(file), file);
	}
	const own = new Set(files.map(keyOf));
	return [...found.keys()].every((key) => own.has(key)) ? [] : [...found.values()];
}
