/** Lengths of WAV, MP4, Ogg, WebM and FLAC files made byte by byte. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as build from './support/build';
import { useFiles } from './support/ffmpeg';
import { measure, probe } from './support/measure';

const { box, cluster, FTYP, join, MDAT, moov, page, simpleBlock, text, trak, u16, u32, u32be } =
	build;

/** A second at the builder's 8 kHz, 16 bit. */
const SECOND = Buffer.alloc(16_000, 1);
const LIST = build.chunk('LIST', Buffer.alloc(3000, 0x41));

/** A size of 64 bits in a chunk of its own. */
function rf64(size: number): Buffer {
	const before = build.chunk('ds64', join(u32(0), u32(0), u32(size), u32(0), u32(0), u32(0)));
	return build.wav(SECOND, { form: 'RF64', dataSize: 0xffffffff, before, after: LIST });
}

function extensible(tag: number): Buffer {
	const rest = join(u16(22), u16(16), u32(4), u16(tag), Buffer.alloc(14, 9));
	const file = build.wav(SECOND, { tag: 0xfffe });
	return join(file.subarray(0, 16), u32(40), file.subarray(20, 36), rest, file.subarray(36));
}

/** A fragment of track 1: samples of 10 units each, said by the fragment or sample by sample. */
function fragment(samples: number, how: 'header' | 'each' | 'default'): Buffer {
	const header = join(u32be(how === 'header' ? 8 : 0), u32be(1), how === 'header' ? u32be(10) : '');
	const each = Array.from({ length: samples }, () => join(u32be(10), u32be(999)));
	const run =
		how === 'each' ? join(u32be(0x300), u32be(samples), ...each) : join(u32be(0), u32be(samples));
	return box('moof', box('traf', box('tfhd', header), box('trun', run)));
}

const INDEX = moov(trak());
const TREX = box('mvex', box('trex', u32be(0), u32be(1), u32be(1), u32be(10), u32be(0), u32be(0)));
const LIVE = join(FTYP, moov(trak({ units: 0 }), TREX));
const LONG_MDAT = join(u32be(1), 'mdat', u32be(0), u32be(516), Buffer.alloc(500));

/** Ogg pages of a second each, 50 packets on each. */
function pages(count: number, from = 0, trim = 0): Buffer {
	const ends = Array.from({ length: count }, (_, at) => from + (at + 1) * 48_000);
	return join(
		...ends.map((end, at) => {
			const granule = at === count - 1 ? end - trim : end;
			return page({ granule, sequence: at + 2 }, ...build.opusPackets(50));
		}),
	);
}

const OPUS = build.opusHead();
const SKIP = build.OPUS_PRE_SKIP / 48_000;

const blocks = (track: number, from: number, to: number) =>
	Array.from({ length: (to - from) / 20 }, (_, index) => simpleBlock(track, from + index * 20));
const TRACK = build.webmTrack(1);
/** 100 ms that are decoded but not played. */
const DELAY = build.element('56aa', Buffer.from([0x05, 0xf5, 0xe1, 0x00]));
const BROWSER = build.webm(
	TRACK,
	cluster(0, ...blocks(1, 0, 1000)),
	cluster(1000, ...blocks(1, 0, 1000)),
);

