/** MP4, Ogg and WebM made byte by byte: what is in them decides, wherever it stands. */
import { describe, expect, it } from '@jest/globals';
import * as build from './support/build';
import { expectTold, probe } from './support/measure';

const { box, cluster, element, FTYP, join, MDAT, moov, opusHead, page, simpleBlock, text } = build;
const { trak, u32be, webm, webmTrack } = build;
const ZEROS = Buffer.alloc(500);

describe('MP4', () => {
	const SOUND = trak();
	const INDEX = moov(SOUND);
	const VIDEO = trak({ handler: 'vide', codec: 'avc1' });
	const TREX = box('mvex', box('trex', u32be(0), u32be(1), u32be(1), u32be(10), ZEROS));
	const LIVE = join(FTYP, moov(trak({ units: 0 }), TREX));
	const LONG_MDAT = join(u32be(1), 'mdat', u32be(0), u32be(516), ZEROS);
	const NO_INDEX = 'is unfinished or cut off: its index is missing';
	const CUT_OFF = 'is cut off: its header declares 5 s, but the file has only 2.5 s';

	/** A fragment of track 1: samples of 10 units each, said by the fragment or sample by sample. */
	function fragment(samples: number, how: 'header' | 'each' | 'default'): Buffer {
		const header = join(
			u32be(how === 'header' ? 8 : 0),
			u32be(1),
			how === 'header' ? u32be(10) : '',
		);
		const each = Array.from({ length: samples }, () => join(u32be(10), u32be(999)));
		const run =
			how === 'each' ? join(u32be(0x300), u32be(samples), ...each) : join(u32be(0), u32be(samples));
		return box('moof', box('traf', box('tfhd', header), box('trun', run)));
	}

	it.each<[string, Buffer, string]>([
		['index first', join(FTYP, INDEX, MDAT), ', 5 s'],
		['index last', join(FTYP, MDAT, INDEX), ', 5 s'],
		['no brand', join(box('wide'), MDAT, INDEX), ', 5 s'],
		['64 bits for the size of the data', join(FTYP, LONG_MDAT, INDEX), ', 5 s'],
		['data to the end', join(FTYP, INDEX, u32be(0), 'mdat', ZEROS), ', 5 s'],
		['data cut off', join(FTYP, INDEX, MDAT).subarray(0, -2500), `, 2.5 s; ${CUT_OFF}`],
		['other bytes behind', join(FTYP, MDAT, INDEX, Buffer.alloc(50, 0xff)), ', 5 s'],
		['a box behind that is cut off', join(FTYP, INDEX, MDAT, u32be(99), 'free'), ', 5 s'],
		['a second index', join(FTYP, INDEX, MDAT, moov(trak({ units: 90 }))), ', 5 s'],
		['a part of the track', join(FTYP, moov(trak({ played: 3000 })), MDAT), ', 3 s'],
		['a part longer than the track', join(FTYP, moov(trak({ played: 9000 })), MDAT), ', 5 s'],
		[
			'fragments',
			join(LIVE, fragment(100, 'header'), MDAT, fragment(50, 'header'), MDAT),
			', 1.5 s',
		],
		['samples with their lengths', join(LIVE, fragment(100, 'each'), MDAT), ', 1 s'],
		['samples of the usual length', join(LIVE, fragment(100, 'default'), MDAT), ', 1 s'],
		[
			'index and fragments',
			join(FTYP, moov(SOUND, TREX), MDAT, fragment(100, 'each'), MDAT),
			', 6 s',
		],
		['a fragment without data', join(LIVE, fragment(9, 'each'), MDAT, fragment(9, 'each')), ''],
		['two sounds', join(FTYP, moov(SOUND, SOUND), MDAT), ''],
		['units of no length', join(FTYP, moov(trak({ timescale: 0 })), MDAT), ''],
		['a second a byte, and more', join(FTYP, moov(trak({ timescale: 1, units: 1e6 })), MDAT), ''],
		['too large a box', join(FTYP, moov(SOUND, join(u32be(9999), 'free')), MDAT, MDAT), ''],
		['too small a box', join(FTYP, moov(SOUND, join(u32be(4), 'free')), MDAT), ''],
		['an index only', join(FTYP, INDEX), '; contains no sound'],
		['an index and empty data', join(FTYP, INDEX, box('mdat')), '; contains no sound'],
		['an index without samples', join(FTYP, moov(trak({ units: 0 })), MDAT), '; contains no sound'],
		['never finished', join(FTYP, MDAT), `; ${NO_INDEX}`],
		['never finished, of no size', join(FTYP, u32be(0), 'mdat', ZEROS), `; ${NO_INDEX}`],
		['cut off in front of its index', join(FTYP, MDAT).subarray(0, 900), `; ${NO_INDEX}`],
		['cut off within its index', join(FTYP, MDAT, INDEX).subarray(0, -1), `; ${NO_INDEX}`],
		...['enca', 'drms', 'aavd'].map((codec): [string, Buffer, string] => [
			`encrypted (${codec})`,
			join(FTYP, moov(trak({ codec })), MDAT),
			'; is encrypted (DRM), so other services cannot play it',
		]),
		...['jpeg', 'png '].map((codec): [string, Buffer, string] => [
			`a cover (${codec})`,
			join(FTYP, moov(trak({ handler: 'vide', codec, units: 9000 }), SOUND), MDAT),
			', 5 s',
		]),
		...['mp42', 'isom', '3gp4', 'dash', 'qt  '].map((brand): [string, Buffer, string] => [
			`sound of the brand ${brand}`,
			join(box('ftyp', brand, u32be(0)), MDAT, INDEX),
			', 5 s',
		]),
	])('%s', (_what, file, told) => {
		expectTold(file, `an M4A file${told}`);
	});

	it.each<[string, Buffer[], string]>([
		['a picture and sound', [VIDEO, SOUND], 'an MP4 video'],
		['sound and a picture', [SOUND, VIDEO], 'an MP4 video'],
		['a picture', [VIDEO], 'an MP4 video without sound'],
		['a text', [trak({ handler: 'text', codec: 'tx3g' })], 'an MP4 file without sound'],
	])('%s are a video, whatever it is called', (_what, tracks, label) => {
		for (const file of [join(FTYP, moov(...tracks), MDAT), join(FTYP, MDAT, moov(...tracks))]) {
			expectTold(file, label, { name: 'a.m4a', declaredType: 'audio/mp4' });
		}
		expectTold(join(box('wide'), MDAT, moov(...tracks)), label.replace('an MP4', 'a QuickTime'));
	});

	it('a thousand tracks are refused, since no program writes so many', () => {
		const found = probe(join(FTYP, moov(...new Array<Buffer>(1000).fill(SOUND)), MDAT));
		expect(found.message).toMatch(/^is damaged/);
	});
});

