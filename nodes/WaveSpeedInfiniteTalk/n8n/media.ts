/** Reads the media fields of an item: a file of it, a file by expression, or an address. */
import type { IBinaryData } from 'n8n-workflow';
import { isResourceLocatorValue } from 'n8n-workflow';
import { JobError, jobError } from '../errors/jobError';
import type { ByInput, InputName } from '../errors/inputNames';
import { INPUT_KEYS, INPUT_LABELS, inputEntries, kindOf } from '../errors/inputNames';
import type { MediaSource, Silence } from '../inputs/request';
import { shorten } from '../shared/characters';
import { BUFFER_ADVICE, detectFieldText } from '../inputs/fieldText';
import { describeBytes } from '../inputs/inlineContent';
import { isEmpty } from '../inputs/values';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import { isBinaryValue } from './binaryValue';
import { toLocalFile } from './files';
import {
	filesIn,
	findByField,
	findByFileName,
	formFileName,
	isCombined,
	itemOfWholeJson,
} from './findFile';
import type { Item } from './item';
import { explainExpressionError, property, storedField } from './mediaExpression';
import { describeLikelyFiles, findLikelyFiles, missingFileError } from './missingFiles';
import type { MissingFile } from './missingFiles';
import { readWiring } from './wiring';

type Found = { file: IBinaryData } | { url: string } | Silence | { missing: MissingFile };

/**
 * Reads the media fields. An error is returned as the source of its field, so that the user sees all
 * of them at once.
 *
 * @param inputs the fields that the item has
 * @param addNote takes what to know about files that no field names
 * @throws n8n's own error when it stops the execution
 */
export async function readMedia(
	item: Item,
	inputs: readonly InputName[],
	addNote: (note: string) => void,
): Promise<ByInput<MediaSource>> {
	const sources: ByInput<MediaSource> = {};
	const missing: MissingFile[] = [];
	for (const input of inputs) {
		const result = await toResult(readSource(item, input));
		if ('value' in result && 'missing' in result.value) missing.push(result.value.missing);
		else sources[input] = toSource(result as Result<MediaSource>);
	}
	if (missing.length === 0) return sources;
	const areDefaults = missing.every(({ input, name }) => name === INPUT_KEYS[input]);
	const names = missing.map(({ input }) => input);
	const wiring = readWiring(item);
	const likely = areDefaults ? findLikelyFiles(item, wiring, names) : undefined;
	if (likely) {
		addNote(describeLikelyFiles(item, likely));
		for (const [input, file] of inputEntries(likely)) {
			sources[input] = toSource(await toResult(readFile(item, input, file)));
		}
	} else {
		const error = missingFileError(wiring, missing);
		for (const input of names) sources[input] = { error };
	}
	return sources;
}

/** @throws n8n's own error when it stops the execution */
function toSource(result: Result<MediaSource>): MediaSource {
	if ('value' in result) return result.value;
	if (result.error instanceof JobError) return { error: result.error };
	throw result.error;
}

/**
 * Reads a field that takes one file, of an operation that has no other.
 *
 * @throws JobError when there is none
 */
export async function readFileField(item: Item, input: InputName): Promise<MediaSource> {
	const result = await readSource(item, input);
	if ('missing' in result) throw missingFileError(readWiring(item), [result.missing]);
	return result;
}

async function readSource(
	item: Item,
	input: InputName,
): Promise<MediaSource | { missing: MissingFile }> {
	const found = find(item, input);
	return 'file' in found ? await readFile(item, input, found) : found;
}

async function readFile({ context }: Item, input: InputName, { file }: { file: IBinaryData }) {
	return { file: await toLocalFile(context, input, file) };
}

