/** Files made by hand, byte by byte. */

export function u16(value: number): Buffer {
	const bytes = Buffer.alloc(2);
	bytes.writeUInt16LE(value);
	return bytes;
}

export function u32(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value >>> 0);
	return bytes;
}

export function u32be(value: number): Buffer {
	return Buffer.from(u32(value)).reverse();
}

export function text(latin1: string): Buffer {
	return Buffer.from(latin1, 'latin1');
}

export function join(...parts: Array<Buffer | string>): Buffer {
	return Buffer.concat(parts.map((part) => (typeof part === 'string' ? text(part) : part)));
}

/** A RIFF chunk, with its padding. */
export function chunk(id: string, content: Buffer, size = content.length): Buffer {
	return join(id, u32(size), content, Buffer.alloc(content.length % 2));
}

export interface WavOptions {
	tag?: number;
	channels?: number;
	rate?: number;
	bits?: number;
	blockAlign?: number;
	/** In the header, instead of the true size. */
	dataSize?: number;
	/** Chunks between format and sound, and behind the sound. */
	before?: Buffer;
	after?: Buffer;
	form?: string;
}

export function wav(sound: Buffer, options: WavOptions = {}): Buffer {
	const { tag = 1, channels = 1, rate = 8000, bits = 16, form = 'RIFF' } = options;
	const { blockAlign = (channels * bits) / 8 } = options;
	const format = join(
		u16(tag),
		u16(channels),
		u32(rate),
		u32(rate * blockAlign),
		u16(blockAlign),
		u16(bits),
	);
	const body = join(
		'WAVE',
		chunk('fmt ', format),
		options.before ?? '',
		chunk('data', sound, options.dataSize),
		options.after ?? '',
	);
	return join(form, u32(body.length), body);
}

/** An MP4 box. */
export function box(type: string, ...content: Array<Buffer | string>): Buffer {
	const body = join(...content);
	return join(u32be(body.length + 8), type, body);
}

const NO_FLAGS = u32be(0);

export interface TrakOptions {
	/** Units of the track a second, and how many are stored. */
	timescale?: number;
	units?: number;
	/** Milliseconds that are played, and where these begin in the track. */
	played?: number;
	start?: number;
	handler?: string;
	codec?: string;
}

/** A track, of sound unless told otherwise. */
export function trak(options: TrakOptions = {}): Buffer {
	const { timescale = 1000, units = 5000, played = 0, start = 0 } = options;
	const { handler = 'soun', codec = 'mp4a' } = options;
	const times = join(NO_FLAGS, u32be(0), u32be(0));
	const edit = join(u32be(played), u32be(start), u32be(65536));
	const entry = box('stsd', NO_FLAGS, u32be(1), box(codec, Buffer.alloc(28)));
	return box(
		'trak',
		box('tkhd', times, u32be(1), u32be(0), u32be(played), Buffer.alloc(60)),
		box('edts', box('elst', NO_FLAGS, u32be(1), edit)),
		box(
			'mdia',
			box('mdhd', times, u32be(timescale), u32be(units), u32be(0)),
			box('hdlr', NO_FLAGS, u32be(0), handler, Buffer.alloc(12)),
			box('minf', box('stbl', entry)),
		),
	);
}

/** `moov` with these tracks; times of the movie are in milliseconds. */
export function moov(...content: Buffer[]): Buffer {
	const header = join(NO_FLAGS, u32be(0), u32be(0), u32be(1000), u32be(60_000), Buffer.alloc(80));
	return box('moov', box('mvhd', header), ...content);
}

export const FTYP = box('ftyp', 'M4A ', u32be(0));
export const MDAT = box('mdat', Buffer.alloc(5000));

/** A frame of MP3: MPEG 1 layer III, 128 kbit/s, 44.1 kHz, 1152 samples. */
export function mp3Frame(content = ''): Buffer {
	const frame = Buffer.alloc(417);
	frame.write('\xff\xfb\x90\x64', 0, 'latin1');
	frame.write(content, 36, 'latin1');
	return frame;
}

export const MP3_FRAME_S = 1152 / 44_100;

