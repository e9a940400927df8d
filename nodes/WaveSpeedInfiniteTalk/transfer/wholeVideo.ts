/** Tells by its bytes whether a download is a whole video: neither its type nor its length says so. */
import { ApiError } from '../api/errors';
import type { ByteStream } from '../api/http';
import type { Parser } from '../probe/byteQueue';
import { ByteQueue } from '../probe/byteQueue';
import { readBox } from '../probe/mp4';
import { detectText } from '../probe/text';
import { readElement } from '../probe/webm';

/** Bytes in which a text shows what it is. */
const HEAD_BYTES = 4096;
/** Fewer are no file of any format, but the beginning of one. */
const MIN_BYTES = 16;
/** The boxes that an MP4 may begin with. */
const FIRST_BOX = /^(ftyp|styp|moov|mdat|free|skip|wide|pnot)$/;
const EBML_START = 0x1a45dfa3;
const CLUSTER_ID = 0x1f43b675;

/**
 * The same stream, which fails at its end unless a whole video came. It looks at what is read of it,
 * whoever reads and however, and keeps no more than a few KB.
 */
export function requireWholeVideo(stream: ByteStream): ByteStream {
	const check = new VideoCheck();
	const emit = stream.emit.bind(stream);
	stream.emit = (event: string | symbol, ...values: unknown[]) => {
		// A stream emits each piece that it gives, also to readers that do not listen for it.
		if (event === 'data' && Buffer.isBuffer(values[0])) check.push(values[0]);
		const problem = event === 'end' ? check.end() : undefined;
		if (problem === undefined) return emit(event, ...values);
		stream.destroy(new ApiError('server', problem, { notProcessed: false }));
		return false;
	};
	return stream;
}

/** Push all pieces of a download in order, then call {@link end}. */
export class VideoCheck {
	private readonly queue = new ByteQueue();
	private readonly parser = checkVideo(this.queue);
	private result: { problem: string | undefined } | undefined;

	push(piece: Buffer): void {
		this.queue.add(piece);
		this.advance();
		if (this.result) this.queue.skip(Infinity);
	}

	/** Why what came is no whole video, as the end of a sentence; undefined when it is one. */
	end(): string | undefined {
		this.queue.ended = true;
		this.advance();
		return this.result?.problem;
	}

	private advance(): void {
		if (this.result) return;
		const step = this.parser.next();
		if (step.done) this.result = { problem: step.value };
	}
}

function* checkVideo(queue: ByteQueue): Parser<string | undefined> {
	yield* queue.has(HEAD_BYTES);
	const head = Buffer.from(queue.peekBytes(HEAD_BYTES));
	if (head.length === 0) return 'the file is empty';
	const text = detectText(head);
	if (text) return `the server sent ${text.label} instead`;
	const isMp4 = FIRST_BOX.test(head.toString('latin1', 4, 8));
	const isWebm = head.length >= 4 && head.readUInt32BE(0) === EBML_START;
	const isOther = head.length >= MIN_BYTES;
	const isWhole = isMp4 ? yield* isWholeMp4(queue) : isWebm ? yield* isWholeWebm(queue) : isOther;
	return isWhole ? undefined : `only part of it arrived (${queue.received} bytes)`;
}

/** Every outermost box to its end, among them the index and the data (ISO/IEC 14496-12). */
function* isWholeMp4(queue: ByteQueue): Parser<boolean> {
	const types = new Set<string>();
	for (;;) {
		const isComplete = types.has('moov') && types.has('mdat');
		if (!(yield* queue.has(1))) return isComplete;
		const box = yield* readBox(queue);
		if (!box) return false;
		// What is no box any more stands behind the video.
		if (!/^[ -~\xa9]{4}$/.test(box.type)) return isComplete;
		types.add(box.type);
		// The box goes to the end of the file, wherever that is.
		if (box.end === Infinity) return types.has('moov') && types.has('mdat');
		const bytes = box.end - queue.position;
		if (bytes < 0 || !(yield* queue.pass(bytes))) return false;
	}
}

/** Every outermost element to its end; into those of unknown size, as in live recordings. */
function* isWholeWebm(queue: ByteQueue): Parser<boolean> {
	let hasVideo = false;
	let hasUnknownSize = false;
	for (let parts = 0; ; parts++) {
		if (!(yield* queue.has(1))) return hasUnknownSize ? hasVideo : parts > 1;
		const element = yield* readElement(queue);
		// What is no element any more stands behind the video.
		if (!element) return queue.ended ? false : hasVideo || parts > 1;
		hasVideo ||= element.id === CLUSTER_ID;
		if (element.size === undefined) hasUnknownSize = true;
		else if (!(yield* queue.pass(element.size))) return false;
	}
}
