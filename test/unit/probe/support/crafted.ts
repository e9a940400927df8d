/** Files that would cost time or memory if a parser looked at anything twice, or kept it. */
import * as build from './build';

export interface Crafted {
	name: string;
	head: Buffer;
	/** Follows again and again, up to the end. */
	pattern: Buffer;
}

const FLAC_HEAD = build.join('fLaC\x80\0\0\x22', Buffer.alloc(34, 1), '\xff\xf8\xc9\xa8');
const SILENT_AAC = Buffer.from([0xff, 0xf1, 0x50, 0x80, 0, 0xe0, 0xfc]);
const LIST = build.join('\0\0\0\0', build.u32be(0xfffffff));

/** An MP4 whose index is one box of these entries. */
function mp4List(type: string, head: Buffer, entry: Buffer): [Buffer, Buffer] {
	const size = 0x7fffff00;
	return [
		build.join(
			build.FTYP,
			build.u32be(size),
			'moov',
			build.trak(),
			...['mvex', 'moof'].map((box) => build.join(build.u32be(8), box)),
			build.box('tfhd', '\0\0\0\0', build.u32be(1)),
			build.u32be(size - 2000),
			type,
			head,
		),
		entry,
	];
}

function crafted(name: string, head: Buffer, pattern: Buffer): Crafted {
	return { name, head, pattern };
}

const sparse = (bytes: number) => Buffer.alloc(bytes);

/** As dense as can be, and as dense as is read on for. */
export const CRAFTED: readonly Crafted[] = [
	crafted('zeros', Buffer.alloc(0), Buffer.alloc(64)),
	crafted('sync bytes', Buffer.from([0xff, 0xfb]), Buffer.from([0xff, 0xfb, 0x90, 0xff])),
	crafted('all ones', Buffer.alloc(0), Buffer.from([0xff])),
	crafted('lures behind frames', build.mp3(4), Buffer.from([0xff, 0xfb, 0xe0, 0x64])),
	crafted('rare lures behind frames', build.mp3(4), build.join('\xff\xfb\xe0\x64', sparse(61))),
	crafted('two frames and a gap', build.mp3(4), build.join(build.mp3(2), sparse(80))),
	crafted('tags behind frames', build.mp3(4), build.id3(0)),
	crafted('long tags behind frames', build.mp3(4), build.id3(55)),
	crafted('frames of AAC without sound', SILENT_AAC, SILENT_AAC),
	crafted('frames of AAC', build.text(''), build.join('\xff\xf1\x50\x80\x08\x20\xfc', sparse(58))),
	crafted('MP3 of 24 bytes a frame', build.text(''), build.join('\xff\xf3\x14\xc4', sparse(20))),
	crafted('MP3', build.text(''), build.mp3Frame()),
	crafted('free format', build.text(''), build.join('\xff\xfb\x00\x64', sparse(3))),
	crafted(
		'chunks of WAV',
		build.wav(Buffer.alloc(0)).subarray(0, 36),
		build.chunk('LIST', sparse(0)),
	),
	crafted(
		'long chunks of WAV',
		build.wav(sparse(0)).subarray(0, 36),
		build.chunk('LIST', sparse(57)),
	),
	crafted('chunks behind WAV', build.wav(sparse(2)), build.chunk('data', sparse(0))),
	crafted('zeros behind WAV', build.wav(sparse(2)), sparse(64)),
	crafted('joined WAV', build.wav(sparse(2)), build.wav(sparse(20))),
	crafted(
		'MP3 in WAV',
		build.wav(sparse(0), { tag: 0x55, dataSize: 0x7fffffff }),
		Buffer.from([0xff, 0xfb, 0xe0, 0x64]),
	),
	crafted('boxes of MP4', build.FTYP, build.box('free')),
	crafted('long boxes of MP4', build.FTYP, build.box('free', sparse(57))),
	crafted('an index of boxes', build.join(build.FTYP, build.u32be(0), 'moov'), build.box('hdlr')),
	crafted(
		'an index of long boxes',
		build.join(build.FTYP, build.u32be(0), 'moov', build.box('trak')),
		build.box('mdhd', sparse(57)),
	),
	crafted('tracks', build.join(build.FTYP, build.u32be(0x7fffffff), 'moov'), build.box('trak')),
	crafted('tables of times', ...mp4List('stts', LIST, sparse(8))),
	crafted(
		'runs of samples',
		...mp4List('trun', build.join('\0\0\x01\0', build.u32be(0xfffffff)), sparse(4)),
	),
	crafted('edits', ...mp4List('elst', LIST, sparse(12))),
	crafted('fragments', build.join(build.FTYP, build.moov(build.trak())), build.box('moof')),
	crafted('pages of Ogg', build.opusHead(), build.page({ granule: -1, sequence: 2 })),
	crafted(
		'pages of Ogg with packets',
		build.opusHead(),
		build.page({ granule: 960, sequence: 2 }, ...build.opusPackets(8)),
	),
	crafted(
		'pages of one byte',
		build.opusHead(),
		build.page({ granule: -1, sequence: 2 }, ...Array.from({ length: 250 }, () => Buffer.alloc(1))),
	),
	crafted(
		'first pages of Ogg',
		build.opusHead(),
		build.page({ granule: 0, sequence: 0, flags: 2 }),
	),
	crafted('links of a chain', build.opusHead(), build.opusHead()),
	crafted('marks of Ogg', build.text('OggS'), build.text('Oggg')),
	crafted('marks of Ogg pages', build.opusHead(), build.text('OggS')),
	crafted('elements of two bytes', build.webm(build.webmTrack(1)), Buffer.from([0xec, 0x80])),
	crafted('values of WebM', build.webm(build.webmTrack(1)), Buffer.from([0xe7, 0x80])),
	crafted('elements of WebM', build.webm(build.webmTrack(1)), build.join('\xec\xbf', sparse(63))),
	crafted(
		'values of WebM, long',
		build.webm(build.webmTrack(1)),
		build.join('\xe7\xbf', sparse(63)),
	),
	crafted('tracks of WebM', build.EBML, build.webmTrack(1)),
	crafted(
		'clusters of WebM',
		build.webm(build.webmTrack(1)),
		build.cluster(0, build.simpleBlock(1, 0)),
	),
	crafted(
		'blocks of WebM',
		build.webm(build.webmTrack(1), build.cluster(0)),
		build.join('\xa3\xbf\x81\0\0\x80', sparse(59)),
	),
	crafted('marks of FLAC', FLAC_HEAD, build.text('fLaC')),
	crafted('blocks of FLAC', build.text('fLaC'), Buffer.from([4, 0, 0, 0])),
	crafted('frames of FLAC', FLAC_HEAD, Buffer.from('fff8c9a8', 'hex')),
	crafted('text', build.text('{"a":"'), build.text('bla ')),
];
