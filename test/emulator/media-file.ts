import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sniff, wavSeconds, type MediaKind } from './sniff';
import { throttled } from './streams';

/** Bytes of a file's start that tell what it is. */
const HEAD_BYTES = 64 * 1024;

/** A file that was uploaded, or read from a URL. */
export interface MediaFile {
	/** By its first bytes. */
	kind: MediaKind;
	bytes: number;
	sha256: string;
	/** Duration in seconds, if its header states it (WAV) or a job or a quote has measured it. */
	seconds: number | undefined;
	/** Absent when the bytes were discarded. */
	path: string | undefined;
}

/** Receives a file into `path`, or discards its bytes when there is no path. */
export async function receiveFile(
	source: Readable,
	path: string | undefined,
	{ bytesPerSecond, signal }: { bytesPerSecond?: number; signal?: AbortSignal } = {},
): Promise<MediaFile> {
	const hash = createHash('sha256');
	let head = Buffer.alloc(0);
	let bytes = 0;
	await pipeline(
		source,
		async function* (chunks: AsyncIterable<Buffer>) {
			const limited = bytesPerSecond === undefined ? chunks : throttled(chunks, bytesPerSecond);
			for await (const chunk of limited) {
				bytes += chunk.length;
				hash.update(chunk);
				const missing = HEAD_BYTES - head.length;
				if (missing > 0) head = Buffer.concat([head, chunk.subarray(0, missing)]);
				yield chunk;
			}
		},
		createWriteStream(path ?? devNull),
		{ ...(signal && { signal }) },
	);
	const seconds = wavSeconds(head, bytes);
	return { kind: sniff(head), bytes, sha256: hash.digest('hex'), seconds, path };
}
