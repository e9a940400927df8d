import type { ByteQueue } from './byteQueue';

/** So many parts a small file may have, whatever their size. */
const FREE_PARTS = 10_000;

/**
 * True when a file has more parts than any program writes: then reading on would only cost time.
 *
 * @param parts so far
 * @param minBytes below what programs give one part on average
 */
export function hasTooManyParts(queue: ByteQueue, parts: number, minBytes: number): boolean {
	return parts > FREE_PARTS + queue.position / minBytes;
}
