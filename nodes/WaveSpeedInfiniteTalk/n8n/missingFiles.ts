/** Fields that find no file: the files that fit them nevertheless, or else what to do. */
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_KEYS, INPUT_LABELS, inputEntries, kindOf } from '../errors/inputNames';
import { combineErrors, type JobError, jobError } from '../errors/jobError';
import { joinWords, shorten } from '../shared/characters';
import type { PlacedFile } from './findFile';
import { findByField } from './findFile';
import type { Item } from './item';
import type { Wiring } from './wiring';

/** A field that finds no file. */
export interface MissingFile {
	input: InputName;
	/** The binary field that was looked for; absent where the field of the node names none. */
	name?: string;
	/** Why it names none. */
	cause?: string;
}

const MERGE = 'n8n-nodes-base.merge';
/** From the panel's view Binary nothing can be dragged. */
const DROP =
	'drag the fileName of each file into its field (in the input panel, choose Schema to see it)';
/** More expressions for one field help nobody to choose. */
const MAX_CHOICES = 5;
/** Pictures that the fields do not take are no choice. */
const UNREADABLE = /hei[cf]|avif|svg/i;
/** As a word of its own, or of a name such as `leftAudio` or `voiceLeft`; not that of "Bright". */
const SIDES: ByInput<RegExp> = {
	leftAudio: /(?:(?<![A-Za-z])left|(?<![A-Z])Left|LEFT)(?![a-z])/,
	rightAudio: /(?:(?<![A-Za-z])right|(?<![A-Z])Right|RIGHT)(?![a-z])/,
};

/**
 * The files of the item and of the nodes before, where exactly one fits each field: the only picture, the only
 * voice whose node, field or file is called left or right, the only voice of a single speaker. A wrong guess
 * would cost a video, so anything else is undefined.
 *
 * @param inputs fields that hold the names they begin with
 */
export function findLikelyFiles(
	item: Item,
	{ own, before }: Wiring,
	inputs: readonly InputName[],
): ByInput<PlacedFile> | undefined {
	// An item that has one of the names is made for this node: what it lacks is not to come from elsewhere.
	const isMade = Object.values(INPUT_KEYS).some((name) => findByField(item, name));
	const given = before.filter((one) => one.isOfItem && (!isMade || has(own, one)));
	const candidates = uniqueFiles([...given, ...own]);
	const found: ByInput<PlacedFile> = {};
	for (const input of inputs) {
		const [fitting, ...more] = candidates.filter(
			(one) => isOfKind(input, one) && (!SIDES[input] || sidesOf(one).join() === input),
		);
		if (!fitting || more.length > 0) return undefined;
		found[input] = fitting;
	}
	return found;
}

/** Says which files were taken: of a single item by their names, of many by where all of them are. */
export function describeLikelyFiles(item: Item, found: ByInput<PlacedFile>): string {
	const isSingle = item.context.getInputData().length === 1;
	const places = inputEntries(found).map(([input, { file, node, field }]) => {
		const place = node === '' ? 'the item' : `'${shorten(node)}'`;
		const name = isSingle && file.fileName ? file.fileName : `${field} of ${place}`;
		return `${INPUT_LABELS[input]} is ${shorten(name)}`;
	});
	return `Files found automatically: ${joinWords(places)}. To use others, drag them into the fields.`;
}

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
		if (wiring.own.length === 0) return 'no file reaches this node';
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

/** What to do about the fields, of which there is at least one. */
function adviseOnFiles(wiring: Wiring, missing: readonly InputName[]): string {
	const { nodes, before, own } = wiring;
	// Operations with the one field Audio take one file of each item.
	const isVideo = missing[0] !== 'audio';
	const names = joinWords(nodes.slice(0, 5).map(({ name }) => `'${shorten(name)}'`));
	if (nodes.length === 0) {
		return `Connect the nodes with the files before this one, one after the other, and ${DROP}.`;
	}
	if (own.length >= (isVideo ? 3 : 1)) return listFields(own, missing);
	const direct = nodes.filter(({ isDirect }) => isDirect);
	// The parameters of a Merge have other names in each version.
	const merge = direct.find(
		({ type, parameters = {} }) =>
			type === MERGE && !/ByPosition"/.test(JSON.stringify(parameters)),
	);
	if (isVideo && merge) {
		return `Set '${merge.name}' to Combine, By Position: it combines the incoming files into one item.`;
	}
	if (isVideo && direct.length > 1) {
		return `Each node at the input makes its own items, but this node needs the files in one item: put ${names} in a row and ${DROP}.`;
	}
	const readable = before.filter(({ file }) => !UNREADABLE.test(String(file.mimeType)));
	if (!readable.every((one) => has(own, one))) {
		const lines = missing.map((input) => expressionsFor(input, uniqueFiles(readable)));
		return `Use the files of earlier nodes with expressions. ${lines.join('; ')}.`;
	}
	if (isVideo && wiring.hasFilesInOtherItems) {
		return `The other files are in other items, but this node needs them in one item: give each file its own node, in a row, and ${DROP}.`;
	}
	if (own.length > 0) return listFields(own, missing);
	return `${names} ${nodes.length === 1 ? 'outputs' : 'output'} no file. Files come from nodes such as HTTP Request (Response Format: File), Google Drive (Download), or a form.`;
}

/** The files of our item by their fields, to choose from. */
function listFields(files: readonly PlacedFile[], missing: readonly InputName[]): string {
	const words = files.map(({ field, file }) => {
		const facts = [file.fileName, file.mimeType].filter(Boolean).join(', ');
		return `"${shorten(field)}"${facts && ` (${shorten(facts)})`}`;
	});
	const field = missing.length === 1 ? INPUT_LABELS[missing[0]!] : 'each field';
	return `The item has the binary field${words.length > 1 ? 's' : ''} ${words.join(', ')}. Enter the name of one in ${field}.`;
}

/** The exact expression where it is clear which file is meant, else those to choose from. */
function expressionsFor(input: InputName, files: readonly PlacedFile[]): string {
	const ofKind = narrow(files, (file) => isOfKind(input, file));
	const ofSide = narrow(ofKind, (file) => sidesOf(file).includes(input));
	const expressions = ofSide.slice(0, MAX_CHOICES).map(({ expression }) => expression);
	return `${INPUT_LABELS[input]}: ${expressions.join(' or ')}`;
}

/** Those that fit, or all where none does. */
function narrow<T>(all: readonly T[], fits: (one: T) => boolean): readonly T[] {
	const fitting = all.filter(fits);
	return fitting.length > 0 ? fitting : all;
}

/** True for a picture in a field for pictures, and for sound in one for sound. */
function isOfKind(input: InputName, { file }: PlacedFile): boolean {
	return String(file.mimeType).startsWith(`${kindOf(input)}/`);
}

/** The fields for voices whose side is in the names of the file. */
function sidesOf({ node, field, file }: PlacedFile): InputName[] {
	const words = `${node} ${field} ${file.fileName ?? ''}`;
	return inputEntries(SIDES).flatMap(([input, side]) => (side.test(words) ? [input] : []));
}

/** Each file once, where it stands first: nodes behind that only pass it on. */
function uniqueFiles(all: readonly PlacedFile[]): PlacedFile[] {
	return all.filter((one, index) => !has(all.slice(0, index), one));
}

/** True when the same file is among them. Without an ID, n8n holds the content itself. */
function has(files: readonly PlacedFile[], { file }: PlacedFile): boolean {
	return files.some(({ file: other }) => (other.id ?? other.data) === (file.id ?? file.data));
}
