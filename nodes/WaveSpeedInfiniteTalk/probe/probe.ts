/** Looks at a file once, while its bytes pass by for another purpose such as a digest. */
import type { Problem } from '../shared/problem';
import { ByteQueue } from './byteQueue';
import { findContainer, findIsoPicture } from './containers';
import { explainUnknown, findBehindOtherBytes, findDamage } from './damage';
import type { Finding, ProbedFile, ProbeParser } from './finding';
import { MP3, probeFrames } from './frames';
import { DAMAGED as DAMAGED_PICTURE } from './picture';
import { findPictureParser } from './pictures';
import { findSignature } from './signatures';
import { DAMAGED, noSound } from './sound';
import { skipLeadingTags } from './tags';
import { detectText } from './text';

/** First bytes of a file, by which the parser is chosen. */
export const HEAD_BYTES = 4096;
/** Other bytes that may precede frames of sound. */
const MAX_BEFORE_FRAMES = 64 * 1024;
/** Chunks are taken in pieces of this size, so that no large buffer is copied. */
const PIECE_BYTES = 64 * 1024;
/** Upper bound: a file with more is corrupt. Even the digital silence of FLAC stays below. */
const MAX_SECONDS_PER_BYTE = 1;

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
		this.parser = probeFile(this.queue, file, wanted);
	}

	/** Takes the next bytes. They are not kept: the chunk may be reused after the call. */
	push(chunk: Buffer): void {
		for (let at = 0; at < chunk.length; at += PIECE_BYTES) {
			this.queue.add(chunk.subarray(at, at + PIECE_BYTES));
			this.advance();
			if (this.result) this.queue.skipNow(Infinity);
		}
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
		const found = this.result?.value;
		if (!found || !('kind' in found)) return found;
		if (found.kind.family !== this.wanted) return { kind: found.kind };
		if (found.seconds === undefined) return found;
		const { seconds, ...rest } = found;
		if (seconds > 0 && seconds <= this.queue.received * MAX_SECONDS_PER_BYTE) return found;
		return seconds === 0 ? { ...rest, problem: noSound() } : rest;
	}

	private advance(): void {
		while (!this.result) {
			const step = this.parser.next();
			if (this.queue.hasTooManyParts) {
				this.result = { value: this.wanted === 'image' ? DAMAGED_PICTURE : DAMAGED };
			} else if (step.done) this.result = { value: step.value };
			// A parser tells the kind as soon as it knows it.
			else if (step.value && step.value.family !== this.wanted) {
				this.result = { value: { kind: step.value } };
			} else if (!step.value) return;
			const found = this.result?.value;
			this.decided = found !== undefined && 'kind' in found && found.kind.family !== this.wanted;
		}
	}
}

function* probeFile(
	queue: ByteQueue,
	file: ProbedFile,
	wanted: 'image' | 'audio',
): ReturnType<ProbeParser> {
	yield* queue.has(HEAD_BYTES);
	const damage = findDamage(queue.peekBytes(HEAD_BYTES));
	if (damage) return damage;
	const hasTag = yield* skipLeadingTags(queue);
	yield* queue.has(HEAD_BYTES);
	const head = Buffer.from(queue.peekBytes(HEAD_BYTES));
	const kind = findIsoPicture(head) ?? findSignature(head);
	const parse =
		(kind && findPictureParser(kind)) ??
		(kind?.family === 'image' ? undefined : findContainer(head));
	if (parse) return yield* parse(queue, file);
	if (kind) return { kind };
	// The mark of UTF-16 text would pass for a frame.
	const isMarkedText = /^(\xff\xfe|\xfe\xff)/.test(head.toString('latin1', 0, 2));
	const framed = isMarkedText ? undefined : yield* probeFrames(queue, HEAD_BYTES);
	if (framed) return framed;
	if (hasTag) {
		return (yield* probeFrames(queue, MAX_BEFORE_FRAMES)) ?? { kind: MP3, problem: noSound(head) };
	}
	const text = detectText(head);
	if (text) return { kind: text };
	const stray = findBehindOtherBytes(head);
	if (stray) return stray;
	const late = yield* probeFrames(queue, MAX_BEFORE_FRAMES);
	if (late) return late;
	return explainUnknown(head, file, wanted);
}
