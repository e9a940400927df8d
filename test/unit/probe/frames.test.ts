/** MP3 and AAC, which need no header in front: known by their frames, and as long as these. */
import { expect, it } from '@jest/globals';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import { noise } from '../support/media';
import * as build from './support/build';
import { expectTold, measure, tell } from './support/measure';

const { aacFrames, id3, join, mp3, MP3_FRAME_S, mp3Frame, samples, soundFrames, u32, u32be } =
	build;
const ID3V1 = join('TAG', Buffer.alloc(125, 0x20));
const APE = join('APETAGEX', u32(2000), u32(50_000), u32(1), u32(0), Buffer.alloc(50_000, 0xff));
const OTHER = Buffer.alloc(3000, 0xfe);
const TEN = mp3(10);
/** AAC of 44.1 kHz: frames of one block, and of four. */
const AAC_S = 1024 / 44_100;
const AAC = aacFrames(1);
const FOUR_BLOCKS = Buffer.from(AAC);
FOUR_BLOCKS.set([0xff], 6);
/** MP3 of 32 kHz. */
const SLOW = soundFrames('\xff\xfb\x98\x64', 576, 5);
const FREE_FORMAT = Buffer.from('fffb0064'.padEnd(800, '0'), 'hex');

/** A first frame with the number of frames behind it, and what the encoder put in front of and behind the sound. */
function info(frames: number, delay = 0, padding = 0): Buffer {
	const gaps = Buffer.alloc(3);
	gaps.writeUIntBE((delay << 12) | padding, 0, 3);
	const fields = join('Info', u32be(1), u32be(frames), 'LAME3.100', Buffer.alloc(12), gaps);
	return mp3Frame(fields.toString('latin1'));
}

it.each<[string, Buffer, number]>([
	['MP3: one frame', mp3(1), MP3_FRAME_S],
	['MP3: two frames', mp3(2), 2 * MP3_FRAME_S],
	['MP3: three ID3 tags in front', join(id3(10), id3(20), id3(0), TEN), 10 * MP3_FRAME_S],
	['MP3: ID3 in front, full of sync bytes', join(id3(100_000), TEN), 10 * MP3_FRAME_S],
	['MP3: one frame with ID3v1 behind', join(mp3(1), ID3V1), MP3_FRAME_S],
	['MP3: other bytes in front', join(OTHER, TEN), 10 * MP3_FRAME_S],
	['MP3: zeros in front', join(Buffer.alloc(60_000), TEN), 10 * MP3_FRAME_S],
	['MP3: other bytes behind', join(TEN, OTHER), 10 * MP3_FRAME_S],
	['MP3: an APE tag with a picture behind', join(TEN, APE), 10 * MP3_FRAME_S],
	['MP3: other bytes in the middle', join(TEN, OTHER, TEN), 20 * MP3_FRAME_S],
	['MP3: joined files with tags', join(TEN, ID3V1, id3(5000), TEN), 20 * MP3_FRAME_S],
	['MP3: joined files with counts', join(info(10), TEN, info(10), TEN), 21 * MP3_FRAME_S],
	['MP3: joined files of two rates', join(TEN, SLOW), 10 * MP3_FRAME_S + (5 * 1152) / 32_000],
	['MP3: the last frame cut off', join(TEN, mp3Frame().subarray(0, 400)), 10 * MP3_FRAME_S],
	['MP3: the count lacks the last frame', join(info(11), TEN), 10 * MP3_FRAME_S],
	['MP3: a VBRI header', join(mp3Frame(`VBRI${'\0'.repeat(12)}\xff`), TEN), 10 * MP3_FRAME_S],
	[
		'MP3: without what the encoder added',
		join(info(10, 576, 1000), TEN),
		10 * MP3_FRAME_S - 1576 / 44_100,
	],
	['AAC: frames', join(AAC, AAC, AAC, AAC), 4 * AAC_S],
	['AAC: the tag of a stream in front', join(id3(63), AAC, AAC, AAC), 3 * AAC_S],
	['AAC: other bytes in front', join(OTHER, AAC, AAC, AAC), 3 * AAC_S],
	['AAC: the last frame cut off', join(FOUR_BLOCKS, AAC, AAC, AAC.subarray(0, 100)), 6 * AAC_S],
])('the length is exact: %s', (what, file, seconds) => {
	const label = what.startsWith('MP3') ? 'an MP3 file' : 'an AAC file';
	expectTold(file, `${label}, ${Number(seconds.toFixed(6))} s`);
});

it.each<[string, Buffer, string]>([
	['a tag only', id3(5000), 'contains no sound'],
	['a tag cut off', id3(5000).subarray(0, 3000), 'contains no sound'],
	['a tag and an error', join(id3(50), '{"a":1}'), 'contains JSON text instead of sound'],
	['a tag and a page', join(id3(50), '<html>Sorry'), 'contains a web page (HTML) instead of sound'],
	['a lone frame that counts', info(0), 'contains no sound'],
	['half a frame', mp3(1).subarray(0, 200), 'contains no sound'],
])('an MP3 with nothing to hear is refused: %s', (_what, file, why) => {
	expectTold(file, `an MP3 file; ${why}`);
});

