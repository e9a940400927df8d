/** MP3 and AAC, which need no header in front: known by their frames, and as long as these. */
import { expect, it } from '@jest/globals';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import { aacFrames, mp3Frames, noise, samples, typeOf } from '../support/media';
import { id3, join, mp3, MP3_FRAME_S, mp3Frame, u32, u32be } from './support/build';
import { measure, probe } from './support/measure';

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
const SLOW = mp3Frames('\xff\xfb\x98\x64', 576, 5);

/** A first frame with the number of frames behind it, and what the encoder put in front of and behind the sound. */
function info(frames: number, delay: number, padding: number): Buffer {
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
	['MP3: other bytes in the middle', join(TEN, OTHER, TEN), 20 * MP3_FRAME_S],
	['MP3: joined files with tags', join(TEN, ID3V1, id3(5000), TEN), 20 * MP3_FRAME_S],
	['MP3: joined files of two rates', join(TEN, SLOW), 10 * MP3_FRAME_S + (5 * 1152) / 32_000],
	['MP3: the last frame cut off', join(TEN, mp3Frame().subarray(0, 400)), 10 * MP3_FRAME_S],
	['MP3: a VBRI header', join(mp3Frame(`VBRI${'\0'.repeat(12)}\xff`), TEN), 10 * MP3_FRAME_S],
	[
		'MP3: without what the encoder added',
		join(info(10, 576, 1000), TEN),
		10 * MP3_FRAME_S - 1576 / 44_100,
	],
	[
		'MP3: cut off, so without what a decoder adds',
		join(info(99, 576, 1000), TEN),
		10 * MP3_FRAME_S - (576 + 529) / 44_100,
	],
	['AAC: frames', join(AAC, AAC, AAC, AAC), 4 * AAC_S],
	['AAC: the tag of a stream in front', join(id3(63), AAC, AAC, AAC), 3 * AAC_S],
	['AAC: other bytes in front', join(OTHER, AAC, AAC, AAC), 3 * AAC_S],
	['AAC: the last frame cut off', join(FOUR_BLOCKS, AAC, AAC, AAC.subarray(0, 100)), 6 * AAC_S],
])('the length is exact: %s', (_name, file, seconds) => {
	for (const size of [1, 7, 4096, 1e6]) expect(measure(file, size)).toBeCloseTo(seconds, 9);
});

it.each<[string, Buffer]>([
	['more other bytes than sound', join(TEN, Buffer.alloc(50_000, 0xfe), TEN)],
	['an APE tag with a picture behind', join(TEN, APE)],
	['two frames only in front of other bytes', join(mp3(2), Buffer.alloc(5000, 0x20))],
])('the length of an MP3 with %s is not known, and the file is taken', (_name, file) => {
	for (const size of [1, 4096]) {
		expect(probe(file, size)).toEqual({ kind: expect.objectContaining({ type: 'audio/mpeg' }) });
	}
});

it.each([
	['MPEG 1, 128 kbit/s', mp3Frames('\xff\xfb\x90\x64', 417, 30)],
	['MPEG 1, 320 kbit/s', mp3Frames('\xff\xfb\xe0\x64', 1044, 9)],
	['MPEG 2, 64 kbit/s', mp3Frames('\xff\xf3\x84\xc4', 192, 9)],
	['MPEG 2.5, 8 kbit/s', mp3Frames('\xff\xe3\x18\xc4', 72, 9)],
	['layer II', mp3Frames('\xff\xfd\xa4\x04', 576, 9)],
])('MP3 of %s is known by its frames, also when it ends within the first', (_name, content) => {
	expect(typeOf(content)).toBe('audio/mpeg');
	expect(typeOf(content.subarray(0, 60))).toBe('audio/mpeg');
});

it.each([1, 2, 10, 417, 2000, 4096, 5000, 60_000])(
	'MP3 and AAC are found behind %d zeros or other bytes',
	(length) => {
		for (const front of [Buffer.alloc(length), noise(length)]) {
			expect(typeOf(join(front, TEN))).toBe('audio/mpeg');
			expect(typeOf(join(front, aacFrames(20)))).toBe('audio/aac');
		}
	},
);

it('two frames behind zeros are sound when the file ends there', () => {
	const two = join(Buffer.alloc(9), mp3(2));
	expect(typeOf(two)).toBe('audio/mpeg');
	expect(typeOf(join(two, noise(999)))).toBeUndefined();
});

it('what is behind a tag decides', () => {
	expect(typeOf(join(id3(10), TEN))).toBe('audio/mpeg');
	expect(typeOf(join(id3(10), aacFrames(9)))).toBe('audio/aac');
	expect(typeOf(join(id3(10), 'fLaC\0\0\0\x22'))).toBe('audio/flac');
});

it.each<[string, Buffer]>([
	['bitrate 15', mp3Frames('\xff\xfb\xf0\x64', 400, 8)],
	['sample rate 3', mp3Frames('\xff\xfb\x9c\x64', 400, 8)],
	['version 1', mp3Frames('\xff\xeb\x90\x64', 400, 8)],
	['emphasis 2', mp3Frames('\xff\xfb\x90\x66', 417, 8)],
	['AAC with sample rate 13', mp3Frames('\xff\xf1\x74\x80', 400, 8)],
	['all ones', Buffer.alloc(3200, 0xff)],
	['one header that no other follows', join('\xff\xfb\x90\x64', noise(4000))],
	['one frame behind other bytes', join(OTHER, mp3(1))],
	['too many bytes in front', join(Buffer.alloc(100_000, 1), TEN)],
])('no sound is heard in chance bytes: %s', (_name, content) => {
	for (const size of [1, 4096]) expect(measure(content, size)).toBeUndefined();
	expect(typeOf(content, { name: 'a.mp3' }) ?? '').not.toMatch(/^audio/);
});

it('samples, loud or quiet, and bytes without a pattern are no MP3', () => {
	for (let seed = 1; seed <= 60; seed++) {
		for (const content of [noise(70_000, seed), samples(35_000, seed * seed)]) {
			const type = typeOf(content, { name: 'a.mp3', declaredType: 'audio/mpeg' });
			expect(type ?? '').not.toMatch(/^audio/);
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