describe('Ogg', () => {
	const OPUS = opusHead();
	const OTHER = page({ granule: 0, sequence: 0, flags: 2 }, text('?'));

	/** Pages of a second each, 50 packets on each; the first 312 samples are skipped. */
	function pages(count: number, from = 0, trim = 0): Buffer {
		const ends = Array.from({ length: count }, (_, at) => from + (at + 1) * 48_000);
		return join(
			...ends.map((end, at) => {
				const granule = at === count - 1 ? end - trim : end;
				return page({ granule, sequence: at + 2 }, ...build.opusPackets(50));
			}),
		);
	}

	it.each<[string, Buffer, string]>([
		['three seconds', join(OPUS, pages(3)), ', 2.9935 s'],
		['shorter than its packets', join(OPUS, pages(3, 0, 480)), ', 2.9835 s'],
		['cut off on the last page', join(OPUS, pages(3)).subarray(0, -1), ', 1.9935 s'],
		['other bytes between', join(OPUS, Buffer.alloc(500, 0x4f), pages(3)), ', 2.9935 s'],
		[
			'a page where no packet ends',
			join(OPUS, pages(2), page({ granule: -1, sequence: 4 })),
			', 1.9935 s',
		],
		['recorded from the middle', join(OPUS, pages(3, 100 * 48_000)), ''],
		['two files joined', join(OPUS, pages(3), opusHead(2), pages(2)), ''],
		['an unknown codec', join(OTHER, pages(3)), ''],
		['headers only', OPUS, '; contains no sound'],
		['half a page', OPUS.subarray(0, 20), '; contains no sound'],
	])('%s', (_what, file, told) => {
		expectTold(file, `an Ogg file${told}`);
	});

	it('with moving pictures is a video', () => {
		const film = page({ granule: 0, sequence: 0, flags: 2 }, text('\x80theora'));
		expectTold(join(OPUS, film, pages(3)), 'an Ogg video');
	});
});

