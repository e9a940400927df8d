/** WebM and Matroska (RFC 9559) on EBML (RFC 8794), also live ones that have no length anywhere. */
import type { ByteQueue, Parser } from './byteQueue';
import { ELEMENT_BYTES, MAX_SIZE_BYTES, readElement, readNumber } from './ebml';
import type { Finding, ProbedFile } from './finding';
import { OPUS_RATE, opusSamples } from './opus';
import type { FileType } from './signatures';
import * as sound from './sound';

const KIND: FileType = { family: 'audio', type: 'audio/webm', label: 'a WebM file' };
const SEGMENT = 0x18538067;
const TRACK_ENTRY = 0xae;
const CLUSTER = 0x1f43b675;
const SIMPLE_BLOCK = 0xa3;
const BLOCK = 0xa1;
/** Nanoseconds at the end of a block that are not played. */
const DISCARD_PADDING = 0x75a2;
/** Elements that are stepped into: besides these Info, Tracks, ContentEncodings, ContentEncoding, BlockGroup. */
const ENTERED = new Set([
	SEGMENT,
	TRACK_ENTRY,
	CLUSTER,
	0x1549a966,
	0x1654ae6b,
	0x6d80,
	0x6240,
	0xa0,
]);
const TIMESTAMP_SCALE = 0x2ad7b1;
const DURATION = 0x4489;
const TIMESTAMP = 0xe7;
const TRACK_NUMBER = 0xd7;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CODEC_DELAY = 0x56aa;
const CONTENT_ENCRYPTION = 0x5035;
const VALUES = new Set([
	...[TIMESTAMP_SCALE, DURATION, TIMESTAMP, DISCARD_PADDING],
	...[TRACK_NUMBER, TRACK_TYPE, CODEC_ID, CODEC_DELAY, CONTENT_ENCRYPTION],
]);
const VIDEO = 1;
const SOUND = 2;

const MAX_TRACKS = 32;
/** Names and numbers that are read are not longer. */
const MAX_VALUE_BYTES = 64;
const NANOSECONDS = 1e9;
/** Of a block: track, time, flags, first bytes of the first frame. */
const BLOCK_HEAD_BYTES = MAX_SIZE_BYTES + 5;
const LACING = 0x06;
/** Two blocks farther apart than this do not tell how long one is. */
const MAX_BLOCK_S = 0.25;

interface Track {
	number: number;
	type: number;
	codec: string;
	isEncrypted: boolean;
	/** Nanoseconds that are decoded but not played. */
	codecDelay: number;
	/** Seconds at which the first block begins, the last one, and the one before. */
	first?: number;
	last?: number;
	previous?: number;
	/** Seconds of the last block, where it tells. */
	lastSeconds?: number | undefined;
}

/** The state of the walk, which needs no levels since no ID has two meanings. */
class Walk {
	segments = 0;
	/** Nanoseconds of a unit of time. */
	scale = 1_000_000;
	/** Units, by the header; of the longest track. */
	duration = 0;
	/** Time of the current cluster, in units. */
	clusterTime = 0;
	readonly tracks: Track[] = [];
	/** The track of the last block; undefined when that was none of sound. */
	blockTrack: Track | undefined;

	/** Notes that an element begins that is stepped into. */
	enter(id: number): void {
		if (id === SEGMENT) this.segments += 1;
		if (id !== TRACK_ENTRY) return;
		this.tracks.push({ number: 0, type: 0, codec: '', isEncrypted: false, codecDelay: 0 });
	}

	/** Takes the value of an element. */
	set(id: number, value: Buffer): void {
		const track = this.tracks.at(-1);
		const number = value.subarray(0, 8).reduce((sum, byte) => sum * 256 + byte, 0);
		if (id === TIMESTAMP_SCALE) this.scale = number;
		else if (id === TIMESTAMP) this.clusterTime = number;
		else if (id === DISCARD_PADDING && this.blockTrack?.lastSeconds) {
			this.blockTrack.lastSeconds -= number / NANOSECONDS;
		} else if (id === DURATION && value.length >= 4) {
			this.duration = value.length < 8 ? value.readFloatBE(0) : value.readDoubleBE(0);
		} else if (!track) return;
		else if (id === TRACK_NUMBER) track.number = number;
		else if (id === TRACK_TYPE) track.type = number;
		else if (id === CODEC_ID) track.codec = value.toString('latin1');
		else if (id === CODEC_DELAY) track.codecDelay = number;
		else if (id === CONTENT_ENCRYPTION) track.isEncrypted = true;
	}

	toSeconds(units: number): number {
		return (units * this.scale) / NANOSECONDS;
	}
}

