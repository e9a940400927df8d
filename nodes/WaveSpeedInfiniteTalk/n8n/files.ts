/** Where an item's three media come from: n8n's binary data, a binary object, or an address. */
import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions, IDataObject } from 'n8n-workflow';
import {
	BINARY_IN_JSON_PROPERTY,
	BINARY_MODE_COMBINED,
	isBinaryValue,
	isResourceLocatorValue,
} from 'n8n-workflow';
import { jobError } from '../job/jobError';
import type { InputName, LocalFile, MediaSource } from '../job/request';
import { INPUT_LABELS } from '../job/request';
import { toResult } from '../shared/result';
import { BUFFER_HINT, detectFieldText } from '../media/fieldText';
import { HEAD_BYTES } from '../media/fileType';
import { decodeInline, describeBytes } from '../media/inlineContent';
import { shorten } from '../media/characters';
import { READ_BYTES } from './transfer';

/**
 * Reads one of the three media fields.
 *
 * @throws JobError when the field is empty or names a file that is not there
 */
export async function readMedia(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
): Promise<MediaSource> {
	const parameter: unknown = context.getNodeParameter(input, itemIndex);
	const { mode, value: raw } = isResourceLocatorValue(parameter)
		? parameter
		: { mode: 'binary', value: parameter as unknown };
	const value: unknown = raw ?? readDropped(context, itemIndex, input);
	if (isBinaryValue(value)) return { file: await describe(context, input, value) };
	if (mode === 'url') return { url: typeof value === 'string' ? value : String(value ?? '') };
	return await readField(context, itemIndex, input, value);
}

/**
 * What a field was meant to give into which something of the input was dropped. In combined binary
 * mode the editor of n8n 2.40 then writes and previews `{{ $item.name }}`, of which the expression
 * engine of the same n8n makes nothing.
 */
