import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

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