/**
 * The length is that of the blocks of sound: the duration in the header is that of the longest track, and
 * live recordings have none. An incomplete block does not count; of laced and other blocks than those of
 * Opus the last one is about as long as the one before.
 */
export function* probeWebm(queue: ByteQueue, file: ProbedFile): Parser<Finding> {
	const walk = new Walk();
	const isWhole = yield* readElements(queue, walk, file);
	const kind = kindOf(walk, file);
	if (kind !== KIND) return { kind };
	if (walk.tracks.length > MAX_TRACKS) return { kind, problem: sound.DAMAGED };
	const sounds = walk.tracks.filter(({ type }) => type === SOUND);
	if (sounds.some(({ isEncrypted }) => isEncrypted)) return { kind, problem: sound.ENCRYPTED };
	if (sounds.every(({ first }) => first === undefined)) return { kind, problem: sound.noSound() };
	const seconds = isWhole ? sound.agreedSeconds(sounds.map(trackSeconds)) : undefined;
	if (seconds === undefined) return { kind };
	return { kind, seconds, hints: sound.cutOffHints(walk.toSeconds(walk.duration), seconds) };
}

/**
 * @returns true when everything up to the end of the file is one recording: those that were joined byte by
 * byte begin again at 0, and what follows garbage is not known
 */
function* readElements(queue: ByteQueue, walk: Walk, file: ProbedFile): Parser<boolean> {
	for (;;) {
		const element = yield* readElement(queue);
		if (!element) return queue.available < ELEMENT_BYTES;
		queue.countPart();
		const { id, size } = element;
		if (ENTERED.has(id)) {
			if (id === CLUSTER) yield kindOf(walk, file);
			walk.enter(id);
			if (walk.segments > 1 || walk.tracks.length > MAX_TRACKS) return false;
			continue;
		}
		if (size === undefined) return false;
		let note = () => {};
		if (id === SIMPLE_BLOCK || id === BLOCK) {
			if (queue.available < BLOCK_HEAD_BYTES) yield* queue.has(BLOCK_HEAD_BYTES);
			note = readBlock(queue, Math.min(size, queue.available), walk);
		} else if (VALUES.has(id)) {
			if (queue.available < MAX_VALUE_BYTES) yield* queue.has(MAX_VALUE_BYTES);
			walk.set(id, queue.peekBytes(Math.min(size, MAX_VALUE_BYTES)));
		}
		if (!queue.skipNow(size) && !(yield* queue.skip(0))) return true;
		note();
	}
}

function kindOf({ tracks }: Walk, file: ProbedFile): FileType {
	const hasSound = tracks.some(({ type }) => type === SOUND);
	const hasVideo = tracks.some(({ type, codec }) => type === VIDEO || codec.startsWith('V_'));
	if (!hasSound && !hasVideo)
		return sound.claimsSound(file) ? KIND : sound.videoType('video/webm', 'a WebM');
	return hasVideo
		? sound.videoType('video/webm', 'a WebM', { sound: hasSound, video: true })
		: KIND;
}

function trackSeconds(track: Track): number | undefined {
	const { first, previous, last, lastSeconds, codecDelay } = track;
	if (first === undefined || last === undefined) return undefined;
	const step = previous === undefined ? NaN : last - previous;
	const length = lastSeconds ?? (step >= 0 && step <= MAX_BLOCK_S ? step : undefined);
	return length === undefined ? undefined : last + length - first - codecDelay / NANOSECONDS;
}

/**
 * Reads the beginning of a block (RFC 9559, section 10).
 *
 * @returns notes it with its track, once it is known to be whole
 */
function readBlock(queue: ByteQueue, bytes: number, walk: Walk): () => void {
	const number = readNumber(queue, 0, MAX_SIZE_BYTES);
	const track = walk.tracks.find((one) => one.type === SOUND && one.number === number?.value);
	const at = number?.bytes ?? 0;
	walk.blockTrack = track;
	if (!track || bytes < at + 3) return () => {};
	const units = ((queue.peek(at) << 24) >> 16) | queue.peek(at + 1);
	const time = walk.toSeconds(walk.clusterTime + units);
	const tells = track.codec.startsWith('A_OPUS') && (queue.peek(at + 2) & LACING) === 0;
	const [toc, count] = [at + 3, at + 4].map((one) => (one < bytes ? queue.peek(one) : undefined));
	const lastSeconds = tells ? opusSamples(toc, count) / OPUS_RATE : undefined;
	return () => {
		track.first ??= time;
		if (track.last !== undefined) track.previous = track.last;
		Object.assign(track, { last: time, lastSeconds });
	};
}