it.each<[string, Buffer, number]>([
	['WAV: plain', build.wav(SECOND), 1],
	['WAV: lists in front and behind', build.wav(SECOND, { before: LIST, after: LIST }), 1],
	[
		'WAV: a list of odd size in front',
		build.wav(SECOND, { before: build.chunk('LIST', Buffer.alloc(7)) }),
		1,
	],
	['WAV: half a sample at the end', build.wav(SECOND.subarray(0, 15_999)), 7999 / 8000],
	['WAV: cut off', build.wav(SECOND).subarray(0, 44 + 8000), 0.5],
	['WAV: 24 bits in 32', build.wav(SECOND, { bits: 24, blockAlign: 4 }), 0.5],
	['WAV: bytes behind the last chunk', join(build.wav(SECOND), Buffer.alloc(999, 7)), 1],
	['WAV: a size of 64 bits', rf64(8000), 0.5],
	['WAV: an extensible format', extensible(1), 1],

	['MP4: index first', join(FTYP, INDEX, MDAT), 5],
	['MP4: index last', join(FTYP, MDAT, INDEX), 5],
	['MP4: no brand', join(MDAT, INDEX), 5],
	['MP4: 64 bits for the size of the data', join(FTYP, LONG_MDAT, INDEX), 5],
	['MP4: data to the end', join(FTYP, INDEX, u32be(0), 'mdat', Buffer.alloc(999)), 5],
	[
		'MP4: a cover',
		join(FTYP, moov(trak({ handler: 'vide', codec: 'jpeg', units: 9000 }), trak()), MDAT),
		5,
	],
	['MP4: other bytes behind', join(FTYP, MDAT, INDEX, Buffer.alloc(50, 0xff)), 5],
	['MP4: a second index', join(FTYP, INDEX, MDAT, moov(trak({ units: 90 }))), 5],
	['MP4: a part of the track', join(FTYP, moov(trak({ played: 3000 })), MDAT), 3],
	['MP4: a part longer than the track', join(FTYP, moov(trak({ played: 9000 })), MDAT), 5],
	['MP4: fragments', join(LIVE, fragment(100, 'header'), MDAT, fragment(50, 'header'), MDAT), 1.5],
	['MP4: samples with their lengths', join(LIVE, fragment(100, 'each'), MDAT), 1],
	['MP4: samples of the usual length', join(LIVE, fragment(100, 'default'), MDAT), 1],
	[
		'MP4: index and fragments',
		join(FTYP, moov(trak(), TREX), MDAT, fragment(100, 'each'), MDAT),
		6,
	],

	['Ogg: three seconds', join(OPUS, pages(3)), 3 - SKIP],
	['Ogg: shorter than its packets', join(OPUS, pages(3, 0, 480)), 2.99 - SKIP],
	['Ogg: cut off on the last page', join(OPUS, pages(3)).subarray(0, -1), 2 - SKIP],
	['Ogg: other bytes between', join(OPUS, Buffer.alloc(500, 0x4f), pages(3)), 3 - SKIP],
	[
		'Ogg: a page where no packet ends',
		join(OPUS, pages(2), page({ granule: -1, sequence: 4 })),
		2 - SKIP,
	],

	['WebM: live, without sizes', BROWSER, 2],
	['WebM: recorded from the middle', build.webm(TRACK, cluster(60_000, ...blocks(1, 0, 1000))), 1],
	[
		'WebM: a delay of the codec',
		build.webm(build.webmTrack(1, 2, 'A_OPUS', DELAY), cluster(0, ...blocks(1, 0, 500))),
		0.4,
	],
	[
		'WebM: an empty element between',
		build.webm(TRACK, build.element('ec', Buffer.alloc(70_000)), cluster(0, ...blocks(1, 0, 500))),
		0.5,
	],
])('the length is exact: %s', (_name, file, seconds) => {
	for (const size of [1, 100, 1e6]) expect(measure(file, size)).toBeCloseTo(seconds, 9);
});

