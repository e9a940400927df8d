/** The boxes of an MP4 file that tell what its tracks are and how long (ISO/IEC 14496-12). */
import type { ByteQueue, Parser } from './byteQueue';

/** Tracks of real files are few: more are given up. */
const MAX_TRACKS = 64;
/** Bytes of a box that are read where it is no list. */
const HEAD_BYTES = 64;
/** Entries of a list that are read at once, and that take as long as a part of another kind. */
const BATCH = 512;
const ENTRIES_PER_PART = 8;
const UNKNOWN_32 = 0xffffffff;
/** Codecs of still pictures: covers and chapter thumbnails of sound files. */
const STILL_CODECS = new Set(['jpeg', 'png ', 'mjpg', 'mjpa', 'gif ', 'tiff']);
/** In the place of the codec where the samples are encrypted: common encryption, iTunes, Audible. */
const ENCRYPTED_CODECS = new Set(['enca', 'drms', 'aavd']);

export class Mp4Track {
	id = 0;
	/** Four letters; `soun` for sound. */
	handler: string | undefined;
	/** Four letters: the type of the first sample entry. */
	codec = '';
	/** That is played, in units of the movie: the sum of all edits. */
	played = 0;
	/** That is stored, in units of the track, and its units a second. */
	stored = 0;
	timescale = 0;
	/** Where the first edit begins, in units of the track. */
	start = 0;
	/** Sum of the samples in fragments, in units of the track. */
	fragmented = 0;
	/** Length of a sample in fragments where these do not say. */
	sampleDuration = 0;

	get isSound(): boolean {
		return this.handler === 'soun';
	}

	/** Moving pictures, not a cover. */
	get isVideo(): boolean {
		return this.handler === 'vide' && !STILL_CODECS.has(this.codec);
	}

	get isEncrypted(): boolean {
		return ENCRYPTED_CODECS.has(this.codec);
	}

	/** @param movieTimescale units of the movie a second */
	seconds(movieTimescale: number): number | undefined {
		if (this.timescale === 0) return undefined;
		// The index of a fragmented file is written before its length is known.
		if (this.fragmented > 0) {
			return (this.stored + this.fragmented - this.start) / this.timescale;
		}
		const stored = this.stored / this.timescale;
		return this.played > 0 ? Math.min(stored, this.played / movieTimescale) : stored;
	}
}

/** All that is known so far. */
export class Mp4Movie {
	timescale = 0;
	readonly tracks: Mp4Track[] = [];
	private fragment: { track: Mp4Track | undefined; sampleDuration: number } | undefined;

	/** The boxes that hold others of interest. */
	static readonly containers: ReadonlySet<string> = new Set(
		'moov trak edts mdia minf stbl mvex moof traf'.split(' '),
	);

	/** Notes that a container begins. False when there are too many. */
	enter(type: string): boolean {
		if (type === 'trak') this.tracks.push(new Mp4Track());
		if (type === 'traf') this.fragment = undefined;
		return this.tracks.length <= MAX_TRACKS;
	}

	/**
	 * Reads what is of interest in a box.
	 *
	 * @param bytes how long it is, without its header
	 */
	*read(type: string, queue: ByteQueue, bytes: number): Parser<void> {
		const end = queue.position + bytes;
		const count = Math.min(bytes, HEAD_BYTES);
		if (queue.available < count && !(yield* queue.has(count))) return;
		// A copy with zeros behind: fields that are missing are 0.
		const head = Buffer.alloc(HEAD_BYTES);
		queue.peekBytes(count).copy(head);
		if (type === 'mvhd') this.timescale = readTimes(head).timescale;
		else if (type === 'trex') {
			const track = this.find(head.readUInt32BE(4));
			if (track) track.sampleDuration = head.readUInt32BE(12);
		} else if (type === 'tfhd') {
			const flags = head.readUInt32BE(0);
			const track = this.find(head.readUInt32BE(4));
			const at = 8 + (flags & 1 ? 8 : 0) + (flags & 2 ? 4 : 0);
			const sampleDuration = flags & 8 ? head.readUInt32BE(at) : (track?.sampleDuration ?? 0);
			this.fragment = { track, sampleDuration };
		} else if (type === 'trun') yield* this.readRun(head, queue, end);
		else readTrackBox(type, head, this.tracks.at(-1));
	}

	private find(id: number): Mp4Track | undefined {
		return this.tracks.find((track) => track.id === id);
	}

	private *readRun(head: Buffer, queue: ByteQueue, end: number): Parser<void> {
		const { track, sampleDuration = 0 } = this.fragment ?? {};
		if (!track) return;
		const flags = head.readUInt32BE(0);
		const samples = head.readUInt32BE(4);
		if ((flags & 0x100) === 0) {
			track.fragmented += samples * sampleDuration;
			return;
		}
		queue.skipNow(8 + (flags & 1 ? 4 : 0) + (flags & 4 ? 4 : 0));
		const entryBytes = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
		let left = Math.min(samples, Math.floor((end - queue.position) / entryBytes));
		while (left > 0) {
			const batch = Math.min(left, BATCH);
			queue.countPart(batch / ENTRIES_PER_PART);
			const entries = yield* queue.take(batch * entryBytes);
			if (!entries) return;
			for (let at = 0; at < entries.length; at += entryBytes) {
				track.fragmented += entries.readUInt32BE(at);
			}
			left -= batch;
		}
	}
}

function readTrackBox(type: string, head: Buffer, track: Mp4Track | undefined): void {
	if (!track) return;
	if (type === 'tkhd') {
		// Its timescale is the ID of the track, and four bytes stand in front of its duration.
		track.id = readTimes(head).timescale;
		track.played = readTimes(head, 4).duration;
	} else if (type === 'mdhd') {
		const { timescale, duration } = readTimes(head);
		Object.assign(track, { timescale, stored: duration });
	}
	// QuickTime has a second one, for the storage of the data.
	else if (type === 'hdlr') track.handler ??= head.toString('latin1', 8, 12);
	else if (type === 'stsd') track.codec ||= head.toString('latin1', 12, 16);
	else if (type === 'elst') {
		track.start = Math.max(
			0,
			head[0] === 1 ? Number(head.readBigInt64BE(16)) : head.readInt32BE(12),
		);
	}
}

/** The common beginning of `mvhd`, `mdhd` and `tkhd`. */
function readTimes(head: Buffer, gap = 0): { timescale: number; duration: number } {
	if (head[0] !== 1) {
		const duration = head.readUInt32BE(16 + gap);
		return { timescale: head.readUInt32BE(12), duration: duration === UNKNOWN_32 ? 0 : duration };
	}
	const duration = Number(head.readBigUInt64BE(24 + gap));
	return { timescale: head.readUInt32BE(20), duration: duration >= 2 ** 63 ? 0 : duration };
}
