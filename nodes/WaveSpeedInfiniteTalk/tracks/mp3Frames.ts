/** The frames of an MP3 file, without tags, covers and frames that hold no sound. */
import type { Parser } from '../probe/byteQueue';
import { ByteQueue } from '../probe/byteQueue';
import { FRAME_HEADER_BYTES, parseFrameHeader } from '../probe/frameHeader';
import { findFrame } from '../probe/frames';
import type { Mp3Info } from '../probe/mp3Info';
import { DECODER_DELAY, MP3_INFO_BYTES, parseMp3Info } from '../probe/mp3Info';
import { skipLeadingTags, skipTag } from '../probe/tags';
import type { Problem } from '../shared/problem';
import { bitrateIndexOf, channelsOf, isLayer3, Reservoir } from './mp3Frame';
import type { Mp3Sound, OpenContent } from './sound';

/** Bytes before the first frame that are looked through. */
const MAX_LEADING_BYTES = 256 * 1024;

/**
 * The frames of a file in batches, each batch of the frames that one chunk of the file completes.
 *
 * @param onInfo gets what a frame without sound says of the encoder: the first one, and in joined files more
 */
export async function* readFrames(
	open: OpenContent,
	onInfo: (info: Mp3Info) => void = () => {},
): AsyncGenerator<Buffer[], void, void> {
	const queue = new ByteQueue();
	const reservoir = new Reservoir();
	let batch: Buffer[] = [];
	const parser = parseFrames(queue, (frame) => batch.push(reservoir.take(frame)), onInfo);
	for await (const chunk of await open()) {
		queue.add(chunk);
		const { done } = parser.next();
		if (batch.length > 0) yield batch;
		batch = [];
		if (done) return;
	}
	queue.ended = true;
	parser.next();
	if (batch.length > 0) yield batch;
}

/** The last frame is left out when it was cut off. */
function* parseFrames(
	queue: ByteQueue,
	onFrame: (frame: Buffer) => void,
	onInfo: (info: Mp3Info) => void,
): Parser<void> {
	yield* skipLeadingTags(queue);
	let found = yield* findFrame(queue, MAX_LEADING_BYTES);
	const kind = found && parseFrameHeader(queue.peekBytes(FRAME_HEADER_BYTES))?.kind;
	while (found && (yield* queue.has(FRAME_HEADER_BYTES))) {
		const header = parseFrameHeader(queue.peekBytes(FRAME_HEADER_BYTES));
		if (header?.kind === kind) {
			if (!(yield* queue.has(header!.bytes))) return;
			const frame = yield* queue.take(header!.bytes);
			const info = parseMp3Info(frame.subarray(0, MP3_INFO_BYTES));
			if (info) onInfo(info);
			else onFrame(frame);
		} else if (!(yield* skipTag(queue))) {
			queue.skip(1);
			found = yield* findFrame(queue, Infinity);
		}
	}
}

/** Samples that LAME, which most services use, puts in front; for files that do not say it. */
const USUAL_DELAY = 576;

/** Reads an MP3 file for what a track needs to know of it. */
export async function measureMp3(open: OpenContent): Promise<Mp3Sound | Problem> {
	let info: Mp3Info | undefined;
	let header: Buffer | undefined;
	let units = 0;
	let bytes = 0;
	const bitrates = new Set<number>();
	const channels = new Set<number>();
	for await (const frames of readFrames(open, (given) => (info = given))) {
		header ??= frames[0];
		units += frames.length;
		for (const frame of frames) {
			bytes += frame.length;
			bitrates.add(bitrateIndexOf(frame));
			channels.add(channelsOf(frame));
		}
	}
	const facts = header && parseFrameHeader(header);
	if (!header || !facts || !isLayer3(header)) {
		return { message: 'contains no MP3 frames', advice: 'Use an MP3 or WAV file.' };
	}
	if (channels.size > 1) {
		return {
			message: 'changes between mono and stereo',
			advice: 'Convert it to an MP3 file that is all mono or all stereo.',
		};
	}
	const { samples: unitSamples, sampleRate } = facts;
	const total = units * unitSamples;
	const isCut = info?.frames !== undefined && units < info.frames;
	const lead = (info?.delay || USUAL_DELAY) + DECODER_DELAY;
	const filled = info?.delay && !isCut ? info.delay + info.padding : lead;
	return {
		kind: 'MP3',
		header: Buffer.from(header.subarray(0, FRAME_HEADER_BYTES)),
		sampleRate,
		unitSamples,
		units,
		leadSamples: lead,
		samples: Math.max(0, total - filled),
		bytes,
		isConstant: bitrates.size === 1,
	};
}
