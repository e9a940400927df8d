/** Finds files in the values that items and expressions give. */
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import type { InputName } from '../errors/inputNames';
import { BINARY_IN_JSON_PROPERTY, BINARY_MODE_COMBINED, isBinaryValue } from './binaryValue';
import type { Item } from './item';
import { nodesNamedIn, property, quoted, readNode, storedField } from './mediaExpression';

/** A file, and where the user finds it. */
export interface PlacedFile {
	file: IBinaryData;
	/** Name of its binary field. */
	field: string;
	/** Empty for our own item. */
	node: string;
	/** The expression that gives it. */
	expression: string;
	/** False where n8n cannot say which of the node's items is ours: then it is of the first one. */
	isOfItem: boolean;
}

/**
 * All files of an item, or of a part of it: `{ json, binary }`, its JSON, or its binary fields. In
 * combined binary mode n8n moves files into the JSON, unless it keeps them in memory.
 */
export function filesIn(value: unknown): Record<string, IBinaryData> {
	const { json, binary, [BINARY_IN_JSON_PROPERTY]: moved } = toRecord(value);
	const movedInJson = toRecord(json)[BINARY_IN_JSON_PROPERTY];
	const places = [value, moved, json, movedInJson, binary].flatMap((place) =>
		Object.entries(toRecord(place)),
	);
	return Object.fromEntries(
		places.filter((entry): entry is [string, IBinaryData] => isBinaryValue(entry[1])),
	);
}

/** The files of our item. */
export function ownFiles(item: Item): PlacedFile[] {
	return place(filesIn(item.input()), '$binary', { node: '', isOfItem: true });
}

/** The files of the node's item that belongs to ours, or of its first one. */
export function filesOfNode(item: Item, node: string): PlacedFile[] {
	const paired = readNode(item, node, 'item');
	const access = paired ? 'item' : 'first()';
	const files = filesIn(paired ?? readNode(item, node, access));
	const part = isCombined(item.context) ? '_files' : 'binary';
	const path = `$('${quoted(node)}').${access}.${part}`;
	return place(files, path, { node, isOfItem: Boolean(paired) });
}

function place(
	files: Record<string, IBinaryData>,
	path: string,
	where: Pick<PlacedFile, 'node' | 'isOfItem'>,
): PlacedFile[] {
	return Object.entries(files).map(([field, file]) => ({
		...{ file, field, ...where },
		expression: `{{ ${path}${property(field)} }}`,
	}));
}

export function isCombined(context: IExecuteFunctions): boolean {
	return context.getWorkflowSettings().binaryMode === BINARY_MODE_COMBINED;
}

/** The name of the file that an entry of a form's output stands for: `{ filename, mimetype, size }`. */
export function formFileName(value: unknown): string | undefined {
	const entry: unknown = Array.isArray(value) && value.length === 1 ? value[0] : value;
	const { filename, mimetype } = toRecord(entry);
	return typeof filename === 'string' && mimetype !== undefined ? filename : undefined;
}

/** The same name however it is written: a form makes `Left_Audio` of the label "Left Audio". */
export function normalizeFieldName(name: string): string {
	return name.toLowerCase().replace(/[\s_-]+/g, '');
}

function toRecord(value: unknown): Record<string, unknown> {
	const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
	return isRecord ? (value as Record<string, unknown>) : {};
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
	const { expression } = storedField(item, input);
	const places = nodesNamedIn(expression).map((node) => filesOfNode(item, node));
	if (places.length === 0) places.push(ownFiles(item));
	// Two files of one name: the expression may name the field, as a form calls it.
	const path = normalizeFieldName(expression);
	for (const files of places) {
		const named = files.filter(({ file }) => file.fileName === fileName);
		const called = named.filter(({ field }) => path.includes(normalizeFieldName(field)));
		const [one] = [named, called].filter(({ length }) => length === 1);
		if (one) return one[0]!.file;
	}
	return undefined;
}

/**
 * The item whose whole JSON was dropped into the field, if it was: dragging the name of a node from the input
 * panel gives `{{ $json }}`.
 */
export function itemOfWholeJson(item: Item, input: InputName): unknown {
	const { expression } = storedField(item, input);
	if (/^\s*\{\{\s*\$json\s*\}\}\s*$/.test(expression)) return item.input();
	const json = /(?<=\)\.(item|first\(\)))\.json(?=\s*\}\}\s*$)/;
	return json.test(expression) ? item.evaluate(expression.replace(json, '')) : undefined;
}
