/** Reads each file of a run once, by stream, for its digest and its duration. */
import { createHash } from 'crypto';
import { DurationMeter } from '../probe/duration';
import { Limit } from '../shared/limit';
import { toResult } from '../shared/result';
import { jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS } from '../errors/inputNames';
import type { LocalFile } from './request';

/** Files read at the same time: hashing is bound by the processor. */
const MAX_CONCURRENT_READS = 2;

export interface FileContent {
	/** Hex. */
	sha256: string;
	/** Duration in seconds; absent where the format does not tell it. */
	seconds?: number;
}

export class Contents {
	private readonly read = new Map<string, Promise<FileContent>>();
	private readonly limit = new Limit(MAX_CONCURRENT_READS);

	/**
	 * @throws JobError that names the input, when the file cannot be read
	 */
	async of(input: InputName, file: LocalFile): Promise<FileContent> {
		// The same file may be a picture here and a voice there.
		const key = `${input === 'image' ? 'image' : 'audio'} ${file.identity}`;
		const reading =
			this.read.get(key) ?? this.limit.run(async () => await readContent(file, input !== 'image'));
		this.read.set(key, reading);
		const result = await toResult(reading);
		if ('value' in result) return result.value;
		throw jobError(
			`${INPUT_LABELS[input]}: the file "${file.name}" could not be read`,
			'n8n deletes files with old executions. Run the workflow from its beginning.',
			{ step: 'check', input },
		);
	}
}

async function readContent(file: LocalFile, isAudio: boolean): Promise<FileContent> {
	const hash = createHash('sha256');
	const meter = isAudio ? new DurationMeter({ size: file.size }) : undefined;
	const content = await file.open();
	const chunks: AsyncIterable<unknown> | Buffer[] = Buffer.isBuffer(content) ? [content] : content;
	for await (const chunk of chunks) {
		hash.update(chunk as Buffer);
		meter?.push(chunk as Buffer);
	}
	const seconds = meter?.end();
	return {
		sha256: hash.digest('hex'),
		...(seconds !== undefined && { seconds }),
	};
}
