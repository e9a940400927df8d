/** Tells sound from video in WebM and Matroska files by their tracks (RFC 9559). */
import type { TrackReader, Tracks } from './byteCursor';
import { ByteCursor } from './byteCursor';

const SEGMENT = 0x18538067;
const TRACKS = 0x1654ae6b;
const TRACK_ENTRY = 0xae;
const TRACK_TYPE = 0x83;
const CODEC_ID = 0x86;
const CLUSTER = 0x1f43b675;
const VIDEO = 1;
const SOUND = 2;
/** Longest codec ID that is read, in bytes. */
const CODEC_BYTES = 64;

/** Reads the track list, which stands before the first cluster. */
export class WebmTrackReader implements TrackReader {
	done = false;
	private readonly cursor = new ByteCursor();
	private readonly found: Tracks = { sound: false, video: false };
	/** Where the track list ends. */
	private end: number | undefined;
	private isComplete = false;

	push(piece: Buffer): void {
		if (this.done) return;
		this.cursor.push(piece);
		while (!this.done && this.step()) {
			// One element after the other.
		}
	}

	tracks(): Tracks | undefined {
		return this.isComplete ? this.found : undefined;
	}

	/** Reads one element. False when more bytes are needed. */
	private step(): boolean {
		const { cursor } = this;
		if (this.end !== undefined && cursor.position >= this.end) return this.finish(true);
		const first = cursor.peek(1)?.[0];
		if (first === undefined) return false;
		const idBytes = Math.clz32(first) - 23;
		if (idBytes > 4) return this.finish(false);
		const sizeStart = cursor.peek(idBytes + 1)?.[idBytes];
		if (sizeStart === undefined) return false;
		const sizeBytes = Math.clz32(sizeStart) - 23;
		if (sizeBytes > 8) return this.finish(false);
		const header = cursor.peek(idBytes + sizeBytes);
		if (!header) return false;
		const id = header.readUIntBE(0, idBytes);
		const size = readSize(header.subarray(idBytes));
		return this.read(id, size, header.length);
	}

	private read(id: number, size: number | undefined, headerBytes: number): boolean {
		const { cursor } = this;
		if (id === CLUSTER) return this.finish(this.end !== undefined);
		if (id === SEGMENT || id === TRACKS || (this.end !== undefined && id === TRACK_ENTRY)) {
			cursor.skip(headerBytes);
			// A live recorder writes no size: the list then ends at the first cluster.
			if (id === TRACKS) this.end = size === undefined ? Infinity : cursor.position + size;
			return true;
		}
		if (size === undefined) return this.finish(false);
		if (this.end !== undefined && (id === TRACK_TYPE || id === CODEC_ID)) {
			const wanted = headerBytes + Math.min(size, CODEC_BYTES);
			const element = cursor.peek(wanted);
			if (!element) return false;
			this.note(id, element.subarray(headerBytes));
		}
		cursor.skip(headerBytes + size);
		return true;
	}

	private note(id: number, value: Buffer): void {
		const kind = id === TRACK_TYPE ? value.at(-1) : undefined;
		const codec = id === CODEC_ID ? value.toString('latin1') : '';
		this.found.video ||= kind === VIDEO || codec.startsWith('V_');
		this.found.sound ||= kind === SOUND || codec.startsWith('A_');
	}

	private finish(isComplete: boolean): true {
		this.isComplete = isComplete;
		this.done = true;
		return true;
	}
}

/** The size in an element's header, or undefined when it says "unknown" (all bits set). */
function readSize(bytes: Buffer): number | undefined {
	const marker = 1 << (8 - bytes.length);
	let size = (bytes[0] ?? 0) & (marker - 1);
	let allSet = size === marker - 1;
	for (const byte of bytes.subarray(1)) {
		size = size * 256 + byte;
		allSet &&= byte === 0xff;
	}
	return allSet ? undefined : size;
}
