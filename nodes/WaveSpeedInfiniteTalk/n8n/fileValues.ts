/** Files in the values that items and expressions give. */
import type { IBinaryData } from 'n8n-workflow';
import { BINARY_IN_JSON_PROPERTY, isBinaryValue } from './binaryValue';
import type { FileEntry } from './wiring';

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

/** The files as the advice names them. */
export function toEntries(files: Files): FileEntry[] {
	return Object.entries(files).map(([field, file]) => ({
		field,
		fileName: text(file.fileName),
		mimeType: text(file.mimeType),
	}));
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

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
