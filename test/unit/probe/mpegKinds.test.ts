/** MP3 and AAC, which need no header in front. */
import { describe, expect, it } from '@jest/globals';
import { aacFrames, bytes, mp3Frames, noise, samples, typeOf } from '../support/media';

const MP3 = mp3Frames('\xff\xfb\x90\x64', 417, 30);

describe('MP3 and AAC', () => {
	it.each([
		['MPEG 1, 128 kbit/s', MP3, 'audio/mpeg'],
		['MPEG 1, 320 kbit/s', mp3Frames('\xff\xfb\xe0\x64', 1044, 9), 'audio/mpeg'],
		['MPEG 2, 64 kbit/s', mp3Frames('\xff\xf3\x84\xc4', 192, 9), 'audio/mpeg'],
		['MPEG 2.5, 8 kbit/s', mp3Frames('\xff\xe3\x18\xc4', 72, 9), 'audio/mpeg'],
		['layer II', mp3Frames('\xff\xfd\xa4\x04', 576, 9), 'audio/mpeg'],
	])('%s is known by its frames', (_name, content, type) => {
		expect(typeOf(content)).toBe(type);
		// A file that ends within its first frame.
		expect(typeOf(content.subarray(0, 60))).toBe(type);
	});

	it.each([1, 2, 10, 417, 2000, 4096, 5000, 60_000])(
		'is found behind %d zeros or other bytes',
		(length) => {
			for (const front of [Buffer.alloc(length), noise(length)]) {
				expect(typeOf(Buffer.concat([front, MP3]))).toBe('audio/mpeg');
				expect(typeOf(Buffer.concat([front, aacFrames(20)]))).toBe('audio/aac');
			}
		},
	);

	it('of two frames behind zeros is taken when the file ends there', () => {
		const two = Buffer.concat([Buffer.alloc(9), MP3.subarray(0, 2 * 417)]);
		expect(typeOf(two)).toBe('audio/mpeg');
		expect(typeOf(Buffer.concat([two, noise(999)]))).toBeUndefined();
	});

	it('is known behind a tag', () => {
		const tag = bytes('ID3\x04\0\0\0\0\0\x0a0123456789');
		expect(typeOf(Buffer.concat([tag, MP3]))).toBe('audio/mpeg');
		expect(typeOf(Buffer.concat([tag, aacFrames(9)]))).toBe('audio/aac');
		expect(typeOf(Buffer.concat([tag, bytes('fLaC\0\0\0\x22')]))).toBe('audio/flac');
	});
});

describe('no MP3', () => {
	it.each([
		['bitrate 15', '\xff\xfb\xf0\x64'],
		['sample rate 3', '\xff\xfb\x9c\x64'],
		['version 1', '\xff\xeb\x90\x64'],
		['emphasis 2', '\xff\xfb\x90\x66'],
		['AAC with sample rate 13', '\xff\xf1\x74\x80'],
		['all ones', '\xff\xff\xff\xff'],
	])('%s', (_name, header) => {
		for (const length of [4, 400]) {
			const type = typeOf(mp3Frames(header, length, 8), { name: 'a.mp3' });
			expect(type ?? '').not.toMatch(/^audio/);
		}
	});

	it('one header that no other follows', () => {
		const content = Buffer.concat([bytes('\xff\xfb\x90\x64'), noise(4000)]);
		expect(typeOf(content, { declaredType: 'audio/mpeg' })).toBeUndefined();
	});

	it('samples, loud or quiet, and bytes without a pattern', () => {
		for (let seed = 1; seed <= 60; seed++) {
			for (const content of [noise(70_000, seed), samples(35_000, seed * seed)]) {
				const type = typeOf(content, { name: 'a.mp3', declaredType: 'audio/mpeg' });
				expect(type ?? '').not.toMatch(/^audio/);
			}
		}
	});
});
