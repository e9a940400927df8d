/** Sound files of the right kind that cannot be used, or not as a whole; and whole ones beside them. */
import { expect, it } from '@jest/globals';
import * as build from './support/build';
import { probe } from './support/measure';

const { box, chunk, cluster, EBML, element, FTYP, id3, join, MDAT, moov, mp3, mp3Frame } = build;
const { opusHead, simpleBlock, text, trak, u32, u32be, wav, webm, webmTrack } = build;
const SECOND = Buffer.alloc(16_000, 1);
const QUOTA = '{"detail":{"status":"quota_exceeded"}}';
const LIST = chunk('LIST', Buffer.alloc(3000, 0x41));
const SOUND = moov(trak());
const XING = (frames: number) =>
	mp3Frame(`Xing${u32be(1).toString('latin1')}${u32be(frames).toString('latin1')}`);
const FORMAT = wav(Buffer.alloc(0)).subarray(0, 36);
const FLAC = join('fLaC\x80\0\0\x22', Buffer.from('1000100000000000000003e801f0', 'hex'));
const ENCRYPTED_TRACK = element('6d80', element('6240', element('5035', Buffer.alloc(3))));
const ZEROS = Buffer.alloc(500);

it.each<[string, Buffer, RegExp]>([
	['WAV: a header only', wav(Buffer.alloc(0)), /^contains no sound$/],
	[
		'WAV: a header only, a list behind it',
		wav(Buffer.alloc(0), { after: LIST }),
		/^contains no sound/,
	],
	['WAV: half a header', wav(SECOND).subarray(0, 30), /^contains no sound/],
	['WAV: a format and no sound', FORMAT, /^contains no sound/],
	['WAV: a format and an error', join(FORMAT, QUOTA), /^contains JSON text instead of sound/],
	['WAV: an error for sound', wav(text(QUOTA), { dataSize: 0xffffffff }), /JSON text instead/],
	[
		'WAV: a chunk larger than the file',
		join(FORMAT, 'LIST', u32(0xfffffff0)),
		/^contains no sound/,
	],
	['WAV: half a sample', wav(Buffer.alloc(1)), /^contains no sound/],
	['MP3: a tag only', id3(5000), /^contains no sound$/],
	['MP3: a tag cut off', id3(5000).subarray(0, 3000), /^contains no sound/],
	['MP3: a tag and an error', join(id3(50), QUOTA), /^contains JSON text instead of sound/],
	['MP3: a tag and a page', join(id3(50), '<html><body>Sorry'), /a web page \(HTML\) instead/],
	['MP3: a lone Xing frame', XING(0), /^contains no sound/],
	['MP3: half a frame', mp3(1).subarray(0, 200), /^contains no sound/],
	[
		'MP3: free format',
		Buffer.concat(new Array<Buffer>(9).fill(Buffer.from('fffb0064'.padEnd(800, '0'), 'hex'))),
		/^is a free-format MP3, which most players do not support$/,
	],
	['Ogg: headers only', opusHead(), /^contains no sound/],
	['Ogg: half a page', opusHead().subarray(0, 20), /^contains no sound/],
	['FLAC: the mark only', text('fLaC'), /^contains no sound/],
	['FLAC: headers only', join(FLAC, Buffer.alloc(20)), /^contains no sound/],
	['FLAC: headers and an error', join(FLAC, Buffer.alloc(20), QUOTA), /JSON text instead/],
	['WebM: a header only', EBML, /^contains no sound/],
	['WebM: tracks only', webm(webmTrack(1)), /^contains no sound/],
	[
		'WebM: a block cut off',
		webm(webmTrack(1), cluster(0, simpleBlock(1, 0))).subarray(0, -1),
		/^contains no sound/,
	],
	[
		'WebM: encrypted',
		webm(webmTrack(1, 2, 'A_OPUS', ENCRYPTED_TRACK), cluster(0, simpleBlock(1, 0))),
		/^is encrypted \(DRM\)/,
	],
	['MP4: an index only', join(FTYP, SOUND), /^contains no sound/],
	['MP4: an index and empty data', join(FTYP, SOUND, box('mdat')), /^contains no sound/],
	[
		'MP4: an index without samples',
		join(FTYP, moov(trak({ units: 0 })), MDAT),
		/^contains no sound/,
	],
	['MP4: never finished', join(FTYP, MDAT), /^is an unfinished recording: its index is missing$/],
	[
		'MP4: never finished, of no size',
		join(FTYP, u32be(0), 'mdat', ZEROS),
		/^is an unfinished recording/,
	],
	['MP4: cut off in front of its index', join(FTYP, MDAT).subarray(0, 900), /^is cut off/],
	['MP4: cut off within its index', join(FTYP, MDAT, SOUND).subarray(0, -1), /^is cut off/],
	...['enca', 'drms', 'aavd'].map((codec): [string, Buffer, RegExp] => [
		`MP4: encrypted (${codec})`,
		join(FTYP, moov(trak({ codec })), MDAT),
		/^is encrypted \(DRM\)/,
	]),
])('a sound file is refused when there is no sound to hear in it: %s', (_name, file, message) => {
	for (const size of [1, 1000, 1e6]) {
		const found = probe(file, size);
		expect(found.kind?.family).toBe('audio');
		expect(found.problem?.message).toMatch(message);
		expect(found.seconds).toBeUndefined();
	}
});

