/** WebM and Matroska (RFC 9559) on EBML (RFC 8794), also live ones that have no length anywhere. */
import type { ByteQueue, Parser } from './byteQueue';
import type { Finding } from './finding';
import type { FileType } from './signatures';
import { cutOffNotes, ENCRYPTED, kindOfTracks, noSound } from './sound';

const KIND: FileType = { family: 'audio', type: 'audio/webm', label: 'a WebM file' };
const VIDEO = 1;
const SOUND = 2;
const CLUSTER = 0x1f43b675;
/** Besides it Segment, Info, Tracks, TrackEntry, ContentEncodings, ContentEncoding, BlockGroup. */
const ENTERED = new Set([CLUSTER, 0x18538067, 0x1549a966, 0x1654ae6b, 0xae, 0x6d80, 0x6240, 0xa0]);

const MAX_ID_BYTES = 4;
const MAX_SIZE_BYTES = 8;
/** Bytes of the beginning of an element at most. */
const ELEMENT_BYTES = MAX_ID_BYTES + MAX_SIZE_BYTES;
/** Names, numbers and beginnings of blocks that are read are not longer. */
const MAX_VALUE_BYTES = 64;
const NANOSECONDS = 1e9;
/** Two blocks farther apart than this do not tell how long one is. */
const MAX_BLOCK_S = 0.25;

/** The state of the walk, which needs no levels since no ID has two meanings. */
class Walk {
	tracks = 0;
	sound = false;
	video = false;
	isEncrypted = false;
	/** Nanoseconds that are decoded but not played. */
	codecDelay = 0;
	/** Nanoseconds of a unit of time. */
	scale = 1_000_000;
	/** Units, by the header; of the longest track. */
	duration = 0;
	/** Time of the current cluster, in units. */
	clusterTime = 0;
	/** Times of the first block, the last one and the one before. */
	first: number | undefined;
	previous = NaN;
	last = NaN;

	toSeconds(units: number): number {
		return (units * this.scale) / NANOSECONDS;
	}
}

/** What is read, by the ID of the element. */
const READERS = new Map<number, (value: Buffer, walk: Walk) => void>([
	[0x2ad7b1, (value, walk) => (walk.scale = toNumber(value))],
	[0x4489, (value, walk) => (walk.duration = toFloat(value))],
	[0xe7, (value, walk) => (walk.clusterTime = toNumber(value))],
	[0x83, (value, walk) => noteTrack(toNumber(value), walk)],
	[0x56aa, (value, walk) => (walk.codecDelay = toNumber(value))],
	[0x5035, (_value, walk) => (walk.isEncrypted = true)],
	[0xa3, readBlock],
	[0xa1, readBlock],
]);

function noteTrack(type: number, walk: Walk): void {
	walk.tracks += 1;
	walk.sound ||= type === SOUND;
	walk.video ||= type === VIDEO;
}

function toNumber(value: Buffer): number {
	return value.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
}

function toFloat(value: Buffer): number {
	if (value.length < 4) return 0;
	return value.length < 8 ? value.readFloatBE(0) : value.readDoubleBE(0);
}

/** Reads the time of a block in its cluster (RFC 9559, section 10), behind the number of its track: one byte. */
function readBlock(block: Buffer, walk: Walk): void {
	if (block.length < 3) return;
	walk.previous = walk.last;
	walk.last = walk.clusterTime + block.readInt16BE(1);
	walk.first ??= walk.last;
}

/**
 * The length is that of the blocks of sound: the duration in the header is that of the longest track, and
 * live recordings have none. The last block is about as long as the one before. With several tracks, or
 * several files joined byte by byte, the length is not known.
 */
export function* probeWebm(queue: ByteQueue): Parser<Finding> {
	const walk = new Walk();
	const isWhole = yield* readElements(queue, walk);
	const kind = kindOf(walk);
	if (kind !== KIND) return { kind };
	const { tracks, first, previous, last } = walk;
	if (walk.isEncrypted) return { kind, problem: ENCRYPTED };
	if (!walk.sound || first === undefined) return { kind, problem: noSound() };
	const step = walk.toSeconds(last - previous);
	const isKnown = isWhole && tracks === 1 && step >= 0 && step <= MAX_BLOCK_S;
	if (!isKnown) return { kind };
	const seconds = walk.toSeconds(last - first) + step - walk.codecDelay / NANOSECONDS;
	return { kind, seconds, notes: cutOffNotes(walk.toSeconds(walk.duration), seconds) };
}

/** @returns false when not everything up to the end of the file is an element: what follows is not known */
function* readElements(queue: ByteQueue, walk: Walk): Parser<boolean> {
	for (;;) {
		const element = yield* readElement(queue);
		if (!element) return queue.available < ELEMENT_BYTES;
		queue.countPart();
		const { id, size } = element;
		if (ENTERED.has(id)) {
			if (id === CLUSTER) yield kindOf(walk);
			continue;
		}
		if (size === undefined) return false;
		const read = READERS.get(id);
		const { first } = walk;
		if (read) read(yield* queue.look(Math.min(size, MAX_VALUE_BYTES)), walk);
		if (size <= queue.available) queue.skip(size);
		else if (!(yield* queue.pass(size))) {
			// Nothing of a block that was cut off can be played.
			walk.first = first;
			return true;
		}
	}
}

function kindOf(walk: Walk): FileType {
	return kindOfTracks(KIND, ['video/webm', 'a WebM'], walk.sound || walk.video ? walk : undefined);
}

export interface Element {
	/** With its length bits, as the specification writes it. */
	id: number;
	/** Bytes; undefined where it is not known, as in live recordings. */
	size: number | undefined;
}

/** Reads the beginning of an element. Undefined at the end of the file or where there is none. */
export function* readElement(queue: ByteQueue): Parser<Element | undefined> {
	const head = yield* queue.look(ELEMENT_BYTES);
	const idBytes = numberBytes(head[0]);
	const sizeBytes = numberBytes(head[idBytes]);
	const bytes = idBytes + sizeBytes;
	const isElement = idBytes <= MAX_ID_BYTES && sizeBytes <= MAX_SIZE_BYTES;
	if (!isElement || bytes > head.length) return undefined;
	queue.skip(bytes);
	// More than 53 bits are no size of a real file: what is lost of them does not matter.
	const high = ((head[idBytes] ?? 0) & (0xff >> sizeBytes)) * 256 ** (sizeBytes - 1);
	const size = high + toNumber(head.subarray(idBytes + 1, bytes));
	const isUnknown = size === 2 ** (7 * sizeBytes) - 1;
	return { id: head.readUIntBE(0, idBytes), size: isUnknown ? undefined : size };
}

/** Bytes of a number of variable length: the zeros in front of its first bit tell. */
function numberBytes(first = 0): number {
	return Math.clz32(first) - 23;
}