it.each<[string, Buffer]>([
	['WAV of big-endian numbers', join('RIFX', u32be(100), build.wav(SECOND).subarray(8))],
	['WAV of no format', join('RIFF', u32(100), 'WAVE', build.chunk('data', SECOND))],
	['WAV of no channels', build.wav(SECOND, { channels: 0, blockAlign: 2 })],
	['WAV of no rate', build.wav(SECOND, { rate: 0 })],
	['WAV of samples smaller than their bits', build.wav(SECOND, { bits: 32, blockAlign: 2 })],
	['WAV of samples that channels do not share', build.wav(SECOND, { channels: 2, blockAlign: 5 })],
	['WAV of compressed sound', build.wav(SECOND, { tag: 0x55 })],

	['MP4 of a fragment without data', join(LIVE, fragment(9, 'each'), MDAT, fragment(9, 'each'))],
	['MP4 of two sounds', join(FTYP, moov(trak(), trak()), MDAT)],
	['MP4 of units of no length', join(FTYP, moov(trak({ timescale: 0 })), MDAT)],
	['MP4 of more than a second a byte', join(FTYP, moov(trak({ timescale: 1, units: 1e6 })), MDAT)],
	['MP4 of too large a box', join(FTYP, moov(trak(), join(u32be(9999), 'free')), MDAT, MDAT)],
	['MP4 of too small a box', join(FTYP, moov(trak(), join(u32be(4), 'free')), MDAT)],

	['Ogg recorded from the middle', join(OPUS, pages(3, 100 * 48_000))],
	['Ogg of two files joined', join(OPUS, pages(3), build.opusHead(2), pages(2))],
	[
		'Ogg of an unknown codec',
		join(page({ granule: 0, sequence: 0, flags: 2 }, text('?')), pages(3)),
	],

	['FLAC of blocks of several sizes', join('fLaC\x80\0\0\x22', Buffer.alloc(34, 1), '\xff\xf9')],

	['WebM of two files joined', join(BROWSER, BROWSER)],
	[
		'WebM of two sounds',
		build.webm(
			join(TRACK, build.webmTrack(2)),
			cluster(0, ...blocks(1, 0, 500), ...blocks(2, 0, 500)),
		),
	],
	['WebM of one block', build.webm(TRACK, cluster(0, ...blocks(1, 0, 20)))],
	['WebM with other bytes in the middle', join(BROWSER, Buffer.alloc(100), BROWSER)],
])('the length of %s is not known, and the file is taken', (_name, file) => {
	for (const size of [1, 1e6]) {
		const { kind, problem, seconds, notes = [] } = probe(file, size);
		expect([kind?.family, problem, seconds, notes]).toEqual(['audio', undefined, undefined, []]);
	}
});

describe('FLAC', () => {
	const SECONDS = 2.5;
	const BLOCK = 4096 / 16_000;
	const TOTAL_AT = 21;
	const files = useFiles(SECONDS, [['tone.flac', '-c:a flac -ar 16000 -frame_size 4096']]);
	let file: Buffer;

	beforeAll(async () => {
		file = await readFile(path.join(files.folder, 'tone.flac'));
	});

	it.each([0, 2 ** 35])('whose header says %d samples is as long as its frames', (total) => {
		const copy = Buffer.from(file);
		copy.writeUInt8((copy.readUInt8(TOTAL_AT) & 0xf0) | Math.floor(total / 2 ** 32), TOTAL_AT);
		copy.writeUInt32BE(total % 2 ** 32, TOTAL_AT + 1);
		// The first frame again has a number that does not go on.
		const lures = join(copy, copy.subarray(copy.indexOf('fff8', 0, 'hex')).subarray(0, 20));
		for (const size of [1, 1000, 1e6]) expect(measure(lures, size)).toBe(SECONDS);
	});

	it('with tags and a picture of a megabyte is as long as without', () => {
		const picture = join(Buffer.from([6, 0x0f, 0x42, 0x40]), Buffer.alloc(1_000_000, 0xff));
		const front = join(build.id3(5000), file.subarray(0, 42), picture, file.subarray(42));
		expect(measure(join(front, 'TAG', Buffer.alloc(125)))).toBe(SECONDS);
	});

	it('that was cut off has the whole frames that are left', () => {
		const { seconds: part = NaN, notes } = probe(file.subarray(0, file.length * 0.6));
		expect(notes).toEqual([
			expect.stringMatching(/^is cut off: its header declares 2\.5 s, .*[^.]$/),
		]);
		expect(part).toBeGreaterThan(1);
		expect(part).toBeLessThan(SECONDS - BLOCK);
		expect(part / BLOCK).toBeCloseTo(Math.round(part / BLOCK), 9);
	});

	it('without a rate is taken, and its length is not known', () => {
		const noRate = join(file.subarray(0, 18), Buffer.alloc(3), file.subarray(21));
		expect(probe(noRate)).toEqual({ kind: expect.objectContaining({ type: 'audio/flac' }) });
	});
});
