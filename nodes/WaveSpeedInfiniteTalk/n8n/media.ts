/** Reads the three media fields of an item: a file of it, a file by expression, or an address. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { isResourceLocatorValue } from 'n8n-workflow';
import { JobError, jobError } from '../job/jobError';
import type { InputName, MediaSource, Silence } from '../job/request';
import { INPUT_LABELS, INPUT_NAMES } from '../job/request';
import { shorten } from '../media/characters';
import { BUFFER_HINT, detectFieldText } from '../media/fieldText';
import { describeBytes } from '../media/inlineContent';
import { toResult } from '../shared/result';
import { isBinaryValue } from './binaryValue';
import type { Files } from './fileValues';
import { filesIn, formFileName, normalizeFieldName } from './fileValues';
import { toLocalFile } from './files';
import {
	explainExpressionError,
	nodesNamedIn,
	storedExpression,
	storedMode,
} from './mediaExpression';
import { missingFileError, type MissingFile } from './missingFiles';
import { isCombined, readFilesOf, readWiring } from './readWiring';
import { property } from './wiring';

type Found = { file: IBinaryData } | { url: string } | Silence | { missing: MissingFile };

/**
 * Reads the media fields. What is wrong with one is in its source: all are told together.
 *
 * @throws n8n's own error when it stops the execution
 */
export async function readMedia(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<Record<InputName, MediaSource>> {
	const sources: Partial<Record<InputName, MediaSource>> = {};
	const missing: MissingFile[] = [];
	for (const input of INPUT_NAMES) {
		const result = await toResult(readSource(context, itemIndex, input));
		if ('error' in result) {
			if (!(result.error instanceof JobError)) throw result.error;
			sources[input] = { error: result.error };
		} else if ('missing' in result.value) missing.push(result.value.missing);
		else sources[input] = result.value;
	}
	if (missing.length > 0) {
		const error = missingFileError(readWiring(context, itemIndex), missing);
		for (const { input } of missing) sources[input] = { error };
	}
	return sources as Record<InputName, MediaSource>;
}

async function readSource(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
): Promise<MediaSource | { missing: MissingFile }> {
	const found = find(context, itemIndex, input);
	return 'file' in found ? { file: await toLocalFile(context, input, found.file) } : found;
}

function find(context: IExecuteFunctions, itemIndex: number, input: InputName): Found {
	// What stands in the field beside this mode is left over from another one.
	if (input !== 'image' && storedMode(context, input) === 'silence') return { silence: true };
	let parameter: unknown;
	try {
		parameter = context.getNodeParameter(input, itemIndex);
	} catch (error) {
		throw explainExpressionError(context, itemIndex, input, error);
	}
	const { mode, value: raw } = isResourceLocatorValue(parameter)
		? parameter
		: { mode: 'binary', value: parameter as unknown };
	const value: unknown = raw ?? readDropped(context, itemIndex, input);
	if (isBinaryValue(value)) return { file: value };
	if (typeof value === 'object' && value !== null) {
		return findInObject(context, itemIndex, input, value);
	}
	if (mode === 'url') {
		const url = String(value ?? '');
		// The fileName of a file is dropped into this mode, too.
		const file = /[/\\]/.test(url) ? undefined : findByFileName(context, itemIndex, input, url);
		return file ? { file } : { url };
	}
	return findByText(context, itemIndex, input, value);
}

/**
 * What a field was meant to give into which something of the input was dropped. In combined binary
 * mode the editor of n8n 2.40 then writes and previews `{{ $item.name }}`, of which the expression
 * engine of the same n8n makes nothing.
 */
function readDropped(context: IExecuteFunctions, itemIndex: number, input: InputName): unknown {
	const expression = storedExpression(context, input);
	const dropped = /\$item(?=[.[])/g;
	if (expression === undefined || !dropped.test(expression)) return undefined;
	return context.evaluateExpression(expression.replace(dropped, '$$json'), itemIndex);
}

/** An item with one file stands for that file; so does what a form's output says of one. */
function findInObject(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
	value: object,
): Found {
	const bytes = describeBytes(value);
	if (bytes) {
		throw jobError(
			`${INPUT_LABELS[input]}: the expression gives ${bytes}, not a file`,
			BUFFER_HINT,
			{
				step: 'check',
				input,
			},
		);
	}
	const one: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	if (isBinaryValue(one)) return { file: one };
	const fileName = formFileName(value);
	if (fileName !== undefined) {
		const file = findByFileName(context, itemIndex, input, fileName);
		return file ? { file } : { missing: { input, kind: 'formEntry', text: fileName } };
	}
	const files = { ...filesIn(one), ...filesOfWholeJson(context, itemIndex, input) };
	const names = Object.keys(files);
	if (names.length === 1) return { file: files[names[0]!]! };
	if (names.length > 1) throw severalFilesError(context, input, one as object, names);
	return { missing: { input, kind: 'object', text: '' } };
}

/** The files of the item whose whole JSON was dropped, as its node's name in the input panel gives it. */
function filesOfWholeJson(context: IExecuteFunctions, itemIndex: number, input: InputName): Files {
	const expression = storedExpression(context, input) ?? '';
	if (/^\s*\{\{\s*\$json\s*\}\}\s*$/.test(expression)) {
		return filesIn(context.getInputData()[itemIndex]);
	}
	const [node] = nodesNamedIn(expression);
	if (node === undefined || !/\)\.(item|first\(\))\.json\s*\}\}\s*$/.test(expression)) return {};
	return readFilesOf(context, node, itemIndex).files;
}

