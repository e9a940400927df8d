/** Streams of bulk data: notices when they stall, and keeps garbage collection cheap. */
import type { ByteStream, HttpRequest } from '../api/http';
import { NoResponseError } from '../api/http';
import { createSleep } from './sleep';

/** A line that is slower than this many bytes per second counts as broken. */
const MIN_BYTES_PER_SECOND = 16 * 1024;
type TransferLimits = Pick<HttpRequest, 'idleTimeoutMs' | 'bulkTimeoutMs'>;

/** Bytes per read of a file: with n8n's 64 KiB an upload waits for the disk. */
export const READ_BYTES = 256 * 1024;
/** A page of the API's history has some hundred KB; no answer is near to this. */
const MAX_TEXT_BYTES = 16 * 1024 * 1024;
const BYTE_ORDER_MARK = /^\uFEFF/;
/** Bytes of bulk data after which a minor collection is brought nearer. */
const GC_INTERVAL_BYTES = 64 * 1024;

/** Calls `onTimeout` once when a transfer stalls, or takes too long in all, unless it is stopped before. */
export class TransferTimeout {
	private idleEnd: number;
	/** When the transfer must be over; later with each byte that moves. */
	private end: number;
	private readonly idleTimeoutMs: number;
	private readonly stopped = new AbortController();
	private readonly sleep = createSleep(this.stopped.signal);

	constructor(
		{ idleTimeoutMs, bulkTimeoutMs = Number.POSITIVE_INFINITY }: TransferLimits,
		private readonly onTimeout: () => void,
	) {
		this.idleTimeoutMs = idleTimeoutMs;
		this.idleEnd = Date.now() + idleTimeoutMs;
		this.end = Date.now() + bulkTimeoutMs;
		void this.watch();
	}

	/** @param bytes in transit now: in database mode n8n gives a whole file as one chunk */
	readonly touch = (bytes: number): void => {
		const ms = (bytes / MIN_BYTES_PER_SECOND) * 1000;
		this.end += ms;
		this.idleEnd = Math.max(this.idleEnd, Date.now() + this.idleTimeoutMs + ms);
	};

	stop(): void {
		this.stopped.abort();
	}

	private async watch(): Promise<void> {
		for (let left = this.left(); left > 0; left = this.left()) {
			await this.sleep(left);
			if (this.stopped.signal.aborted) return;
		}
		this.onTimeout();
	}

	private left(): number {
		return Math.min(this.idleEnd, this.end) - Date.now();
	}
}

/** Reports each chunk that somebody else reads from the stream, without reading from it. */
export function tapConsumer(stream: ByteStream, onChunk: (bytes: number) => void): void {
	// Only once the reader has begun: a listener alone would start the flow and lose data.
	stream.once('resume', () => {
		stream.on('data', (piece: Buffer) => onChunk(piece.length));
	});
}

/**
 * The same stream, reporting each chunk that arrives, however it is read, and keeping garbage collection
 * cheap. Not by compose(): its result releases the source too late, and under Node.js 20 it ends the
 * process when the source breaks before it is read.
 */
export function tapProducer(
	stream: ByteStream,
	onChunk: (bytes: number) => void = () => {},
): ByteStream {
	const push = stream.push.bind(stream);
	stream.push = (piece: unknown, encoding) => {
		if (Buffer.isBuffer(piece)) {
			onChunk(piece.length);
			triggerMinorGc(piece.length);
		}
		return push(piece, encoding);
	};
	return stream;
}

/**
 * The whole content as UTF-8.
 *
 * @throws NoResponseError when it is longer than 16 MiB
 */
export async function readText(stream: ByteStream): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	// Leaving the loop by an error ends the stream, and with it the connection.
	for await (const chunk of stream) {
		chunks.push(chunk as Buffer);
		length += (chunk as Buffer).length;
		if (length > MAX_TEXT_BYTES) throw new NoResponseError('TOO_LONG', 'the response never ends');
	}
	return Buffer.concat(chunks).toString('utf8').replace(BYTE_ORDER_MARK, '');
}

/** Source of one throwaway string: the longest that V8 still puts among its young objects. */
const THROWAWAY_SOURCE = Buffer.alloc(120_000);
/** Bytes of all transfers that are not accounted for yet: with TLS they come in small chunks. */
let pendingBytes = 0;

/**
 * Makes V8 run its quick collection of young objects in time, by creating throwaway strings. The bytes
 * of buffers lie outside of V8's heap and only count as pressure: about every 30 MB V8 then marks all of
 * n8n's memory to free them, which costs more than the transfer. The quick collection frees them as well
 * (docs/bench.md has the numbers). Strings need no marking inside, and nothing may hold them: objects
 * that survive make V8 collect young ones less often.
 */
function triggerMinorGc(bytes: number): void {
	for (pendingBytes += bytes; pendingBytes >= GC_INTERVAL_BYTES; pendingBytes -= GC_INTERVAL_BYTES)
		THROWAWAY_SOURCE.toString('latin1');
}
