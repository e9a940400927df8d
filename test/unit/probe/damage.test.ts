/** Files that were damaged on the way, or are no files. */
import { describe, expect, it } from '@jest/globals';
import { noise } from '../support/media';
import * as build from './support/build';
import { expectTold, tell } from './support/measure';

const { aacFrames, chunk, FTYP, id3, join, moov, mp3, samples, text, trak, webm } = build;

/** The beginning of each format, with bytes as they are in compressed media behind it. */
const GOOD: Array<[name: string, content: Buffer]> = [
	['PNG', join('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40', noise(900))],
	['JPEG', join('\xff\xd8\xff\xe0\0\x10JFIF\0\x01', noise(900))],
	['GIF', join('GIF89a\x10\0\x10\0\x80\0', noise(900))],
	['WebP', join('RIFF\x84\x03\0\0WEBPVP8 ', noise(900))],
	['WAV', build.wav(samples(500))],
	['Ogg', join('OggS\0\x02', noise(900))],
	['FLAC', join('fLaC\0\0\0\x22', noise(900))],
	['M4A', join(FTYP, moov(trak()), noise(900))],
	['WebM', join(webm(build.webmTrack(1)), noise(900))],
	['MP3 with a tag', join(id3(0), mp3(2), noise(900))],
	['MP3', join(mp3(2), noise(900))],
	['AAC', join(aacFrames(2), noise(900))],
];
const READ_AS_TEXT = 'was read as text by an earlier node, which destroyed it';
const NO_BASE64 = 'was made from a whole data: URL or other text that is not base64';

describe.each(GOOD)('%s', (_name, content) => {
	it.each<[string, () => Buffer, string | RegExp]>([
		['as it should be is not damaged', () => content, /^an? (?!stray).*(picture|file)/],
		['read as UTF-8 is named', () => Buffer.from(content.toString()), READ_AS_TEXT],
		['read as Latin-1 is named', () => Buffer.from(content.toString('latin1')), READ_AS_TEXT],
		[
			'decoded from a data: URL is named',
			() => Buffer.from(`data:audio/x-any;base64,${content.toString('base64')}`, 'base64'),
			NO_BASE64,
		],
		[
			'decoded from hexadecimal text is named',
			() => Buffer.from(content.toString('hex'), 'base64'),
			NO_BASE64,
		],
		['still encoded is a text', () => text(content.toString('base64')), 'base64 text'],
	])('%s', (_how, make, words) => {
		expect(tell(make(), 999, { name: 'a.mp3', declaredType: 'image/png' })).toMatch(words);
	});
});

it.each(GOOD.slice(0, -3))('%s behind other bytes is not taken', (_name, content) => {
	for (const front of ['\n', ' ', '\r\n', '\xef\xbb\xbf', '"', '\n\n\n\t']) {
		const file = join(front, content);
		expect(tell(file)).toMatch(/^has (a stray byte|\d stray bytes) before an? /);
	}
});

it.each([join('\n', mp3(20)), join('\n', id3(0), mp3(20))])(
	'an MP3 behind a line break is taken',
	(file) => {
		expect(tell(file)).toMatch(/^an MP3 file, 0\.5/);
	},
);

it.each(['https://files.example/voices/left.mp3', 'undefined', '[object Object]'])(
	'%j that was decoded as base64 text is named',
	(content) => {
		expectTold(Buffer.from(content, 'base64'), NO_BASE64);
	},
);

it.each<[string, Buffer]>([
	['its header', text('HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\nID3\x03')],
	['sizes of its chunks', join('1f40\r\n', id3(0), mp3(4))],
])('a raw HTTP response is named by %s', (_what, content) => {
	expectTold(content, 'is a raw HTTP response, with its header or chunk sizes');
});

it('an MP3 whose tag holds a long text is not damaged', () => {
	const lyrics = Buffer.from('Übermäßig schöne Größe '.repeat(300));
	const tag = text('ID3\x04\0\0\0\0\x7f\x7f');
	expect(tell(join(tag, 'USLT\0\0', lyrics))).toMatch(/^an MP3 file/);
});

describe('bytes of no known format', () => {
	const RAW_PCM = 'is raw PCM without a header';

	it.each([samples(2048), samples(2048, 40)])('are raw PCM when they are a tone', (content) => {
		for (const name of ['speech.wav', 'a.mp3', 'data'])
			expect(tell(content, 999, { name })).toBe(RAW_PCM);
		expect(tell(content, 999, { wanted: 'image' })).toBe('unknown');
	});

	it.each([
		{ declaredType: 'audio/L16;codec=pcm;rate=24000' },
		{ declaredType: 'audio/pcm' },
		{ declaredType: 'audio/basic' },
		{ name: 'speech.ulaw' },
	])('are raw PCM when they are said to be: %j', (given) => {
		expect(tell(noise(99), 999, given)).toBe(RAW_PCM);
	});

	it.each([0, 0x80, 0xff])('are the byte %d and no other', (byte) => {
		expect(tell(Buffer.alloc(4096, byte))).toMatch(/^contains only the byte [0-9a-f]{2}$/);
	});
});

it('chunks of no known form are no WAV', () => {
	expectTold(join('RIFF', build.u32(100), 'abcd', chunk('data', noise(99))), 'unknown');
});
