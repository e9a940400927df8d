/** WebM and Matroska (RFC 9559), also live ones that have no length anywhere. */
import { agreedSeconds } from './agree';
import type { ByteQueue, Parser } from './byteQueue';
import { readElement, readNumber } from './ebml';
import type { WebmBlock } from './webmTrack';
import { WebmTrack } from './webmTrack';

const SEGMENT = 0x18538067;
const TIMESTAMP_SCALE = 0x2ad7b1;
const TRACK_ENTRY = 0xae;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CODEC_DELAY = 0x56aa;
const DEFAULT_DURATION = 0x23e383;
const TIMESTAMP = 0xe7;
const SIMPLE_BLOCK = 0xa3;
const BLOCK_GROUP = 0xa0;
const BLOCK = 0xa1;
const BLOCK_DURATION = 0x9b;
/** Elements that are stepped into: Segment, Info, Tracks, TrackEntry, Cluster, BlockGroup. */
const ENTERED = new Set([SEGMENT, 0x1549a966, 0x1654ae6b, TRACK_ENTRY, 0x1f43b675, BLOCK_GROUP]);

const MOST_TRACKS = 32;
/** Names and numbers that are read are not longer. */
const MOST_VALUE_BYTES = 32;
const NANOSECONDS = 1e9;
const LACING = 0x06;
/** Bytes of a frame that tell its length. */
const FRAME_HEAD_BYTES = 2;

/** The state of the walk, which needs no levels since no ID has two meanings. */
class Walk {
	segments = 0;
	/** Nanoseconds of a unit of time. */
	scale = 1_000_000;
	/** Time of the current cluster, in units. */
	clusterTime = 0;
	readonly tracks: WebmTrack[] = [];
	/** The track of the current block group. */
	groupTrack: WebmTrack | undefined;

	/** Takes the value of an element. */
	set(id: number, value: Buffer): void {
		const track = this.tracks.at(-1);
		const number = value.reduce((sum, byte) => sum * 256 + byte, 0);
		if (id === TIMESTAMP_SCALE) this.scale = number;
		else if (id === TIMESTAMP) this.clusterTime = number;
		else if (id === BLOCK_DURATION) this.groupTrack?.setLastDuration(this.toSeconds(number));
		else if (!track) return;
		else if (id === TRACK_NUMBER) track.number = number;
		else if (id === TRACK_TYPE) track.type = number;
		else if (id === CODEC_ID) track.codec = value.toString('latin1').replace(/\0+$/, '');
		else if (id === CODEC_DELAY) track.codecDelay = number;
		else if (id === DEFAULT_DURATION) track.frameDuration = number;
	}

	toSeconds(units: number): number {
		return (units * this.scale) / NANOSECONDS;
	}
}

const VALUES = new Set([
	TIMESTAMP_SCALE,
	TRACK_NUMBER,
	TRACK_TYPE,
	CODEC_ID,
	CODEC_DELAY,
	DEFAULT_DURATION,
	TIMESTAMP,
	BLOCK_DURATION,
]);

/**
 * Computes the duration from the blocks of the audio track: the duration in the header is that of the
 * longest track, and live recordings have none. An incomplete block does not count.
 */
export function* measureWebm(queue: ByteQueue): Parser {
	const walk = new Walk();
	for (;;) {
		const element = yield* readElement(queue);
		if (!element) break;
		const { id, size } = element;
		if (ENTERED.has(id)) {
			if (id === SEGMENT) walk.segments += 1;
			if (id === BLOCK_GROUP) walk.groupTrack = undefined;
			if (id === TRACK_ENTRY) walk.tracks.push(new WebmTrack());
			// Recordings that were joined byte by byte begin again at 0.
			if (walk.segments > 1 || walk.tracks.length > MOST_TRACKS) return undefined;
			continue;
		}
		if (size === undefined) return undefined;
		const end = queue.position + size;
		if (id === SIMPLE_BLOCK || id === BLOCK) {
			const found = yield* readBlock(queue, walk, end);
			if (!(yield* queue.skip(end - queue.position))) break;
			if (found) found.track.add(found.block);
			walk.groupTrack = id === BLOCK ? found?.track : undefined;
			continue;
		}
		if (VALUES.has(id) && size <= MOST_VALUE_BYTES) {
			const value = yield* queue.take(size);
			if (value) walk.set(id, value);
		}
		if (!(yield* queue.skip(Math.max(0, end - queue.position)))) break;
	}
	// Something that is no element in the middle of the file: what follows is not known.
	if (queue.available > 0 || !queue.ended) return undefined;
	return agreedSeconds(walk.tracks.filter(({ isSound }) => isSound).map((one) => one.seconds()));
}

/** Reads the beginning of a block (RFC 9559, section 10); undefined when it is not of sound. */
function* readBlock(
	queue: ByteQueue,
	walk: Walk,
	end: number,
): Parser<{ track: WebmTrack; block: WebmBlock } | undefined> {
	const number = yield* readNumber(queue, 8);
	const track = walk.tracks.find((one) => one.isSound && one.number === number?.value);
	if (!track || end - queue.position < 3) return undefined;
	const fields = yield* queue.take(3);
	if (!fields) return undefined;
	const time = walk.toSeconds(walk.clusterTime + fields.readInt16BE(0));
	const isLaced = (fields.readUInt8(2) & LACING) !== 0;
	const laced = isLaced && end > queue.position ? yield* queue.take(1) : undefined;
	const frames = (laced?.[0] ?? 0) + 1;
	if (isLaced) return { track, block: { time, frames, head: Buffer.alloc(0) } };
	const head = yield* queue.take(Math.min(FRAME_HEAD_BYTES, end - queue.position));
	return { track, block: { time, frames, head: Buffer.from(head ?? []) } };
}
