/** Finds a file of an item, or of an item that an expression names. */
import type { IBinaryData } from 'n8n-workflow';
import type { InputName } from '../errors/inputNames';
import type { Files } from './fileValues';
import { filesIn, normalizeFieldName } from './fileValues';
import type { Item } from './item';
import { nodesNamedIn, storedExpression } from './mediaExpression';
import { readFilesOf } from './readWiring';

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