function findByText(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
	value: unknown,
): Found {
	const name = typeof value === 'string' ? value.trim() : '';
	if (name === '') return { missing: { input, kind: 'empty', text: '' } };
	// No field can be called that: somebody dropped an address into the field.
	if (/^https?:/i.test(name)) return { url: name };
	const file = fieldOf(context, itemIndex, name) ?? findByFileName(context, itemIndex, input, name);
	if (file) return { file };
	const content = detectFieldText(name);
	if (content) {
		throw jobError(
			`${INPUT_LABELS[input]}: the field holds ${content.label}, not a file's name`,
			content.hint,
			{ step: 'check', input },
		);
	}
	return { missing: { input, kind: 'field', text: name } };
}

/** A binary field of the item by its name, also by a path that only n8n's own helper knows. */
function fieldOf(
	context: IExecuteFunctions,
	itemIndex: number,
	name: string,
): IBinaryData | undefined {
	try {
		return context.helpers.assertBinaryData(itemIndex, name);
	} catch {
		const files = filesIn(context.getInputData()[itemIndex]);
		if (Object.hasOwn(files, name)) return files[name];
		const wanted = normalizeFieldName(name);
		const alike = Object.keys(files).filter((field) => normalizeFieldName(field) === wanted);
		return alike.length === 1 ? files[alike[0]!] : undefined;
	}
}

/** The one file of that name in the item that the expression names, else in our item. */
function findByFileName(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
	fileName: string,
): IBinaryData | undefined {
	const expression = storedExpression(context, input) ?? '';
	const places: Files[] = nodesNamedIn(expression).map(
		(node) => readFilesOf(context, node, itemIndex).files,
	);
	if (places.length === 0) places.push(filesIn(context.getInputData()[itemIndex]));
	for (const files of places) {
		const named = Object.entries(files).filter(([, file]) => file.fileName === fileName);
		if (named.length === 1) return named[0]![1];
		// Two files of one name: the expression may name the field, as a form calls it.
		const path = normalizeFieldName(expression);
		const called = named.filter(([field]) => path.includes(normalizeFieldName(field)));
		if (called.length === 1) return called[0]![1];
	}
	return undefined;
}

function severalFilesError(
	context: IExecuteFunctions,
	input: InputName,
	value: object,
	names: readonly string[],
): JobError {
	const expression = storedExpression(context, input)
		?.replace(/^\s*\{\{\s*|\s*\}\}\s*$/g, '')
		.trim();
	const isItem = 'binary' in value || 'json' in value || isCombined(context);
	const part = isItem ? (isCombined(context) ? '._files' : '.binary') : '';
	const examples = names
		.slice(0, 5)
		.map((name) => `{{ ${shorten(expression ?? '$binary')}${part}${property(name)} }}`);
	return jobError(
		`${INPUT_LABELS[input]}: the expression gives ${names.length} files, not one`,
		`Add the name of one: ${examples.join(' or ')}.`,
		{ step: 'check', input },
	);
}
