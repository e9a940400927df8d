/** Looks at a file once, while its bytes pass by for another purpose such as a digest. */
import type { Problem } from '../shared/problem';
import type { Parser } from './byteQueue';
import { ByteQueue } from './byteQueue';
import { explainUnknown, findBehindOtherBytes, findDamage } from './damage';
import type { Finding, ProbedFile } from './finding';
import { probeFlac } from './flac';
import { MP3, probeFrames } from './frames';
import { probeMp4 } from './mp4';
import { probeOgg } from './ogg';
import { NO_PICTURE, PICTURE_READERS, probePicture } from './pictures';
import type { FileType } from './signatures';
import { findFormat } from './signatures';
import { DAMAGED, noSound } from './sound';
import { skipLeadingTags } from './tags';
import { detectText } from './text';
import { probeWav } from './wav';
import { probeWebm } from './webm';

/** First bytes of a file, by which the parser is chosen. */
const HEAD_BYTES = 4096;
/** Chunks are taken in pieces of this size, so that no large buffer is copied. */
const PIECE_BYTES = 64 * 1024;
/** Upper bound: a file with more is corrupt. Even the digital silence of FLAC stays below. */
const MAX_SECONDS_PER_BYTE = 1;

type ContainerParser = (queue: ByteQueue, kind: FileType) => Parser<Finding>;
/** The parsers of sound and video containers, by what the first bytes tell. */
const CONTAINERS: Readonly<Record<string, ContainerParser>> = {
	'audio/wav': probeWav,
	'audio/flac': probeFlac,
	'application/ogg': probeOgg,
	'video/webm': probeWebm,
	'video/mp4': probeMp4,
};

/**
 * Push all chunks of a file in order, then call {@link end}. Memory stays below 100 KB whatever comes,
 * the time is in proportion to the bytes, and nothing throws.
 */
export class Probe {
	private readonly queue = new ByteQueue();
	private readonly parser: Parser<Finding | Problem | undefined>;
	private result: { value: Finding | Problem | undefined } | undefined;

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
			if (this.result) this.queue.skip(Infinity);
		}
	}

	/** True when no byte that follows can change the finding: it is a wrong kind. The caller stops reading. */
	get isDecided(): boolean {
		const found = this.result?.value;
		return found !== undefined && 'kind' in found && found.kind.family !== this.wanted;
	}

	/**
	 * What was found, when all bytes were pushed or {@link isDecided} is true.
	 *
	 * @returns a finding; what happened to bytes that are no longer a file of any kind; or undefined where
	 * they are of no known kind
	 */
	end(): Finding | Problem | undefined {
		this.queue.ended = true;
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
				this.result = { value: this.wanted === 'image' ? NO_PICTURE : DAMAGED };
			} else if (step.done) this.result = { value: step.value };
			else if (!step.value) return;
			// A parser tells the kind as soon as it knows it.
			else if (step.value.family !== this.wanted) this.result = { value: { kind: step.value } };
		}
	}
}

function* probeFile(
	queue: ByteQueue,
	file: ProbedFile,
	wanted: 'image' | 'audio',
): Parser<Finding | Problem | undefined> {
	const damage = findDamage(yield* queue.look(HEAD_BYTES));
	if (damage) return damage;
	const hasTag = yield* skipLeadingTags(queue);
	const head = Buffer.from(yield* queue.look(HEAD_BYTES));
	const kind = findFormat(head);
	if (kind?.family === 'image' || kind?.family === 'audio') yield kind;
	const readPicture = kind && PICTURE_READERS[kind.type];
	if (readPicture) return yield* probePicture(queue, kind, readPicture);
	const parse = kind && CONTAINERS[kind.type];
	if (parse) return yield* parse(queue, kind);
	if (kind && kind.type !== MP3.type) return { kind };
	if (hasTag) return (yield* probeFrames(queue)) ?? { kind: MP3, problem: noSound(head) };
	const text = detectText(head);
	if (text) return { kind: text };
	const stray = findBehindOtherBytes(head);
	return stray ?? (yield* probeFrames(queue)) ?? explainUnknown(head, file, wanted);
}
