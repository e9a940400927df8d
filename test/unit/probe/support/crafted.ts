/** Files that would cost time or memory if a parser looked at anything twice, or kept it. */
import * as build from './build';

export interface Crafted {
	name: string;
	head: Buffer;
	/** Follows again and again, up to the end. */
	pattern: Buffer;
}

const { box, chunk, EBML, FTYP, id3, join, mp3, mp3Frame, page, u32be, wav, webmTrack } = build;
const NONE = Buffer.alloc(0);
const FLAC_HEAD = join('fLaC\x80\0\0\x22', Buffer.alloc(34, 1), '\xff\xf8\xc9\xa8');
const SILENT_AAC = Buffer.from([0xff, 0xf1, 0x50, 0x80, 0, 0xe0, 0xfc]);
const WAV_HEAD = wav(NONE).subarray(0, 36);
const WAV = wav(Buffer.alloc(2));
const OPUS = build.opusHead();
const WEBM = build.webm(webmTrack(1));
const INDEX = join(FTYP, u32be(0), 'moov');
/** An MP4 of one fragment, whose samples each have a length of their own. */
const RUN = join(
	join(FTYP, u32be(0x7fffff00), 'moov', build.trak()),
	join(u32be(8), 'mvex', u32be(8), 'moof', box('tfhd', '\0\0\0\0', u32be(1))),
	join(u32be(0x7ffff000), 'trun', '\0\0\x01\0', u32be(0xfffffff)),
);

const sparse = (bytes: number) => Buffer.alloc(bytes);

/** As dense as can be, and as dense as is read on for: the head, and what follows again and again. */
const FILES: Readonly<Record<string, [head: Buffer, pattern: Buffer | string]>> = {
	zeros: [NONE, sparse(64)],
	'sync bytes': [Buffer.from([0xff, 0xfb]), '\xff\xfb\x90\xff'],
	'all ones': [NONE, '\xff'],
	'lures behind frames': [mp3(4), '\xff\xfb\xe0\x64'],
	'rare lures behind frames': [mp3(4), join('\xff\xfb\xe0\x64', sparse(61))],
	'two frames and a gap': [mp3(4), join(mp3(2), sparse(80))],
	'tags behind frames': [mp3(4), id3(0)],
	'tags in front': [NONE, id3(0)],
	'long tags behind frames': [mp3(4), id3(55)],
	'frames of AAC without sound': [SILENT_AAC, SILENT_AAC],
	'frames of AAC': [NONE, join('\xff\xf1\x50\x80\x08\x20\xfc', sparse(58))],
	'MP3 of 24 bytes a frame': [NONE, join('\xff\xf3\x14\xc4', sparse(20))],
	MP3: [NONE, mp3Frame()],
	'chunks of WAV': [WAV_HEAD, chunk('LIST', NONE)],
	'long chunks of WAV': [WAV_HEAD, chunk('LIST', sparse(57))],
	'chunks behind WAV': [WAV, chunk('data', NONE)],
	'zeros behind WAV': [WAV, sparse(64)],
	'joined WAV': [WAV, wav(sparse(20))],
	'boxes of MP4': [FTYP, box('free')],
	'long boxes of MP4': [FTYP, box('free', sparse(57))],
	'an index of boxes': [INDEX, box('hdlr')],
	'an index of long boxes': [join(INDEX, box('trak')), box('mdhd', sparse(57))],
	tracks: [join(FTYP, u32be(0x7fffffff), 'moov'), box('trak')],
	'runs of samples': [RUN, sparse(4)],
	fragments: [join(FTYP, build.moov(build.trak())), box('moof')],
	'pages of Ogg': [OPUS, page({ granule: -1, sequence: 2 })],
	'pages with packets': [OPUS, page({ granule: 960, sequence: 2 }, ...build.opusPackets(8))],
	'pages of one byte': [
		OPUS,
		page({ granule: -1, sequence: 2 }, ...Array.from({ length: 250 }, () => sparse(1))),
	],
	'first pages of Ogg': [OPUS, page({ granule: 0, sequence: 0, flags: 2 })],
	'links of a chain': [OPUS, OPUS],
	'marks of Ogg': [build.text('OggS'), 'Oggg'],
	'marks of Ogg pages': [OPUS, 'OggS'],
	'elements of two bytes': [WEBM, '\xec\x80'],
	'values of WebM': [WEBM, '\xe7\x80'],
	'elements of WebM': [WEBM, join('\xec\xbf', sparse(63))],
	'values of WebM, long': [WEBM, join('\xe7\xbf', sparse(63))],
	'tracks of WebM': [EBML, webmTrack(1)],
	'clusters of WebM': [WEBM, build.cluster(0, build.simpleBlock(1, 0))],
	'blocks of WebM': [
		build.webm(webmTrack(1), build.cluster(0)),
		join('\xa3\xbf\x81\0\0\x80', sparse(59)),
	],
	'marks of FLAC': [FLAC_HEAD, 'fLaC'],
	'blocks of FLAC': [build.text('fLaC'), '\x04\0\0\0'],
	'frames of FLAC': [FLAC_HEAD, '\xff\xf8\xc9\xa8'],
	text: [build.text('{"a":"'), 'bla '],
};

export const CRAFTED: readonly Crafted[] = Object.entries(FILES).map(([name, [head, pattern]]) => {
	return { name, head, pattern: join(pattern) };
});
