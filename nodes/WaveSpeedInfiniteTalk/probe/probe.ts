/** Looks at a file once, while its bytes pass by for another purpose such as a digest. */
import type { Problem } from '../shared/problem';
import { ByteQueue } from './byteQueue';
import type { Finding, ProbedFile, ProbeParser } from './finding';
import { findContainer } from './containers';
import { findPictureParser } from './pictures';
import { findSignature } from './signatures';
import { skipLeadingTags } from './tags';

/** First bytes of a file, by which the parser is chosen. */
export const HEAD_BYTES = 4096;

/**
 * Push all chunks of a file in order, then call {@link end}. Memory stays below 100 KB whatever comes,
 * the time is in proportion to the bytes, and nothing throws.
 */
export class Probe {
	private readonly queue = new ByteQueue();
	private readonly parser: ReturnType<ProbeParser>;
	private result: { value: Finding | Problem | undefined } | undefined;
	private decided = false;

	/**
	 * @param file name and declared type decide only where the bytes do not
	 * @param wanted what the field takes: anything else ends the reading
	 */
	constructor(
		file: ProbedFile,
		private readonly wanted: 'image' | 'audio',
	) {
		this.parser = probeFile(this.queue, file);
	}

	/** Takes the next bytes. They are not kept: the chunk may be reused after the call. */
	push(chunk: Buffer): void {
		this.queue.add(chunk);
		this.advance();
		if (this.result) this.queue.skipNow(Infinity);
		this.queue.keep();
	}

	/** True when no byte that follows can change the finding: it is a wrong kind. The caller stops reading. */
	get isDecided(): boolean {
		return this.decided;
	}

	/**
	 * What was found, when all bytes were pushed or {@link isDecided} is true.
	 *
	 * @returns a finding; what happened to bytes that are no longer a file of any kind; or undefined where
	 * they are of no known kind
	 */
	end(): Finding | Problem | undefined {
		this.queue.end();
		this.advance();
		return this.result?.value;
	}

	private advance(): void {
		while (!this.result) {
			const step = this.parser.next();
			if (step.done) this.result = { value: step.value };
			// A parser tells the kind as soon as it knows it.
			else if (step.value && step.value.family !== this.wanted) {
				this.result = { value: { kind: step.value } };
			} else if (!step.value) return;
			const found = this.result?.value;
			this.decided = found !== undefined && 'kind' in found && found.kind.family !== this.wanted;
		}
	}
}

function* probeFile(queue: ByteQueue, file: ProbedFile): ReturnType<ProbeParser> {
	yield* skipLeadingTags(queue);
	yield* queue.has(HEAD_BYTES);
	const head = Buffer.from(queue.peekBytes(HEAD_BYTES));
	const kind = findSignature(head);
	const parse = findContainer(head) ?? (kind && findPictureParser(kind));
	return parse ? yield* parse(queue, file) : kind && { kind };
}
