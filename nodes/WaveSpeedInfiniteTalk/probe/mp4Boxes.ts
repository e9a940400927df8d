/** The boxes of an MP4 file that tell how long its tracks are (ISO/IEC 14496-12). */
import type { ByteQueue, Parser } from './byteQueue';
import { Mp4Track } from './mp4Track';

/** Tracks and edits of real files are few: more are given up. */
const MOST_TRACKS = 64;
const MOST_EDITS = 1024;
const UNKNOWN_32 = 0xffffffff;

/** All that is known so far. Lists are summed up entry by entry, so their length does not matter. */
export class Mp4Movie {
	timescale = 0;
	readonly tracks: Mp4Track[] = [];
	/** Length of a sample in fragments, by track, where a fragment does not say. */
	readonly sampleDurations = new Map<number, number>();
	private fragment: { track: Mp4Track | undefined; sampleDuration: number } | undefined;

	/** The boxes that hold others of interest. */
	static readonly containers: ReadonlySet<string> = new Set([
		'moov',
		'trak',
		'edts',
		'mdia',
		'minf',
		'stbl',
		'mvex',
		'moof',
		'traf',
	]);

	/** Notes that a container begins. False when there are too many. */
	enter(type: string): boolean {
		if (type === 'trak') this.tracks.push(new Mp4Track());
		if (type === 'traf') this.fragment = undefined;
		return this.tracks.length <= MOST_TRACKS;
	}

	/** Reads what is of interest in a box, as far as `bytes` go. False when it makes no sense. */
	*read(type: string, queue: ByteQueue, bytes: number): Parser<boolean> {
		const track = this.tracks.at(-1);
		const body = new BoxReader(queue, bytes);
		if (type === 'mvhd') this.timescale = (yield* readTimes(body)).timescale;
		else if (type === 'trex') yield* this.readDefaults(body);
		else if (type === 'tfhd') yield* this.readFragmentHeader(body);
		else if (type === 'trun') yield* this.readRun(body);
		else if (!track) return true;
		else if (type === 'tkhd') track.id = (yield* readTimes(body)).timescale;
		else if (type === 'mdhd') {
			const { timescale, duration } = yield* readTimes(body);
			track.timescale = timescale;
			track.headerDuration = duration;
		} else if (type === 'hdlr') {
			yield* body.skip(8);
			// QuickTime has a second one, for the storage of the data.
			track.handler ??= (yield* body.text(4)) ?? '';
		} else if (type === 'stts') yield* readSampleTimes(body, track);
		else if (type === 'elst') yield* readEdits(body, track);
		return track ? track.edits.length <= MOST_EDITS : true;
	}

	private *readDefaults(body: BoxReader): Parser<void> {
		yield* body.skip(4);
		const id = yield* body.u32();
		yield* body.skip(4);
		if (this.sampleDurations.size < MOST_TRACKS) this.sampleDurations.set(id, yield* body.u32());
	}

	private *readFragmentHeader(body: BoxReader): Parser<void> {
		const flags = yield* body.u32();
		const id = yield* body.u32();
		yield* body.skip((flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0));
		const sampleDuration = flags & 8 ? yield* body.u32() : (this.sampleDurations.get(id) ?? 0);
		this.fragment = { track: this.tracks.find((track) => track.id === id), sampleDuration };
	}

	private *readRun(body: BoxReader): Parser<void> {
		const track = this.fragment?.track;
		if (!track) return;
		const flags = yield* body.u32();
		const samples = yield* body.u32();
		yield* body.skip((flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0));
		if ((flags & 0x100) === 0) {
			track.fragmented += samples * (this.fragment?.sampleDuration ?? 0);
			return;
		}
		const others = [0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
		for (let sample = 0; sample < samples && body.left >= 4; sample++) {
			track.fragmented += yield* body.u32();
			yield* body.skip(others);
		}
	}
}

/** Reads a box field by field and never past its end, where all is 0. */
class BoxReader {
	constructor(
		private readonly queue: ByteQueue,
		public left: number,
	) {}

	*skip(bytes: number): Parser<void> {
		const now = Math.min(bytes, this.left);
		this.left -= now;
		yield* this.queue.skip(now);
	}

	*u32(): Parser<number> {
		return (yield* this.bytes(4))?.readUInt32BE(0) ?? 0;
	}

	*u64(): Parser<number> {
		return Number((yield* this.bytes(8))?.readBigUInt64BE(0) ?? 0);
	}

	*text(bytes: number): Parser<string | undefined> {
		return (yield* this.bytes(bytes))?.toString('latin1');
	}

	private *bytes(count: number): Parser<Buffer | undefined> {
		if (this.left < count) {
			yield* this.skip(this.left);
			return undefined;
		}
		this.left -= count;
		return yield* this.queue.take(count);
	}
}

/** The common beginning of `mvhd`, `mdhd` and `tkhd`, which has the track's ID as its timescale. */
function* readTimes(body: BoxReader): Parser<{ timescale: number; duration: number }> {
	const isLong = (yield* body.u32()) >>> 24 === 1;
	yield* body.skip(isLong ? 16 : 8);
	const timescale = yield* body.u32();
	const duration = isLong ? yield* body.u64() : yield* body.u32();
	const isUnknown = isLong ? duration >= 2 ** 63 : duration === UNKNOWN_32;
	return { timescale, duration: isUnknown ? 0 : duration };
}

function* readSampleTimes(body: BoxReader, track: Mp4Track): Parser<void> {
	yield* body.skip(4);
	const entries = yield* body.u32();
	for (let entry = 0; entry < entries && body.left >= 8; entry++) {
		const samples = yield* body.u32();
		track.indexed += samples * (yield* body.u32());
	}
}

function* readEdits(body: BoxReader, track: Mp4Track): Parser<void> {
	const isLong = (yield* body.u32()) >>> 24 === 1;
	const entries = yield* body.u32();
	const entryBytes = isLong ? 20 : 12;
	for (let entry = 0; entry < entries && body.left >= entryBytes; entry++) {
		if (track.edits.length > MOST_EDITS) return;
		const duration = isLong ? yield* body.u64() : yield* body.u32();
		const time = isLong ? yield* body.u64() : yield* body.u32();
		const isSilence = time >= (isLong ? 2 ** 63 : 2 ** 31);
		const rate = yield* body.u32();
		track.edits.push({ duration, mediaTime: isSilence ? -1 : time, rate });
	}
}
