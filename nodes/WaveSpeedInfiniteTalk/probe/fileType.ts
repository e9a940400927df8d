import type { Damage } from './damage';
import { HEAD_BYTES as BYTES, Probe } from './probe';
import type { FileType } from './signatures';

export const HEAD_BYTES = BYTES;

/** What is examined of a file. */
export interface FileContent {
	name: string;
	declaredType: string;
	size: number;
	open(): Promise<AsyncIterable<unknown> | Buffer>;
}

/** For callers that do not use {@link Probe} yet. */
export async function detectFileType(file: FileContent): Promise<FileType | Damage | undefined> {
	const probe = new Probe(file, 'audio');
	const content = await file.open();
	if (Buffer.isBuffer(content)) probe.push(content);
	else {
		for await (const piece of content) {
			probe.push(piece as Buffer);
			if (probe.isDecided) break;
		}
	}
	const found = probe.end();
	if (!found) return undefined;
	return 'kind' in found ? found.kind : { fault: found.message, hint: found.advice };
}
