/** Sound that is nothing but frames: MP3 (MPEG layers I to III) and AAC (ADTS). */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FrameHeader } from './frameHeader';
import {
	FRAME_HEADER_BYTES,
	FRAME_SYNC,
	isAac,
	isFreeFormat,
	parseFrameHeader,
} from './frameHeader';
import { DECODER_DELAY, MP3_INFO_BYTES, parseMp3Info } from './mp3Info';
import type { FileType } from './signatures';
import { cutOffHints, noSound } from './sound';
import { skipTag, TAG_HEADER_BYTES, tagLength } from './tags';

/** Frames in a row that tell sound from chance: at the first byte, behind other bytes, and there at the end. */
const PROOF_AT_START = 2;
const PROOF_BEHIND = 4;
const PROOF_AT_END = 2;
/** Bytes between frames that are no sound, above which the file is too broken to tell its length. */
const MAX_LOST_BYTES = 4096;
/** The same for each byte of sound. */
const MAX_LOST_SHARE = 0.1;
const SHORT_FRAME_BYTES = 64;
const TEXT_BYTES = 4096;
const FREE_FORMAT_BYTES = 8192;

export const MP3: FileType = { family: 'audio', type: 'audio/mpeg', label: 'an MP3 file' };
const AAC: FileType = { family: 'audio', type: 'audio/aac', label: 'an AAC file' };

/**
 * A file whose first frame is looked for within `limit` bytes.
 *
 * @returns undefined when there is none; these bytes are skipped then
 */
export function* probeFrames(queue: ByteQueue, limit: number): Parser<Finding | undefined> {
	yield* queue.has(FREE_FORMAT_BYTES);
	if (isFreeFormat(queue.peekBytes(FREE_FORMAT_BYTES))) {
		const message = 'is a free-format MP3, which no player reads';
		const advice = 'Save it as MP3 with a fixed bitrate, such as 128 kbit/s.';
		return { kind: MP3, problem: { message, advice } };
	}
	if (!(yield* findFrame(queue, limit))) return undefined;
	const kind = isAac((parseFrameHeader(queue, 0) as FrameHeader).kind) ? AAC : MP3;
	yield kind;
	return { kind, ...(yield* countFrames(queue)) };
}

/**
 * Counts frames by their headers up to the end of the file; the bytes between headers are not looked at.
 * Neither an Xing nor a VBRI header is trusted with the count: files that were joined or cut have the wrong
 * one. The next byte must be that of a frame.
 */
function* countFrames(queue: ByteQueue): Parser<Omit<Finding, 'kind'>> {
	const first = parseFrameHeader(queue, 0) as FrameHeader;
	yield* queue.has(Math.min(first.bytes, MP3_INFO_BYTES));
	const info = parseMp3Info(queue.peekBytes(Math.min(first.bytes, MP3_INFO_BYTES)));
	if (info) {
		yield* queue.skip(first.bytes);
		yield* queue.has(TEXT_BYTES);
	}
	const soundStart = queue.position;
	const behindInfo = info && Buffer.from(queue.peekBytes(TEXT_BYTES));
	let [frames, seconds, lost] = [0, 0, 0];
	let last = first;
	while (queue.available >= FRAME_HEADER_BYTES || (yield* queue.has(FRAME_HEADER_BYTES))) {
		const header = parseFrameHeader(queue, 0);
		// Longer ones cost less time than their bytes.
		if (!header || header.bytes < SHORT_FRAME_BYTES) queue.countPart();
		if (header?.kind === last.kind) {
			last = header;
			frames += 1;
			seconds += header.samples / header.sampleRate;
			queue.skipNow(header.bytes);
			continue;
		}
		const lostAt = queue.position;
		if (yield* skipTag(queue)) continue;
		const found = yield* findFrame(queue, Infinity);
		lost += queue.position - lostAt;
		if (!found) break;
		last = parseFrameHeader(queue, 0) ?? last;
	}
	if (frames > 0 && queue.position > queue.received) {
		// The last frame was cut off.
		frames -= 1;
		seconds -= last.samples / last.sampleRate;
	}
	if (frames === 0) return { problem: noSound(behindInfo) };
	const soundBytes = queue.received - soundStart - lost;
	if (lost > MAX_LOST_BYTES + soundBytes * MAX_LOST_SHARE) return {};
	if (!info) return { seconds };
	const { delay, padding, frames: declared = frames } = info;
	// A cut file lacks the padding, but the decoder's delay is no longer made up for by it.
	const gap = frames < declared && delay ? delay + DECODER_DELAY : delay + padding;
	seconds = Math.max(0, seconds - gap / first.sampleRate);
	const declaredSeconds = (declared * first.samples - delay - padding) / first.sampleRate;
	return { seconds, hints: cutOffHints(declaredSeconds, seconds) };
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
		queue.skipNow(at < 0 ? queue.available : at);
		if (at < 0 || !(yield* queue.has(FRAME_HEADER_BYTES))) continue;
		if (yield* areFrames(queue, queue.position === start)) return true;
		queue.skipNow(1);
	}
	return false;
}

/** Whether frames of one stream begin here, one after the other; at the end of the file fewer prove it. */
function* areFrames(queue: ByteQueue, isStart: boolean): Parser<boolean> {
	const first = parseFrameHeader(queue, 0);
	if (!first) return false;
	const proof = isStart ? PROOF_AT_START : PROOF_BEHIND;
	let end = first.bytes;
	for (let frames = 1; frames < proof; frames += 1) {
		if (!(yield* queue.has(end + FRAME_HEADER_BYTES))) {
			return isStart || (end <= queue.available ? frames : frames - 1) >= PROOF_AT_END;
		}
		const next = parseFrameHeader(queue, end);
		if (next?.kind !== first.kind) {
			const isInfo = isStart && parseMp3Info(queue.peekBytes(Math.min(end, MP3_INFO_BYTES)));
			return Boolean(isInfo) || ((isStart || frames >= PROOF_AT_END) && isTag(queue, end));
		}
		end += next.bytes;
	}
	return true;
}

function isTag(queue: ByteQueue, offset: number): boolean {
	return tagLength(queue.peekBytes(offset + TAG_HEADER_BYTES).subarray(offset)) !== undefined;
}