export function mp3(frames: number): Buffer {
	return Buffer.concat(Array.from({ length: frames }, () => mp3Frame()));
}

/** An ID3v2 tag with so many bytes in it. */
export function id3(bytes: number): Buffer {
	const size = [21, 14, 7, 0].map((shift) => (bytes >> shift) & 0x7f);
	return join('ID3\x04\0\0', Buffer.from(size), Buffer.alloc(bytes, 0xff));
}

export interface PageOptions {
	granule: number | bigint;
	sequence: number;
	serial?: number;
	flags?: number;
}

/** An Ogg page with these packets. */
export function page(options: PageOptions, ...packets: Buffer[]): Buffer {
	const position = Buffer.alloc(8);
	position.writeBigInt64LE(BigInt(options.granule));
	const segments = packets.flatMap(({ length }) => [
		...Array.from({ length: Math.floor(length / 255) }, () => 255),
		length % 255,
	]);
	return join(
		'OggS\0',
		Buffer.from([options.flags ?? 0]),
		position,
		u32(options.serial ?? 1),
		u32(options.sequence),
		u32(0),
		Buffer.from([segments.length, ...segments]),
		...packets,
	);
}

export const OPUS_PRE_SKIP = 312;
/** The header pages of an Opus stream. */
export function opusHead(serial = 1): Buffer {
	const head = join('OpusHead\x01\x01', u16(OPUS_PRE_SKIP), u32(48_000), Buffer.alloc(3));
	return join(
		page({ granule: 0, sequence: 0, serial, flags: 2 }, head),
		page({ granule: 0, sequence: 1, serial }, text('OpusTags')),
	);
}

/** Opus packets of 20 ms (CELT, one frame). */
export function opusPackets(count: number): Buffer[] {
	return Array.from({ length: count }, () => Buffer.from([31 << 3, 1, 2, 3]));
}

/** An EBML element; a size of -1 is "not known". */
export function element(id: string, content: Buffer, size = content.length): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(size < 0 ? 0xffffffffffffffn : BigInt(size));
	bytes[0] = 0x01;
	return join(Buffer.from(id, 'hex'), bytes, content);
}

export const EBML = element('1a45dfa3', Buffer.alloc(4));

/** A track (2 is sound, 1 is pictures), with elements of its own behind the usual ones. */
export function webmTrack(number: number, type = 2, codec = 'A_OPUS', ...more: Buffer[]): Buffer {
	return element(
		'ae',
		join(
			element('d7', Buffer.from([number])),
			element('83', Buffer.from([type])),
			element('86', text(codec)),
			...more,
		),
	);
}

/** A block of one Opus packet of 20 ms. */
export function simpleBlock(track: number, time: number): Buffer {
	return element('a3', Buffer.from([0x80 | track, time >> 8, time & 0xff, 0x80, 31 << 3, 1, 2, 3]));
}

export function cluster(time: number, ...blocks: Buffer[]): Buffer {
	const timestamp = Buffer.from([time >> 16, (time >> 8) & 0xff, time & 0xff]);
	return element('1f43b675', join(element('e7', timestamp), ...blocks), -1);
}

/** A live recording: no length, no sizes. */
export function webm(tracks: Buffer, ...clusters: Buffer[]): Buffer {
	return join(EBML, element('18538067', join(element('1654ae6b', tracks), ...clusters), -1));
}

/** Frames of silence after a header; each `length` bytes long. */
export function soundFrames(header: string, length: number, count: number): Buffer {
	const frame = Buffer.alloc(length);
	text(header).copy(frame);
	return Buffer.concat(new Array<Buffer>(count).fill(frame));
}

/** Frames of AAC in ADTS form, 44.1 kHz. */
export function aacFrames(count: number): Buffer {
	return soundFrames('\xff\xf1\x50\x80\x19\x1f\xfc', 200, count);
}

/** A tone in samples of 16 bits. */
export function samples(count: number, loudness = 8000): Buffer {
	const buffer = Buffer.alloc(count * 2);
	for (let at = 0; at < count; at++) {
		buffer.writeInt16LE(Math.round(loudness * Math.sin(at / 9)), at * 2);
	}
	return buffer;
}
