/** Reads each file of a run once, by stream: for its digest, and for what it is. */
import { createHash } from 'crypto';
import type { Finding } from '../probe/finding';
import { Probe } from '../probe/probe';
import { Semaphore } from '../shared/semaphore';
import type { Problem } from '../shared/problem';
import { toResult } from '../shared/result';
import { jobError } from '../errors/jobError';
import type { InputName } from '../errors/inputNames';
import { INPUT_LABELS, kindOf } from '../errors/inputNames';
import type { LocalFile } from './request';

/** Files read at the same time: hashing is bound by the processor. */
const MAX_CONCURRENT_READS = 2;
/** Bytes that are looked at before n8n may do other things: a few milliseconds of work. */
const PAUSE_BYTES = 1024 * 1024;

export interface FileContent {
	/** Hex. Of a file of a wrong kind, which is not read to its end, it stands for nothing. */
	sha256: string;
	/** What the file is, or what happened to it; undefined when nothing is known of it. */
	found: Finding | Problem | undefined;
}

/** Tells contents apart: the same file may be a picture here and a voice there. */
export function contentKey(input: InputName, { fileId }: Pick<LocalFile, 'fileId'>): string {
	return `${kindOf(input)} ${fileId}`;
}

export class Contents {
	private readonly read = new Map<string, Promise<FileContent>>();
	private readonly limit = new Semaphore(MAX_CONCURRENT_READS);

	/** @param pause lets n8n do what else is due */
	constructor(private readonly pause: () => Promise<void>) {}

	/** @throws JobError that names the input, when the file cannot be read */
	async of(input: InputName, file: LocalFile): Promise<FileContent> {
		const key = contentKey(input, file);
		const reading =
			this.read.get(key) ?? this.limit.run(async () => await this.readFile(file, kindOf(input)));
		this.read.set(key, reading);
		const result = await toResult(reading);
		if ('value' in result) return result.value;
		throw jobError(
			`${INPUT_LABELS[input]}: the file "${file.name}" could not be read`,
			'n8n deletes files along with old executions. Run the workflow from the beginning.',
			{ step: 'check', input },
		);
	}

	private async readFile(file: LocalFile, wanted: 'image' | 'audio'): Promise<FileContent> {
		const hash = createHash('sha256');
		const probe = new Probe(file, wanted);
		for await (const piece of this.pieces(file)) {
			hash.update(piece);
			probe.push(piece);
			// Leaving the loop ends the stream: the rest is not read.
			if (probe.isDecided) break;
		}
		return { sha256: hash.digest('hex'), found: probe.end() };
	}

	/**
	 * A file in n8n's memory or database comes in chunks of any size, which would keep n8n busy. Between the
	 * small ones of a disk it has its turn anyhow.
	 */
	private async *pieces(file: LocalFile): AsyncGenerator<Buffer> {
		for await (const chunk of await file.open()) {
			const { length } = chunk as Buffer;
			for (let at = 0; at < length; at += PAUSE_BYTES) {
				if (at > 0) await this.pause();
				yield (chunk as Buffer).subarray(at, at + PAUSE_BYTES);
			}
		}
	}
}