it('an MP3 whose count says more is cut off, so without what a decoder adds', () => {
	const seconds = Number((10 * MP3_FRAME_S - (576 + 529) / 44_100).toFixed(6));
	const hint = 'is cut off: its header declares 2.6 s, but the file has only 0.2 s';
	expectTold(join(info(99, 576, 1000), TEN), `an MP3 file, ${seconds} s; ${hint}`);
});

it('free format is named', () => {
	const file = Buffer.concat(new Array<Buffer>(9).fill(FREE_FORMAT));
	expectTold(file, 'a free-format MP3 (without a fixed bitrate)');
	file.writeUInt8(2, FREE_FORMAT.length + 2);
	expectTold(file, 'a free-format MP3 (without a fixed bitrate)');
});

it.each([
	['MPEG 1, 128 kbit/s', soundFrames('\xff\xfb\x90\x64', 417, 30)],
	['MPEG 1, 320 kbit/s', soundFrames('\xff\xfb\xe0\x64', 1044, 9)],
	['MPEG 2, 64 kbit/s', soundFrames('\xff\xf3\x84\xc4', 192, 9)],
	['MPEG 2.5, 8 kbit/s', soundFrames('\xff\xe3\x18\xc4', 72, 9)],
	['layer II', soundFrames('\xff\xfd\xa4\x04', 576, 9)],
])('MP3 of %s is known by its frames, also when it ends within the first', (_name, content) => {
	expect(tell(content)).toMatch(/^an MP3 file, /);
	expect(tell(content.subarray(0, 60))).toMatch(/^an MP3 file/);
});

it.each([1, 2, 10, 417, 2000, 4096, 5000, 60_000])(
	'MP3 and AAC are found behind %d zeros or other bytes',
	(length) => {
		for (const front of [Buffer.alloc(length), noise(length)]) {
			expect(tell(join(front, TEN))).toMatch(/^an MP3 file/);
			expect(tell(join(front, aacFrames(20)))).toMatch(/^an AAC file/);
		}
	},
);

it('two frames behind zeros are sound when the file ends there', () => {
	const two = join(Buffer.alloc(9), mp3(2));
	expect(measure(two)).toBeCloseTo(2 * MP3_FRAME_S);
	expect(tell(join(two, noise(999)))).toBe('unknown');
});

it('FLAC behind a tag is FLAC', () => {
	expect(tell(join(id3(10), 'fLaC\0\0\0\x22'))).toMatch(/^a FLAC file/);
});

it.each<[string, Buffer]>([
	['bitrate 15', soundFrames('\xff\xfb\xf0\x64', 400, 8)],
	['sample rate 3', soundFrames('\xff\xfb\x9c\x64', 400, 8)],
	['version 1', soundFrames('\xff\xeb\x90\x64', 400, 8)],
	['emphasis 2', soundFrames('\xff\xfb\x90\x66', 417, 8)],
	['AAC with sample rate 13', soundFrames('\xff\xf1\x74\x80', 400, 8)],
	['all ones', Buffer.alloc(3200, 0xff)],
	['one header that no other follows', join('\xff\xfb\x90\x64', noise(4000))],
	['one frame behind other bytes', join(OTHER, mp3(1))],
	['too many bytes in front', join(Buffer.alloc(200_000, 1), TEN)],
])('no sound is heard in chance bytes: %s', (_name, content) => {
	expectTold(content, /^(unknown|is raw|contains only)/, { name: 'a.mp3' });
});

it('samples, loud or quiet, and bytes without a pattern are no MP3', () => {
	for (let seed = 1; seed <= 60; seed++) {
		for (const content of [noise(70_000, seed), samples(35_000, seed * seed)]) {
			expect(tell(content)).toMatch(/^(unknown|is raw PCM)/);
		}
	}
});

it('an MP3 where a picture is wanted ends the reading as soon as it is known', () => {
	const one = new Probe({ name: 'a.bin', declaredType: '' }, 'image');
	one.push(mp3(2));
	expect(one.isDecided).toBe(false);
	one.push(mp3(20));
	expect(one.isDecided).toBe(true);
	expect(one.end()).toMatchObject({ kind: { family: 'audio' } });
});

it('a video is not read beyond its tracks', () => {
	const one = new Probe({ name: 'a.m4a', declaredType: '' }, 'audio');
	one.push(join('\0\0\0\x14ftypisom\0\0\0\0mp42\0\0\0\x08moov\0\x01\0\0mdat', Buffer.alloc(5000)));
	expect(one.isDecided).toBe(true);
});
