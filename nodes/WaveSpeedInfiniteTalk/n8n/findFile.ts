/** Finds files in the values that items and expressions give. */
import type { IBinaryData } from 'n8n-workflow';
import type { InputName } from '../errors/inputNames';
import { BINARY_IN_JSON_PROPERTY, isBinaryValue } from './binaryValue';
import type { Item } from './item';
import { nodesNamedIn, storedExpression } from './mediaExpression';
import { readFilesOf } from './readWiring';

/** Files by the name of their binary field. */
export type Files = Record<string, IBinaryData>;

/**
 * All files of an item, or of a part of it: `{ json, binary }`, its JSON, or its binary fields. In
 * combined binary mode n8n moves files into the JSON, unless it keeps them in memory.
 */
export function filesIn(value: unknown): Files {
	if (!isRecord(value)) return {};
	const { json, binary, [BINARY_IN_JSON_PROPERTY]: moved } = value;
	const inJson = isRecord(json) ? json : {};
	return {
		...binariesIn(value),
		...binariesIn(moved),
		...binariesIn(inJson),
		...binariesIn(inJson[BINARY_IN_JSON_PROPERTY]),
		...binariesIn(binary),
	};
}

/** The name of the file that an entry of a form's output stands for: `{ filename, mimetype, size }`. */
export function formFileName(value: unknown): string | undefined {
	const entry: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	if (!isRecord(entry) || typeof entry.filename !== 'string') return undefined;
	return 'mimetype' in entry ? entry.filename : undefined;
}

/** The same name however it is written: a form makes `Left_Audio` of the label "Left Audio". */
export function normalizeFieldName(name: string): string {
	return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function binariesIn(value: unknown): Files {
	const found: Files = {};
	for (const [name, file] of Object.entries(isRecord(value) ? value : {})) {
		if (isBinaryValue(file)) found[name] = file;
	}
	return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A binary field of the item by its name, also by a path that only n8n's own helper knows. */
export function findByField(item: Item, name: string): IBinaryData | undefined {
	try {
		return item.context.helpers.assertBinaryData(item.index, name);
	} catch {
		const files = filesIn(item.input());
		if (Object.hasOwn(files, name)) return files[name];
		const wanted = normalizeFieldName(name);
		const alike = Object.keys(files).filter((field) => normalizeFieldName(field) === wanted);
		return alike.length === 1 ? files[alike[0]!] : undefined;
	}
}

/** The one file with that name in the item that the expression names, else in our item. */
export function findByFileName(
	item: Item,
	input: InputName,
	fileName: string,
): IBinaryData | undefined {
	const expression = storedExpression(item.context, input) ?? '';
	const places: Files[] = nodesNamedIn(expression).map((node) => readFilesOf(item, node).files);
	if (places.length === 0) places.push(filesIn(item.input()));
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

/**
 * The files of an item whose whole JSON was dropped into the field: dragging the name of a node from the
 * input panel gives `{{ $json }}`.
 */
export function filesOfWholeJson(item: Item, input: InputName): Files {
	const expression = storedExpression(item.context, input) ?? '';
	if (/^\s*\{\{\s*\$json\s*\}\}\s*$/.test(expression)) {
		return filesIn(item.input());
	}
	const [node] = nodesNamedIn(expression);
	if (node === undefined || !/\)\.(item|first\(\))\.json\s*\}\}\s*$/.test(expression)) return {};
	return readFilesOf(item, node).files;
}