function find(item: Item, input: InputName): Found {
	// What stands in the field beside this mode is left over from another one.
	if (kindOf(input) === 'audio' && storedField(item, input).mode === 'silence')
		return { silence: true };
	let parameter: unknown;
	try {
		parameter = item.parameter(input);
	} catch (error) {
		throw explainExpressionError(item, input, error);
	}
	const { mode, value: raw } = isResourceLocatorValue(parameter)
		? parameter
		: { mode: 'binary', value: parameter as unknown };
	const value: unknown = raw ?? readDropped(item, input);
	if (isBinaryValue(value)) return { file: value };
	if (typeof value === 'object' && value !== null) {
		return findInObject(item, input, value);
	}
	if (mode === 'url') {
		const url = String(value ?? '');
		// The fileName of a file is dropped into this mode, too.
		const file = /[/\\]/.test(url) ? undefined : findByFileName(item, input, url);
		return file ? { file } : { url };
	}
	return findByText(item, input, value);
}

/**
 * Evaluates `$item` as `$json`. In combined binary mode the editor of n8n 2.40 writes and previews
 * `{{ $item.name }}` for a dropped field, which the expression engine of the same n8n cannot evaluate.
 */
function readDropped(item: Item, input: InputName): unknown {
	const { expression } = storedField(item, input);
	const dropped = /\$item(?=[.[])/g;
	if (!dropped.test(expression)) return undefined;
	return item.evaluate(expression.replace(dropped, '$$json'));
}

/** An item with one file stands for that file; so does what a form's output says of one. */
function findInObject(item: Item, input: InputName, value: object): Found {
	const bytes = describeBytes(value);
	if (bytes) {
		throw jobError(
			`${INPUT_LABELS[input]}: the expression returns ${bytes}, not a file`,
			BUFFER_ADVICE,
			{ step: 'check', input },
		);
	}
	const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	if (isBinaryValue(one)) return { file: one };
	const fileName = formFileName(value);
	if (fileName !== undefined) {
		const file = findByFileName(item, input, fileName);
		const cause = `the item has no file '${shorten(fileName)}'`;
		return file ? { file } : { missing: { input, cause } };
	}
	const files = { ...filesIn(one), ...filesIn(itemOfWholeJson(item, input)) };
	const names = Object.keys(files);
	if (names.length === 1) return { file: files[names[0]!]! };
	if (names.length > 1) throw severalFilesError(item, input, one as object, names);
	return { missing: { input, cause: 'the expression returns an object that is not a file' } };
}

/** True for a field that may be left empty, and is. */
export function isLeftEmpty(item: Item, input: InputName): boolean {
	const parameter = item.parameter(input, '');
	return isEmpty(isResourceLocatorValue(parameter) ? parameter.value : parameter);
}

function findByText(item: Item, input: InputName, value: unknown): Found {
	const name = typeof value === 'string' ? value.trim() : '';
	if (name === '') {
		const { expression } = storedField(item, input);
		const cause = expression ? 'the expression returns nothing' : 'no file is chosen';
		return { missing: { input, cause } };
	}
	// No field can be called that: somebody dropped an address into the field.
	if (/^https?:/i.test(name)) return { url: name };
	const file = findByField(item, name) ?? findByFileName(item, input, name);
	if (file) return { file };
	const content = detectFieldText(name, kindOf(input));
	if (content) {
		throw jobError(
			`${INPUT_LABELS[input]}: the field contains ${content.label}, not a file name`,
			content.advice,
			{ step: 'check', input },
		);
	}
	return { missing: { input, name } };
}

function severalFilesError(
	item: Item,
	input: InputName,
	value: object,
	names: readonly string[],
): JobError {
	const expression = storedField(item, input)
		.expression.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '')
		.trim();
	const isItem = 'binary' in value || 'json' in value || isCombined(item.context);
	const part = isItem ? (isCombined(item.context) ? '._files' : '.binary') : '';
	const examples = names
		.slice(0, 5)
		.map((name) => `{{ ${shorten(expression || '$binary')}${part}${property(name)} }}`);
	return jobError(
		`${INPUT_LABELS[input]}: the expression returns ${names.length} files, not one`,
		`Add the name of one: ${examples.join(' or ')}.`,
		{ step: 'check', input },
	);
}
