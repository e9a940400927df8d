import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Bytes kept from the start of a file, for content sniffing. */
export const HEAD_BYTES = 64 * 1024;

const ZEROS = Buffer.alloc(256 * 1024);

export type Body = string | Buffer | Readable;

export function asStream(body: Body): Readable {
	return body instanceof Readable ? body : Readable.from([Buffer.from(body)]);
}

/** Limits the rate to about `bytesPerSecond`, in twenty chunks per second. */
export async function* throttled(
	source: AsyncIterable<Buffer>,
	bytesPerSecond: number,
): AsyncGenerator<Buffer> {
	const piece = Math.max(1, Math.floor(bytesPerSecond / 20));
	for await (const chunk of source) {
		for (let at = 0; at < chunk.length; at += piece) {
			const part = chunk.subarray(at, at + piece);
			yield part;
			await sleep((part.length / bytesPerSecond) * 1000);
		}
	}
}

/** Yields the first `bytes` bytes, then throws. */
export async function* cutAfter(
	source: AsyncIterable<Buffer>,
	bytes: number,
): AsyncGenerator<Buffer> {
	let left = bytes;
	for await (const chunk of source) {
		const part = chunk.subarray(0, left);
		left -= part.length;
		yield part;
		if (left <= 0) break;
	}
	// The bytes must reach the socket before the connection is destroyed.
	await sleep(20);
	throw new Error('cut by a fault');
}

/** Yields `count` zero bytes without allocating them. */
export function* zeros(count: number): Generator<Buffer> {
	for (let left = count; left > 0; left -= ZEROS.length) {
		yield left >= ZEROS.length ? ZEROS : ZEROS.subarray(0, left);
	}
}

export interface Received {
	bytes: number;
	sha256: string;
	/** The first bytes, at most HEAD_BYTES. */
	head: Buffer;
}

/** Consumes a stream into `path`, or discards it when there is no path. */
export async function receive(
	source: Readable,
	target: { path?: string; bytesPerSecond?: number; signal?: AbortSignal } = {},
): Promise<Received> {
	const hash = createHash('sha256');
	const heads: Buffer[] = [];
	let bytes = 0;
	let headBytes = 0;
	const { path, bytesPerSecond } = target;
	const sink = path === undefined ? discard() : createWriteStream(path);
	await pipeline(
		source,
		async function* (chunks: AsyncIterable<Buffer>) {
			const limited = bytesPerSecond === undefined ? chunks : throttled(chunks, bytesPerSecond);
			for await (const chunk of limited) {
				bytes += chunk.length;
				hash.update(chunk);
				if (headBytes < HEAD_BYTES) {
					const part = Buffer.from(chunk.subarray(0, HEAD_BYTES - headBytes));
					heads.push(part);
					headBytes += part.length;
				}
				yield chunk;
			}
		},
		sink,
		...(target.signal ? [{ signal: target.signal }] : []),
	);
	return { bytes, sha256: hash.digest('hex'), head: Buffer.concat(heads) };
}

function discard(): Writable {
	return new Writable({ write: (_chunk, _encoding, done) => done() });
}
