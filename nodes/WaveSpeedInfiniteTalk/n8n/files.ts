/** Files as the job sees them, read from n8n's storage or from the item itself. */
import { createHash } from 'crypto';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { jobError } from '../errors/jobError';
import type { ByteStream } from '../api/http';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { LocalFile } from '../inputs/request';
import { shorten } from '../shared/characters';
import { decodeInline, describeBytes } from '../inputs/inlineContent';
import { streamOf } from '../inputs/madeFiles';
import { toResult } from '../shared/result';
import { READ_BYTES, tapProducer } from './transfer';

/**
 * A file that n8n holds, with what its bytes are read by.
 *
 * @throws JobError when n8n no longer has it, or its content is none
 */
export async function toLocalFile(
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
	if (!id) return await describeInline(input, { name, declaredType }, content);
	const metadata = await toResult(
		Promise.resolve().then(() => context.helpers.getBinaryMetadata(String(id))),
	);
	if ('error' in metadata) {
		throw jobError(
			`${INPUT_LABELS[input]}: n8n no longer has the file "${shorten(name)}"`,
			'n8n deletes files along with old executions. Run the workflow from the beginning.',
			{ step: 'check', input },
		);
	}
	return {
		name,
		declaredType,
		size: metadata.value.fileSize,
		fileId: String(id),
		open: async () => tapProducer(await context.helpers.getBinaryStream(String(id), READ_BYTES)),
	};
}

/** A file that an earlier run of the node stored; undefined when n8n has it no more. */
export async function restoreFile(
	context: IExecuteFunctions,
	{ fileId, ...file }: Pick<LocalFile, 'name' | 'declaredType' | 'size' | 'fileId'>,
): Promise<LocalFile | undefined> {
	const { name: fileName, declaredType: mimeType } = file;
	const restoring = toLocalFile(context, 'image', { id: fileId, data: '', fileName, mimeType });
	const restored = await toResult(restoring);
	return 'value' in restored ? restored.value : undefined;
}

/** A stream as a file of the execution, in n8n's storage. */
export async function storeFile(
	context: IExecuteFunctions,
	stream: ByteStream,
	name: string,
	type: string,
): Promise<LocalFile> {
	return await toLocalFile(
		context,
		'image',
		await context.helpers.prepareBinaryData(stream, name, type),
	);
}

/** A file that n8n keeps in memory: its content is in the item itself, and only there. */
async function describeInline(
	input: InputName,
	{ name, declaredType }: { name: string; declaredType: string },
	data: unknown,
): Promise<LocalFile> {
	const decoded = decodeInline(data);
	if ('message' in decoded) {
		throw jobError(
			`${INPUT_LABELS[input]}: the file "${shorten(name)}" ${decoded.message}`,
			decoded.advice,
			{ step: 'check', input },
		);
	}
	const hash = createHash('sha256');
	let size = 0;
	for (const slice of decoded()) {
		hash.update(slice);
		size += slice.length;
		// Lets n8n do what else is due.
		await sleep(0);
	}
	const open = async () => await Promise.resolve(streamOf(decoded()));
	return { name, declaredType, size, fileId: hash.digest('hex'), open };
}

function text(value: unknown): string {
	return typeof value === 'string' ? value : '';
}
