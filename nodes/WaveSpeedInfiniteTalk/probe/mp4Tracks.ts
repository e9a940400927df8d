/** Tells sound from video in MP4, M4A, 3GP and QuickTime files by their tracks. */
import type { TrackReader, Tracks } from './byteCursor';
import { ByteCursor } from './byteCursor';

/** Boxes whose content is boxes on the way to a track's kind (ISO/IEC 14496-12). */
const CONTAINERS = new Set(['moov', 'trak', 'mdia', 'minf', 'stbl']);
/** Codecs of still pictures: covers and chapter thumbnails of sound files. */
const STILL_CODECS = new Set(['jpeg', 'png ', 'mjpg', 'mjpa', 'gif ', 'tiff']);
const HANDLER_BYTES = 20;
const SAMPLE_ENTRY_BYTES = 24;

interface Track {
	handler?: string;
	codec?: string;
}

/** Reads the track list (`moov`), at the beginning or at the end of the file. */
export class Mp4TrackReader implements TrackReader {
	done = false;
	private readonly cursor = new ByteCursor();
	private readonly found: Track[] = [];
	/** Where the track list ends. */
	private end: number | undefined;

	push(piece: Buffer): void {
		if (this.done) return;
		this.cursor.push(piece);
		while (!this.done && this.step()) {
			// One box after the other.
		}
	}

	tracks(): Tracks | undefined {
		if (this.end === undefined || this.cursor.position < this.end) return undefined;
		return {
			sound: this.found.some(({ handler }) => handler === 'soun'),
			video: this.found.some(
				({ handler, codec }) => handler === 'vide' && !STILL_CODECS.has(codec ?? ''),
			),
		};
	}

	/** Reads one box. False when more bytes are needed. */
	private step(): boolean {
		const { cursor } = this;
		if (this.end !== undefined && cursor.position >= this.end) {
			this.done = true;
			return true;
		}
		const header = cursor.peek(8);
		if (!header) return false;
		const type = header.toString('latin1', 4, 8);
		let size = header.readUInt32BE(0);
		let headerBytes = 8;
		if (size === 1) {
			const long = cursor.peek(16);
			if (!long) return false;
			size = Number(long.readBigUInt64BE(8));
			headerBytes = 16;
		}
		// Size 0 means "to the end of the file": nothing can follow.
		if (size < headerBytes) {
			this.done = true;
			return true;
		}
		return this.read(type, size, headerBytes);
	}

	private read(type: string, size: number, headerBytes: number): boolean {
		const { cursor } = this;
		const isInList = this.end !== undefined;
		if (type === 'moov' || (isInList && CONTAINERS.has(type))) {
			if (type === 'moov') this.end = cursor.position + size;
			if (type === 'trak') this.found.push({});
			cursor.skip(headerBytes);
			return true;
		}
		const track = isInList ? this.found.at(-1) : undefined;
		if (track && type === 'hdlr' && size >= HANDLER_BYTES) {
			const box = cursor.peek(HANDLER_BYTES);
			if (!box) return false;
			// QuickTime has a second handler in each track, that of the data.
			track.handler ??= box.toString('latin1', 16, 20);
		}
		if (track && type === 'stsd' && size >= SAMPLE_ENTRY_BYTES) {
			const box = cursor.peek(SAMPLE_ENTRY_BYTES);
			if (!box) return false;
			track.codec ??= box.toString('latin1', 20, 24);
		}
		cursor.skip(size);
		return true;
	}
}
