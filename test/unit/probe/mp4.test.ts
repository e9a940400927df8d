import { expect, it } from '@jest/globals';
import { box, FTYP, join, MDAT, moov, text, trak, u32be } from './support/build';
import { measure } from './support/measure';

const SOUND = moov(trak());

function mp4(...tracks: Buffer[]): Buffer {
	return join(FTYP, moov(...tracks), MDAT);
}

/** Sizes of 64 bits. */
function longBox(type: string, content: Buffer, size = content.length + 16): Buffer {
	const bytes = Buffer.alloc(8);
	bytes.writeBigUInt64BE(BigInt(size));
	return join(u32be(1), type, bytes, content);
}

/** A fragment of track 1: samples of 10 units each, said by the fragment or sample by sample. */
function fragment(samples: number, how: 'header' | 'each' | 'default'): Buffer {
	const header = join(u32be(how === 'header' ? 8 : 0), u32be(1), how === 'header' ? u32be(10) : '');
	const each = Array.from({ length: samples }, () => join(u32be(10), u32be(999)));
	const run =
		how === 'each' ? join(u32be(0x300), u32be(samples), ...each) : join(u32be(0), u32be(samples));
	return box('moof', box('traf', box('tfhd', header), box('trun', run)));
}

const TREX = box('mvex', box('trex', u32be(0), u32be(1), u32be(1), u32be(10), u32be(0), u32be(0)));
const LIVE = moov(trak({ units: 0 }), TREX);

it.each([
	['index first', join(FTYP, SOUND, MDAT), 5],
	['index last', join(FTYP, MDAT, SOUND), 5],
	['no type', join(MDAT, SOUND), 5],
	['64 bits for the size of the data', join(FTYP, longBox('mdat', Buffer.alloc(9000)), SOUND), 5],
	['data to the end', join(FTYP, SOUND, u32be(0), 'mdat', Buffer.alloc(999)), 5],
	['free space between', join(FTYP, box('free', Buffer.alloc(99)), MDAT, SOUND), 5],
	['a cover', mp4(trak({ handler: 'vide', codec: 'jpeg', units: 9000 }), trak()), 5],
	['two sounds of one length', mp4(trak(), trak({ units: 5050 })), 5],
	['garbage behind', join(FTYP, MDAT, SOUND, Buffer.alloc(50, 0xff)), 5],
	['zeros behind', join(FTYP, MDAT, SOUND, Buffer.alloc(50)), 5],
	['an index of 12 MB', mp4(box('udta', Buffer.alloc(12e6)), trak()), 5],
	['a second index', join(FTYP, SOUND, MDAT, moov(trak({ units: 90 }))), 5],
	['a part of the track', mp4(trak({ played: 3000, start: 1000 })), 3],
	['a part that is longer than the track', mp4(trak({ played: 9000 })), 5],
	['fragments', join(FTYP, LIVE, fragment(100, 'header'), MDAT, fragment(50, 'header'), MDAT), 1.5],
	['samples with their lengths', join(FTYP, LIVE, fragment(100, 'each'), MDAT), 1],
	[
		'fragments that begin later',
		join(FTYP, moov(trak({ units: 0, start: 100 }), TREX), fragment(100, 'each'), MDAT),
		0.9,
	],
	['samples of the usual length', join(FTYP, LIVE, fragment(100, 'default'), MDAT), 1],
	['index and fragments', join(mp4(trak(), TREX), fragment(100, 'each'), MDAT), 6],
])('%s', (_name, file, seconds) => {
	for (const size of file.length > 1e6 ? [65_536] : [1, 13, 1e6]) {
		expect(measure(file, size)).toBeCloseTo(seconds, 9);
	}
});

it.each([
	[
		'a fragment without its data',
		join(FTYP, LIVE, fragment(100, 'each'), MDAT, fragment(9, 'each')),
	],
	['two sounds of two lengths', mp4(trak(), trak({ units: 9000 }))],
	['units of no length', mp4(trak({ timescale: 0 }))],
	['more than a second a byte', mp4(trak({ timescale: 1, units: 1e6 }))],
	[
		'a box that is larger than its parent',
		join(FTYP, box('moov', u32be(9999), 'trak'), MDAT, MDAT),
	],
	[
		'a box that is smaller than its header',
		join(FTYP, box('moov', u32be(4), 'trak', Buffer.alloc(64)), MDAT),
	],
	[
		'a box in the index without size',
		join(FTYP, box('moov', u32be(0), 'trak', Buffer.alloc(64)), MDAT),
	],
	[
		'boxes without size in an index without size',
		join(FTYP, MDAT, u32be(0), 'moov', u32be(0), 'trak', trak()),
	],
	[
		'boxes in boxes',
		join(
			FTYP,
			Array.from({ length: 500 }).reduce<Buffer>((inner) => box('mdia', inner), text('')),
			MDAT,
		),
	],
])('not known: %s', (_name, file) => {
	for (const size of file.length > 1e6 ? [65_536] : [1, 1e6]) {
		expect(measure(file, size)).toBeUndefined();
	}
});
