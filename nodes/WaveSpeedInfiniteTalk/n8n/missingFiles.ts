/** The one message for all media fields of an item that find no file. */
import { combineErrors, type JobError, jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import { shorten } from '../shared/characters';
import type { Wiring } from './wiring';
import { adviseOnFiles } from './wiring';

export interface MissingFile {
	input: InputName;
	/** What the field gave: a name, nothing, nothing by expression, an object, or what a form says of a file. */
	kind: 'field' | 'empty' | 'noResult' | 'object' | 'formEntry';
	/** The name that was looked for. */
	text: string;
}

/** @param missing at least one */
export function missingFileError(wiring: Wiring, missing: readonly MissingFile[]): JobError {
	const names = missing.filter(({ kind }) => kind === 'field');
	const advice = adviseOnFiles(
		wiring,
		missing.map(({ input }) => input),
	);
	const causes: Record<MissingFile['kind'], (text: string) => string> = {
		empty: () => 'no file is chosen',
		noResult: () => 'the expression gives nothing',
		object: () => 'the expression gives an object that is not a file',
		formEntry: (text) => `the item has no file '${shorten(text)}'`,
		field: (text) => {
			if (wiring.files.length === 0) return 'no file reaches this node';
			return names.length === 1
				? `the item has no binary field "${shorten(text)}"`
				: 'the item has no binary fields of these names';
		},
	};
	return combineErrors(
		missing.map(({ input, kind, text }) =>
			jobError(`${INPUT_LABELS[input]}: ${causes[kind](text)}`, advice, { step: 'check', input }),
		),
	);
}
