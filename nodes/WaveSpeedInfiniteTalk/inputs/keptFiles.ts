/** What is known of an item's files, so that a later run of the node neither reads nor fetches them again. */
import { createHash } from 'crypto';
import type { ByInput, InputName } from '../errors/inputNames';
import type { Contents, FileContent } from './contents';
import { contentKey } from './contents';
import type { LocalFile } from './request';

/** A file that was fetched. */
export interface FetchedFile extends Pick<LocalFile, 'name' | 'declaredType' | 'size' | 'fileId'> {
	/** Stands for the address it is from: the address itself may have a secret in it. */
	source: string;
}

/** Plain data: n8n stores it with the execution. */
export interface KeptFiles {
	/** What was read, see {@link contentKey}. What is behind an ID of n8n never changes. */
	contents: Record<string, FileContent>;
	fetched: ByInput<FetchedFile>;
}

/** Reads what is not known yet, and notes what an item needs. */
export class NotedContents implements Pick<Contents, 'of'> {
	readonly noted: Record<string, FileContent> = {};

	/** @param known from an earlier run of the node */
	constructor(
		private readonly contents: Pick<Contents, 'of'>,
		private readonly known: KeptFiles['contents'] = {},
	) {}

	/** @throws JobError that names the input, when the file cannot be read */
	async of(input: InputName, file: LocalFile): Promise<FileContent> {
		const key = contentKey(input, file);
		const content = this.noted[key] ?? this.known[key] ?? (await this.contents.of(input, file));
		this.noted[key] = content;
		return content;
	}
}

/** What stands for an address in {@link FetchedFile}. */
export function sourceOf(url: string): string {
	return createHash('sha256').update(url).digest('hex').slice(0, 32);
}
