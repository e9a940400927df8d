/** The one message for all media fields of an item that find no file. */
import { combineErrors, type JobError, jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import { shorten } from '../shared/characters';
import type { Wiring } from './wiring';
import { adviseOnFiles, fileExpression } from './wiring';

export interface MissingFile {
	input: InputName;
	/** What the field gave: a name, nothing, an object, or what a form says of a file. */
	kind: 'field' | 'empty' | 'object' | 'formEntry';
	/** The name that was looked for. */
	text: string;
}

/** @param missing at least one */
export function missingFileError(wiring: Wiring, missing: readonly MissingFile[]): JobError {
	const byFileName = missing.flatMap((each) => fileNameError(wiring, each) ?? []);
	const rest = missing.filter((each) => !fileNameError(wiring, each));
	const kinds = [...new Set(rest.map(({ kind }) => kind))];
	const inputs = rest.map(({ input }) => input);
	const errors = kinds.map((kind) => {
		const group = rest.filter((each) => each.kind === kind);
		return jobError(
			`${labels(group)}: ${cause(wiring, kind, group)}`,
			adviseOnFiles(wiring, inputs),
			{ step: 'check', input: group[0]!.input },
		);
	});
	return combineErrors([...byFileName, ...errors]);
}

/** A file of that name is there, though not where the field looks. */
function fileNameError(wiring: Wiring, { input, text }: MissingFile): JobError | undefined {
	if (text === '') return undefined;
	for (const node of wiring.before) {
		const file = node.files.find(({ fileName }) => fileName === text);
		if (!file) continue;
		return jobError(
			`${INPUT_LABELS[input]}: '${shorten(text)}' is a file's name, not a binary field`,
			`Use ${fileExpression(node, file.field, wiring.isCombined)}, which is the file of that name.`,
			{ step: 'check', input },
		);
	}
	return undefined;
}

function cause(
	{ files }: Wiring,
	kind: MissingFile['kind'],
	group: readonly MissingFile[],
): string {
	switch (kind) {
		case 'empty':
			return 'no file is chosen';
		case 'object':
			return 'the expression gives an object that is not a file';
		case 'formEntry':
			return `the item has no file '${shorten(group[0]!.text)}'`;
		case 'field':
			if (files.length === 0) return 'no file reaches this node';
			return group.length === 1
				? `the item has no binary field "${shorten(group[0]!.text)}"`
				: `the item has no binary fields ${join(group.map(({ text }) => `"${shorten(text)}"`))}`;
	}
}

function labels(group: readonly MissingFile[]): string {
	return join(group.map(({ input }) => INPUT_LABELS[input]));
}

function join(words: string[]): string {
	const last = words.pop() ?? '';
	return words.length === 0 ? last : `${words.join(', ')} and ${last}`;
}