describe('WebM', () => {
	const blocks = (track: number, to: number) =>
		Array.from({ length: to / 20 }, (_, index) => simpleBlock(track, index * 20));
	const TRACK = webmTrack(1);
	const SECOND = cluster(0, ...blocks(1, 1000));
	const BROWSER = webm(TRACK, SECOND, cluster(1000, ...blocks(1, 1000)));
	/** 100 ms that are decoded but not played. */
	const DELAY = element('56aa', Buffer.from([0x05, 0xf5, 0xe1, 0x00]));
	const ENCRYPTED = element('6d80', element('6240', element('5035', Buffer.alloc(3))));
	/** 5 s by the header. */
	const INFO = element('1549a966', element('4489', Buffer.from('459c4000', 'hex')));
	const CUT_OFF = 'is cut off: its header declares 5 s, but the file has only 1 s';

	it.each<[string, Buffer, string]>([
		['live, without sizes', BROWSER, ', 2 s'],
		['from the middle', webm(TRACK, cluster(60_000, ...blocks(1, 1000))), ', 1 s'],
		['a delay of the codec', webm(webmTrack(1, 2, 'A_OPUS', DELAY), SECOND), ', 0.9 s'],
		['an empty element', webm(TRACK, element('ec', Buffer.alloc(70_000)), SECOND), ', 1 s'],
		['the header says more', webm(join(INFO, TRACK), SECOND), `, 1 s; ${CUT_OFF}`],
		['two files joined', join(BROWSER, BROWSER), ''],
		[
			'two sounds',
			webm(join(TRACK, webmTrack(2)), cluster(0, ...blocks(1, 500), ...blocks(2, 500))),
			'',
		],
		['one block', webm(TRACK, cluster(0, ...blocks(1, 20))), ''],
		['other bytes in the middle', join(BROWSER, Buffer.alloc(100), BROWSER), ''],
		['a header only', build.EBML, '; contains no sound'],
		['tracks only', webm(TRACK), '; contains no sound'],
		['no tracks', webm(Buffer.alloc(0), SECOND), '; contains no sound'],
		[
			'its only block cut off',
			webm(TRACK, cluster(0, ...blocks(1, 20))).subarray(0, -1),
			'; contains no sound',
		],
		[
			'encrypted',
			webm(webmTrack(1, 2, 'A_OPUS', ENCRYPTED), SECOND),
			'; is encrypted (DRM), so other services cannot play it',
		],
	])('%s', (_what, file, told) => {
		expectTold(file, `a WebM file${told}`);
	});

	it('a picture and sound are a video, whatever it is called', () => {
		const given = { name: 'a.weba', declaredType: 'audio/webm' };
		expectTold(webm(join(TRACK, webmTrack(2, 1, 'V_AV1')), SECOND), 'a WebM video', given);
		expectTold(webm(webmTrack(1, 1, 'V_VP8'), SECOND), 'a WebM video without sound', given);
	});
});
