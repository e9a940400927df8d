import { expect, it } from '@jest/globals';
import { id3, join, mp3, MP3_FRAME_S, mp3Frame, u32, u32be } from './support/build';
import { measure } from './support/measure';

/** A frame of AAC: 44.1 kHz, 1024 samples. */
function adtsFrame(blocks = 1): Buffer {
	const frame = Buffer.alloc(200, 0x55);
	frame.set([0xff, 0xf1, 0x50, 0x80, 200 >> 3, (200 & 7) << 5, blocks - 1]);
	return frame;
}

function ape(items: number): Buffer {
	const block = (isHeader: boolean) =>
		join(
			'APETAGEX',
			u32(2000),
			u32(items + 32),
			u32(1),
			u32(isHeader ? 0xa0000000 : 0),
			u32(0),
			u32(0),
		);
	return join(block(true), Buffer.alloc(items, 0xff), block(false));
}

const ID3V1 = join('TAG', Buffer.alloc(125, 0x20));
const GARBAGE = Buffer.alloc(3000, 0xfe);
const TEN = mp3(10);

it.each([
	['frames only', TEN, 10],
	['one frame', mp3(1), 1],
	['two frames', mp3(2), 2],
	['ID3 in front, full of sync bytes', join(id3(100_000), TEN), 10],
	['three ID3 tags in front', join(id3(10), id3(20), id3(0), TEN), 10],
	['ID3v1 behind', join(TEN, ID3V1), 10],
	['one frame with ID3v1 behind', join(mp3(1), ID3V1), 1],
	['APE and ID3v1 behind', join(TEN, ape(50_000), ID3V1), 10],
	['garbage in front', join(GARBAGE, TEN), 10],
	['zeros in front', join(Buffer.alloc(60_000), TEN), 10],
	['garbage behind', join(TEN, GARBAGE), 10],
	['garbage in the middle', join(TEN, GARBAGE, TEN), 20],
	['a tag in the middle, as in joined files', join(TEN, ID3V1, id3(5000), TEN), 20],
	['the last frame cut off', join(TEN, mp3Frame().subarray(0, 400)), 10],
	['a count of Xing that is not true', join(mp3Frame('Xing\0\0\0\x01\0\0\xff\xff'), TEN), 10],
	['a VBRI header', join(mp3Frame(`VBRI${'\0'.repeat(12)}\xff`), TEN), 10],
])('MP3: %s', (_name, file, frames) => {
	for (const size of [1, 7, 4096, 1e6]) {
		expect(measure(file, size)).toBeCloseTo(frames * MP3_FRAME_S, 9);
	}
});

it('MP3: what the encoder added is no sound', () => {
	const [delay, padding] = [576, 1000];
	const gaps = Buffer.alloc(3);
	gaps.writeUIntBE((delay << 12) | padding, 0, 3);
	const info = (count: number) =>
		join('Info', u32be(1), u32be(count), 'LAME3.100', Buffer.alloc(12), gaps).toString('latin1');
	const whole = 10 * MP3_FRAME_S;
	const gapless = measure(join(mp3Frame(info(10)), TEN));
	expect(gapless).toBeCloseTo(whole - (delay + padding) / 44_100, 9);
	const cut = measure(join(mp3Frame(info(99)), TEN));
	expect(cut).toBeCloseTo(whole - (delay + 529) / 44_100, 9);
});

it('MP3: files of different rates that were joined are summed up', () => {
	const slow = Buffer.alloc(576);
	slow.set([0xff, 0xfb, 0x98, 0x64]);
	const frames = Buffer.concat(Array.from({ length: 5 }, () => slow));
	expect(measure(join(TEN, frames))).toBeCloseTo(10 * MP3_FRAME_S + (5 * 1152) / 32_000, 9);
});

it('AAC: frames, joined blocks and a tag of a stream in front', () => {
	const frame = 1024 / 44_100;
	const one = adtsFrame();
	expect(measure(join(one, one, one, one))).toBeCloseTo(4 * frame, 9);
	expect(measure(join(id3(63), one, one, one))).toBeCloseTo(3 * frame, 9);
	expect(measure(join(GARBAGE, one, one, one))).toBeCloseTo(3 * frame, 9);
	expect(measure(join(adtsFrame(4), one, one, one.subarray(0, 100)))).toBeCloseTo(6 * frame, 9);
});

it.each([
	['two frames in front of something else', join(mp3(2), Buffer.alloc(5000, 0x20))],
	['one frame behind garbage', join(GARBAGE, mp3(1))],
	['too much garbage in front', join(Buffer.alloc(100_000, 1), TEN)],
	['more garbage than sound', join(TEN, Buffer.alloc(50_000, 0xfe), TEN)],
])('not known: %s', (_name, file) => {
	for (const size of [1, 4096]) expect(measure(file, size)).toBeUndefined();
});
