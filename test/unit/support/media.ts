/** Media files made by code, and files to look at. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import type { FileType } from '../../../nodes/WaveSpeedInfiniteTalk/probe/signatures';
import type { Problem } from '../../../nodes/WaveSpeedInfiniteTalk/shared/problem';
import { box, EBML, element, join, text, webmTrack } from '../probe/support/build';

export { box, element, text as bytes };

/** A file of the folder test/fixtures/inputs. */
export function inputFixture(name: string): Buffer {
	return readFileSync(path.join(__dirname, '../../fixtures/inputs', name));
}

/** Bytes without any pattern, the same at each run. */
export function noise(length: number, seed = 1): Buffer {
	let state = seed;
	return Buffer.from(
		Array.from({ length }, () => {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			return state >>> 24;
		}),
	);
}

export interface Declared {
	name?: string;
	declaredType?: string;
}

/** What the file is taken for, and how many bytes of it were read. */
export function detect(
	content: Buffer,
	{ name = 'data', declaredType = '' }: Declared = {},
): { found: FileType | Problem | undefined; read: number } {
	const probe = new Probe({ name, declaredType }, 'audio');
	let read = 0;
	for (; read < content.length && !probe.isDecided; read += 999) {
		probe.push(content.subarray(read, read + 999));
	}
	const found = probe.end();
	return { found: found && ('kind' in found ? found.kind : found), read };
}

/** The media type found, or what is wrong with bytes of no type. */
export function typeOf(content: Buffer, declared: Declared = {}): string | undefined {
	const { found } = detect(content, declared);
	return found && ('message' in found ? found.message : found.type);
}

/** A track with its handler and codec, with tables of `tableBytes` around them. */
export function mp4Track(handler: string, codec: string, tableBytes = 40): Buffer {
	const none = '\0\0\0\0';
	const entry = box('stsd', none, '\0\0\0\x01', box(codec, Buffer.alloc(28)));
	return box(
		'trak',
		box('tkhd', Buffer.alloc(84)),
		box(
			'mdia',
			box('mdhd', Buffer.alloc(24)),
			box('hdlr', none, none, handler, Buffer.alloc(13)),
			box(
				'minf',
				box('dinf', Buffer.alloc(20)),
				box('hdlr', none, 'dhlr', 'alis', Buffer.alloc(13)),
				box('stbl', entry, box('stsz', Buffer.alloc(tableBytes))),
			),
		),
	);
}

export function mp4Index(...tracks: Buffer[]): Buffer {
	return box('moov', box('mvhd', Buffer.alloc(100)), ...tracks, box('udta', Buffer.alloc(30)));
}

export function brand(major: string, ...compatible: string[]): Buffer {
	return box('ftyp', major, '\0\0\x02\0', ...compatible);
}

export function webm(...content: Buffer[]): Buffer {
	return join(EBML, element('18538067', join(...content)));
}

/** A list of tracks by their codecs. */
export function webmTracks(...codecs: string[]): Buffer {
	const tracks = codecs.map((codec, at) => webmTrack(at + 1, codec.startsWith('V') ? 1 : 2, codec));
	return element('1654ae6b', join(...tracks));
}

/** Frames of silence after a header of four bytes; each `length` bytes long. */
export function mp3Frames(header: string, length: number, count: number): Buffer {
	const frame = Buffer.alloc(length);
	text(header).copy(frame);
	return Buffer.concat(new Array<Buffer>(count).fill(frame));
}

/** AAC frames in ADTS form. */
export function aacFrames(count: number, length = 200): Buffer {
	const frame = Buffer.alloc(length);
	Buffer.from([0xff, 0xf1, 0x50, 0x80, length >> 3, ((length & 7) << 5) | 0x1f, 0xfc]).copy(frame);
	return Buffer.concat(new Array<Buffer>(count).fill(frame));
}

/** A tone in samples of 16 bits. */
export function samples(count: number, loudness = 8000): Buffer {
	const buffer = Buffer.alloc(count * 2);
	for (let at = 0; at < count; at++) {
		buffer.writeInt16LE(Math.round(loudness * Math.sin(at / 9)), at * 2);
	}
	return buffer;
}
