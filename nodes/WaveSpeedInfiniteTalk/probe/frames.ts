/** Sound that is nothing but frames: MP3 (MPEG layers I to III) and AAC (ADTS). */
import type { ByteQueue, Parser } from './byteQueue';
import type { FrameHeader } from './frameHeader';
import { FRAME_HEADER_BYTES, FRAME_SYNC, parseFrameHeader } from './frameHeader';
import type { Mp3Info } from './mp3Info';
import { DECODER_DELAY, MP3_INFO_BYTES, parseMp3Info } from './mp3Info';
import { skipTag, tagLength } from './tags';

/** Frames in a row that prove that this is sound and no chance. */
const PROOF = 3;
/** Bytes before the first frame that are looked through. */
const MOST_LEADING_BYTES = 256 * 1024;
/** Bytes between frames that are no sound, above which the file is too broken to tell. */
const MOST_LOST_BYTES = 4096;
/** The same for each byte of sound. */
const MOST_LOST_SHARE = 0.1;
/** Bytes to know a tag by. */
const TAG_BYTES = 32;

/**
 * Counts frames by their headers; the bytes between headers are not looked at. Neither an Xing nor a
 * VBRI header is trusted with the count: files that were joined or cut have the wrong one.
 */
export function* measureFrames(queue: ByteQueue): Parser {
	if (!(yield* findFrame(queue, MOST_LEADING_BYTES))) return undefined;
	const total = new FrameTotal();
	const first = parseFrameHeader(queue, 0) as FrameHeader;
	yield* queue.has(Math.min(first.bytes, MP3_INFO_BYTES));
	const info = parseMp3Info(queue.peekBytes(Math.min(first.bytes, MP3_INFO_BYTES)));
	if (info) queue.skipNow(first.bytes);
	const soundStart = queue.position;
	let lost = 0;
	let { kind } = first;
	while (queue.available >= FRAME_HEADER_BYTES || (yield* queue.has(FRAME_HEADER_BYTES))) {
		const header = parseFrameHeader(queue, 0);
		if (header?.kind === kind) {
			total.add(header);
			queue.skipNow(header.bytes);
			continue;
		}
		const lostAt = queue.position;
		if (yield* skipTag(queue)) continue;
		const found = yield* findFrame(queue, Infinity);
		lost += queue.position - lostAt;
		if (!found) break;
		kind = parseFrameHeader(queue, 0)?.kind ?? kind;
	}
	if (queue.position > queue.received) total.dropLast();
	const soundBytes = queue.received - soundStart - lost;
	if (lost > MOST_LOST_BYTES + soundBytes * MOST_LOST_SHARE) return undefined;
	return total.seconds(info);
}

/** Sums up frames, whose rate may change where files were joined. */
class FrameTotal {
	private frames = 0;
	private samples = 0;
	private past = 0;
	private last: FrameHeader | undefined;
	private first: FrameHeader | undefined;

	add(header: FrameHeader): void {
		if (header.sampleRate !== this.last?.sampleRate) this.changeRate();
		this.first ??= header;
		this.last = header;
		this.samples += header.samples;
		this.frames += 1;
	}

	/** Takes back the last frame, which was cut off. */
	dropLast(): void {
		if (!this.last) return;
		this.samples -= this.last.samples;
		this.frames -= 1;
	}

	seconds(info: Mp3Info | undefined): number {
		this.changeRate();
		if (!info || !this.first) return this.past;
		const isCut = info.frames !== undefined && this.frames < info.frames;
		// A cut file lacks the padding, but the decoder's delay is no longer made up for by it.
		const gap = isCut && info.delay ? info.delay + DECODER_DELAY : info.delay + info.padding;
		return Math.max(0, this.past - gap / this.first.sampleRate);
	}

	private changeRate(): void {
		if (this.last) this.past += this.samples / this.last.sampleRate;
		this.samples = 0;
	}
}

/**
 * Moves to the next byte where frames begin, and stays there.
 *
 * @param limit bytes to look through at most
 */
export function* findFrame(queue: ByteQueue, limit: number): Parser<boolean> {
	const start = queue.position;
	while (queue.position - start <= limit && (yield* queue.has(FRAME_HEADER_BYTES))) {
		const at = queue.indexOf(FRAME_SYNC);
		queue.skipNow(at < 0 ? queue.available : at);
		if (at < 0 || !(yield* queue.has(FRAME_HEADER_BYTES))) continue;
		if (yield* areFrames(queue, queue.position === start)) return true;
		queue.skipNow(1);
	}
	return false;
}

/** Whether frames of one stream begin here, one after the other. */
function* areFrames(queue: ByteQueue, isStart: boolean): Parser<boolean> {
	const first = parseFrameHeader(queue, 0);
	if (!first) return false;
	const enough = isStart ? 1 : PROOF - 1;
	let end = first.bytes;
	for (let frames = 1; frames < PROOF; frames += 1) {
		if (!(yield* queue.has(end + FRAME_HEADER_BYTES))) {
			return (end <= queue.available ? frames : frames - 1) >= enough;
		}
		const next = parseFrameHeader(queue, end);
		if (next?.kind !== first.kind) return frames >= enough && isTag(queue, end);
		end += next.bytes;
	}
	return true;
}

function isTag(queue: ByteQueue, offset: number): boolean {
	return tagLength(queue.peekBytes(offset + TAG_BYTES).subarray(offset)) !== undefined;
}
