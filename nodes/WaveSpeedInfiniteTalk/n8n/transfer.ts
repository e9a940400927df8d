/** Bulk data on its way through n8n: noticed when it stalls, and cheap to collect afterwards. */
import { sleep } from 'n8n-workflow';
import type { ByteStream } from '../api/http';
import { toResult } from '../shared/result';

/** Slowest line that a piece is given time for beside the silence allowed, in bytes per second. */
const MIN_BYTES_PER_SECOND = 32 * 1024;
/** Bytes that are read from a file at a time: n8n's 64 KiB make an upload wait for the disk. */
export const READ_BYTES = 256 * 1024;
/** Bytes of bulk data for each piece of garbage. */
const GC_INTERVAL_BYTES = 64 * 1024;

/** Calls `onTimeout` once when nothing was heard for so long; until then, or until it is stopped. */
export class IdleTimeout {
	private deadline: number;
	private readonly stopped = new AbortController();

	constructor(
		private readonly idleTimeoutMs: number,
		private readonly onTimeout: () => void,
	) {
		this.deadline = Date.now() + idleTimeoutMs;
		void this.watch();
	}

	/** @param bytes that are now on their way: n8n gives some files as one piece (database mode) */
	readonly touch = (bytes = 0): void => {
		const next = Date.now() + this.idleTimeoutMs + (bytes / MIN_BYTES_PER_SECOND) * 1000;
		this.deadline = Math.max(this.deadline, next);
	};

	stop(): void {
		this.stopped.abort();
	}

	private async watch(): Promise<void> {
		for (let left = this.idleTimeoutMs; left > 0; left = this.deadline - Date.now()) {
			await toResult(sleep(left, this.stopped.signal));
			if (this.stopped.signal.aborted) return;
		}
		this.onTimeout();
	}
}

/** Tells of each piece that somebody else reads from the stream, without reading from it. */
export function tapConsumer(stream: ByteStream, onChunk: (bytes: number) => void): void {
	// Not before the reader has begun: a listener alone would set the stream flowing into nothing.
	stream.once('resume', () => {
		stream.on('data', (piece: Buffer) => {
			onChunk(piece.length);
			triggerMinorGc(piece.length);
		});
	});
}

/**
 * The same stream, telling of each piece that comes in for it, however it is read. Not by compose():
 * what that makes lets go of its source too late, and under Node.js 20 ends the process when the source
 * breaks before it is read.
 */
export function tapProducer(stream: ByteStream, onChunk: () => void): ByteStream {
	const push = stream.push.bind(stream);
	stream.push = (piece: unknown, encoding) => {
		if (Buffer.isBuffer(piece)) {
			onChunk();
			triggerMinorGc(piece.length);
		}
		return push(piece, encoding);
	};
	return stream;
}

/** Text of one piece of garbage: the longest that V8 still makes among its young objects. */
const GARBAGE_SOURCE = Buffer.alloc(120_000);
/** Bytes of all transfers that no garbage was made for yet: with TLS they come in small pieces. */
let pendingBytes = 0;

/**
 * Leaves some garbage for so many bytes of bulk data. The bytes themselves lie outside of V8's heap,
 * where they only count as pressure: every 30 MB or so V8 looks through all of n8n's memory to free
 * them, which costs more than the transfer. With garbage beside them its quick collection of young
 * objects comes first, and frees both (docs/bench.md has the numbers). A string, as there is nothing in
 * it to look through, and kept nowhere: what lives on makes V8 collect young objects less often.
 */
function triggerMinorGc(bytes: number): void {
	for (pendingBytes += bytes; pendingBytes >= GC_INTERVAL_BYTES; pendingBytes -= GC_INTERVAL_BYTES)
		GARBAGE_SOURCE.toString('latin1');
}