const PART = wav(SECOND);
const live = (...blocks: Buffer[]) =>
	webm(
		join(
			element('1549a966', element('4489', Buffer.from('459c4000', 'hex'))),
			element('1654ae6b', webmTrack(1)),
		),
		cluster(0, ...blocks),
	);

it.each<[string, Buffer, RegExp]>([
	[
		'MP4 whose data are cut off',
		join(FTYP, SOUND, MDAT).subarray(0, -2508),
		/cut off: its header declares 5 s, but the file has only 2\.5 s/,
	],
	[
		'MP3 whose count says more',
		join(XING(1000), mp3(10)),
		/cut off: its header declares 26\.1 s, but the file has only 0\.3 s/,
	],
	[
		'WAV whose header says more',
		wav(SECOND, { dataSize: 160_000 }),
		/cut off: its header declares 10 s, but the file has only 1 s/,
	],
	[
		'WebM whose header says more',
		live(...[0, 20, 40].map((at) => simpleBlock(1, at))),
		/cut off: its header declares 5 s, but the file has only 0\.1 s/,
	],
	['WAV files that were joined', join(PART, PART, PART), /only 1 s of its 3 s are played/],
	['a WAV header of the first part', join(PART, SECOND, SECOND), /only 1 s of its 3 s are played/],
])('a hint names both lengths of %s', (_name, file, hint) => {
	for (const size of [1, 1000, 1e6]) {
		const found = probe(file, size);
		expect(found.problem).toBeUndefined();
		// Whoever shows it adds the full stop.
		expect(found.notes).toEqual([expect.stringMatching(new RegExp(`${hint.source}(?!.*\\.$)`))]);
	}
});

it.each<[string, Buffer]>([
	...[0, 0xffffffff, 0x7ffff000, 0x7fffffff].map((dataSize): [string, Buffer] => [
		`WAV of the size ${dataSize}, from a stream`,
		wav(SECOND, { dataSize }),
	]),
	...['LIST', 'id3 ', 'bext', 'C2PA', 'PAD ', '_PMX'].map((id): [string, Buffer] => [
		`WAV with ${id} behind the sound`,
		wav(SECOND, { after: chunk(id, Buffer.alloc(30_001, 0x41)) }),
	]),
	['WAV of odd size with a list behind', wav(Buffer.alloc(15_999, 1), { bits: 8, after: LIST })],
	['WAV with zeros behind', join(PART, Buffer.alloc(50_000))],
	['WAV with a tag behind', join(PART, 'TAG', Buffer.alloc(125, 0x20))],
	['MP3 cut off in its last frame', mp3(60).subarray(0, -100)],
	['MP3 whose count lacks the last frame', join(XING(61), mp3(60))],
	['MP3 files that were joined', join(XING(30), mp3(30), XING(30), mp3(30))],
	['MP4 with its index first', join(FTYP, SOUND, MDAT)],
	['MP4 with a box behind that is cut off', join(FTYP, SOUND, MDAT, u32be(99), 'free')],
])('%s is taken without a hint', (_name, file) => {
	for (const size of [1, 1000, 1e6]) {
		const found = probe(file, size);
		expect(found.seconds).toBeGreaterThan(0);
		expect([found.problem, found.notes ?? []]).toEqual([undefined, []]);
	}
});

it('an MP4 of a thousand tracks is refused, since no program writes so many', () => {
	const found = probe(join(FTYP, moov(...new Array<Buffer>(1000).fill(trak())), MDAT));
	expect(found.message).toMatch(/^is damaged/);
});
