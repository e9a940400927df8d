/** Sound that is nothing but frames: MP3 (MPEG layers I to III) and AAC (ADTS). */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FrameHeader } from './frameHeader';
import { FRAME_HEADER_BYTES, FRAME_SYNC, isAac, parseFrameHeader } from './frameHeader';
import { DECODER_DELAY, MP3_INFO_BYTES, parseMp3Info } from './mp3Info';
import type { FileType } from './signatures';
import { cutOffNotes, noSound } from './sound';
import { skipTag, TAG_HEADER_BYTES, tagLength } from './tags';

/** Other bytes that may precede frames of sound. */
const MAX_BEFORE_FRAMES = 64 * 1024;
/** Frames in a row that tell sound from chance: at the first byte or the end, and behind other bytes. */
const PROOF = 2;
const PROOF_BEHIND = 4;

export const MP3: FileType = { family: 'audio', type: 'audio/mpeg', label: 'an MP3 file' };
const AAC: FileType = { family: 'audio', type: 'audio/aac', label: 'an AAC file' };

/** A file that begins with frames, or has them behind a few other bytes; undefined when there are none. */
export function* probeFrames(queue: ByteQueue): Parser<Finding | undefined> {
	if (!(yield* findFrame(queue, MAX_BEFORE_FRAMES))) return undefined;
	const first = nextHeader(queue) as FrameHeader;
	const kind = isAac(first.kind) ? AAC : MP3;
	yield kind;
	return { kind, ...(yield* countFrames(queue, first)) };
}

/**
 * Counts frames by their headers up to the end of the file; the bytes between headers are not looked at.
 * Neither an Xing nor a VBRI header is trusted with the count: files that were joined or cut have the wrong
 * one. The next byte must be that of the first frame.
 */
function* countFrames(queue: ByteQueue, first: FrameHeader): Parser<Omit<Finding, 'kind'>> {
	const info = parseMp3Info(yield* queue.look(MP3_INFO_BYTES));
	if (info) queue.skip(first.bytes);
	let [frames, seconds] = [0, 0];
	let last = first;
	while (queue.available >= FRAME_HEADER_BYTES || (yield* queue.has(FRAME_HEADER_BYTES))) {
		const header = nextHeader(queue);
		queue.countPart();
		if (header?.kind === last.kind) {
			last = header;
			frames += 1;
			seconds += header.samples / header.sampleRate;
			queue.skip(header.bytes);
		} else if (!(yield* skipTag(queue))) {
			if (!(yield* findFrame(queue, Infinity))) break;
			last = nextHeader(queue) ?? last;
		}
	}
	// The last frame was cut off.
	if (frames > 0 && queue.position > queue.received) seconds -= last.samples / last.sampleRate;
	if (frames === 0) return { problem: noSound() };
	if (!info) return { seconds };
	const { delay, padding, frames: declared = frames } = info;
	// A cut file lacks the padding, but the decoder's delay is no longer made up for by it.
	const gap = frames < declared && delay ? delay + DECODER_DELAY : delay + padding;
	seconds = Math.max(0, seconds - gap / first.sampleRate);
	const declaredSeconds = (declared * first.samples - delay - padding) / first.sampleRate;
	return { seconds, notes: cutOffNotes(declaredSeconds, seconds) };
}

/**
 * Moves to the next byte where frames begin, and stays there.
 *
 * @param limit bytes to look through at most
 */
export function* findFrame(queue: ByteQueue, limit: number): Parser<boolean> {
	const start = queue.position;
	while (queue.position - start <= limit && (yield* queue.has(FRAME_HEADER_BYTES))) {
		queue.countPart();
		const at = queue.indexOf(FRAME_SYNC);
		queue.skip(at < 0 ? queue.available : at);
		if (at < 0 || !(yield* queue.has(FRAME_HEADER_BYTES))) continue;
		if (yield* areFrames(queue, queue.position === start)) return true;
		queue.skip(1);
	}
	return false;
}

/** Whether frames of one stream begin here, one after the other; at the end of the file fewer prove it. */
function* areFrames(queue: ByteQueue, isStart: boolean): Parser<boolean> {
	const first = nextHeader(queue);
	if (!first) return false;
	const proof = isStart ? PROOF : PROOF_BEHIND;
	let end = first.bytes;
	for (let frames = 1; frames < proof; frames += 1) {
		if (!(yield* queue.has(end + TAG_HEADER_BYTES))) {
			return isStart || (end <= queue.available ? frames : frames - 1) >= PROOF;
		}
		const behind = queue.peekBytes(TAG_HEADER_BYTES, end);
		const next = parseFrameHeader(behind);
		if (next?.kind !== first.kind) {
			return (isStart || frames >= PROOF) && tagLength(behind) !== undefined;
		}
		end += next.bytes;
	}
	return true;
}

function nextHeader(queue: ByteQueue): FrameHeader | undefined {
	return parseFrameHeader(queue.peekBytes(FRAME_HEADER_BYTES));
}
