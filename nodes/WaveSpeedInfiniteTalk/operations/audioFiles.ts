/** Sound files that come in, and the two tracks that go out, of the operations of the resource Audio. */
import type { IBinaryKeyData, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';
import { CancelledError } from '../api/http';
import { jobError } from '../errors/jobError';
import { PUBLIC_API } from '../n8n/run';
import { checkFile } from '../inputs/checkFile';
import { checkUrl } from '../inputs/checkRequest';
import { streamOf } from '../inputs/madeFiles';
import type { LocalFile } from '../inputs/request';
import type { Item } from '../n8n/item';
import { readFileField } from '../n8n/media';
import type { LocalRun } from '../n8n/run';
import { tapProducer } from '../n8n/transfer';
import { safeFileName } from '../output/output';
import { shorten } from '../shared/characters';
import type { Problem } from '../shared/problem';
import type { Speaker } from '../tracks/schedule';
import type { OpenContent } from '../tracks/sound';
import type { Track } from '../tracks/track';

const SPEAKERS: readonly Speaker[] = ['left', 'right'];

export const fileNamesOption: INodeProperties = {
	displayName: 'File Names',
	name: 'fileNames',
	type: 'string',
	default: '',
	placeholder: 'e.g. episode-12',
	description:
		'The name of both files, followed by "-left" and "-right". Defaults to "conversation".',
};

/** A sound file that was checked. */
export interface SoundFile {
	/** Media type that the bytes tell. */
	type: string;
	open: OpenContent;
	/** The error for something that is wrong with it. */
	refuse(problem: Problem): Error;
}

/**
 * Reads the field Audio. A file that it names by URL is fetched.
 *
 * @throws JobError that names the field
 */
export async function readSoundFile(run: LocalRun, item: Item): Promise<SoundFile> {
	const source = await readFileField(item, 'audio');
	if ('error' in source) throw source.error;
	const given =
		'url' in source
			? await run.fetcher.file('audio', checkUrl('audio', source.url, PUBLIC_API))
			: (source as { file: LocalFile }).file;
	const { file, type } = await checkFile('audio', given, run.contents);
	return {
		type,
		open: async () => await file.open(),
		refuse: ({ message, advice }) =>
			jobError(`Audio: the file "${shorten(file.name)}" ${message}`, advice, {
				step: 'check',
				input: 'audio',
			}),
	};
}

/**
 * Writes both tracks into n8n's storage, one after the other, as they are made.
 *
 * @param name as the option File Names gives it
 * @throws NodeOperationError when the user stopped the execution
 */
export async function storeTracks(
	run: LocalRun,
	tracks: Readonly<Record<Speaker, Track>>,
	name: unknown,
): Promise<IBinaryKeyData> {
	const stem = safeFileName(String(name ?? '').replace(/\.(mp3|wav)$/i, '')) || 'conversation';
	const binary: IBinaryKeyData = {};
	for (const speaker of SPEAKERS) {
		const { type, extension, chunks } = tracks[speaker];
		// For the garbage collection of its chunks.
		const stream = tapProducer(streamOf(untilCancelled(run, chunks())));
		binary[`${speaker}_audio`] = await run.context.helpers.prepareBinaryData(
			stream,
			`${stem}-${speaker}.${extension}`,
			type,
		);
	}
	return binary;
}

/** @throws NodeOperationError when the user stopped the execution */
export function throwIfCancelled(run: LocalRun): void {
	// n8n's engine tells a stopped execution from a failed one by this word.
	if (run.isCancelled()) {
		throw new NodeOperationError(run.context.getNode(), 'The execution was canceled');
	}
}

async function* untilCancelled(
	run: LocalRun,
	chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer, void, void> {
	for await (const chunk of chunks) {
		if (run.isCancelled()) throw new CancelledError();
		yield chunk;
	}
}