function readDropped(context: IExecuteFunctions, itemIndex: number, input: InputName): unknown {
	const stored: unknown = context.getNode().parameters[input];
	const expression: unknown = isResourceLocatorValue(stored) ? stored.value : stored;
	const dropped = /\$item(?=[.[])/g;
	if (typeof expression !== 'string' || !expression.startsWith('=')) return undefined;
	if (!dropped.test(expression)) return undefined;
	return context.evaluateExpression(expression.slice(1).replace(dropped, '$$json'), itemIndex);
}

async function readField(
	context: IExecuteFunctions,
	itemIndex: number,
	input: InputName,
	value: unknown,
): Promise<MediaSource> {
	const label = INPUT_LABELS[input];
	const here = listFiles(context, itemIndex);
	const bytes = describeBytes(value);
	if (bytes) {
		throw jobError(`${label}: the expression gives ${bytes}, not a file`, BUFFER_HINT, {
			step: 'check',
			input,
		});
	}
	if (typeof value !== 'string' || value.trim() === '') {
		throw jobError(
			`${label}: ${typeof value === 'object' && value !== null ? 'the expression gives an object that is not a file' : 'no file is chosen'}`,
			`Enter the name of a binary field, or an expression that gives one file, such as {{ $('Node').item.${fileInItem(context)} }}. ${here}`,
			{ step: 'check', input },
		);
	}
	const name = value.trim();
	// No field can be called that: somebody dropped an address into the field.
	if (/^https?:/i.test(name)) return { url: name };
	const found = await toResult(
		Promise.resolve().then(() => context.helpers.assertBinaryData(itemIndex, name)),
	);
	const file = 'value' in found ? found.value : filesOf(context, itemIndex)[name];
	if (file) return { file: await describe(context, input, file) };
	const content = detectFieldText(name);
	if (content) {
		throw jobError(`${label}: the field holds ${content.label}, not a file's name`, content.hint, {
			step: 'check',
			input,
		});
	}
	throw jobError(
		`${label}: the item has no binary field "${shorten(name)}"`,
		`${here} Enter one of these names, or connect the node that makes the file directly before this one.`,
		{ step: 'check', input },
	);
}

async function describe(
	context: IExecuteFunctions,
	input: InputName,
	binary: IBinaryData,
): Promise<LocalFile> {
	// Code can put anything there.
	const { id, mimeType, fileName, fileExtension, data } = binary as {
		[Key in keyof IBinaryData]: unknown;
	};
	const declaredType = text(mimeType);
	const name = text(fileName) || [input, text(fileExtension)].filter(Boolean).join('.');
	const content = describeBytes(binary) ? binary : data;
	if (!id) return describeInline(input, { name, declaredType }, content);
	const metadata = await toResult(
		Promise.resolve().then(() => context.helpers.getBinaryMetadata(String(id))),
	);
	if ('error' in metadata) {
		throw jobError(
			`${INPUT_LABELS[input]}: n8n no longer has the file "${shorten(name)}"`,
			'n8n deletes files with old executions. Run the workflow from its beginning.',
			{ step: 'check', input },
		);
	}
	return {
		name,
		declaredType,
		size: metadata.value.fileSize,
		identity: String(id),
		head: async () => await readHead(context, String(id)),
		open: async () => await context.helpers.getBinaryStream(String(id), READ_BYTES),
	};
}

/** A file that n8n keeps in memory: its content is in the item itself. */
function describeInline(
	input: InputName,
	{ name, declaredType }: { name: string; declaredType: string },
	data: unknown,
): LocalFile {
	const decode = () => {
		const content = decodeInline(data);
		if (Buffer.isBuffer(content)) return content;
		throw jobError(
			`${INPUT_LABELS[input]}: the file "${shorten(name)}" ${content.fault}`,
			content.hint,
			{ step: 'check', input },
		);
	};
	// Not kept: of many files only the text that the item holds stays in memory.
	const content = decode();
	const head = Buffer.from(content.subarray(0, HEAD_BYTES));
	return {
		name,
		declaredType,
		size: content.length,
		identity: createHash('sha256').update(content).digest('hex'),
		head: async () => head,
		open: async () => decode(),
	};
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}

async function readHead(context: IExecuteFunctions, id: string): Promise<Buffer> {
	const stream = await context.helpers.getBinaryStream(id, HEAD_BYTES);
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop ends the stream: the rest is not read.
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length >= HEAD_BYTES) break;
	}
	return Buffer.concat(chunks).subarray(0, HEAD_BYTES);
}

/** Where an expression finds a file of an item: in combined binary mode it sees of it the JSON only. */
function fileInItem(context: IExecuteFunctions): string {
	const { binaryMode } = context.getWorkflowSettings();
	return binaryMode === BINARY_MODE_COMBINED ? `${BINARY_IN_JSON_PROPERTY}.data` : 'binary.data';
}

/** The files that the item does have, in words. */
function listFiles(context: IExecuteFunctions, itemIndex: number): string {
	const words = Object.entries(filesOf(context, itemIndex)).map(([name, file]) => {
		const facts = [file.fileName, file.mimeType, file.fileSize].filter(Boolean).join(', ');
		return `"${shorten(name)}" (${shorten(facts)})`;
	});
	if (words.length === 0) return 'The item has no binary fields at all.';
	return `The item has the binary ${words.length === 1 ? 'field' : 'fields'} ${words.join(', ')}.`;
}

/**
 * All files of an item by the name of their field. In combined binary mode n8n moves them into the
 * JSON (unless it keeps files in memory), where its own helper finds them by their whole path only.
 */
function filesOf(context: IExecuteFunctions, itemIndex: number): Record<string, IBinaryData> {
	const { json, binary } = context.getInputData()[itemIndex] ?? {};
	const moved = json?.[BINARY_IN_JSON_PROPERTY] as IDataObject | undefined;
	const attached = Object.entries(binary ?? {}).filter(([, file]) => file);
	return { ...binariesIn(json), ...binariesIn(moved), ...Object.fromEntries(attached) };
}

function binariesIn(json: IDataObject | undefined): Record<string, IBinaryData> {
	const found: Record<string, IBinaryData> = {};
	for (const [name, value] of Object.entries(json ?? {})) {
		if (isBinaryValue(value)) found[name] = value;
	}
	return found;
}
