/** Files that were damaged on the way, or are no files. */
import { describe, expect, it } from '@jest/globals';
import { explainUnknown } from '../../../nodes/WaveSpeedInfiniteTalk/probe/damage';
import {
	aacFrames,
	brand,
	bytes,
	mp3Frames,
	mp4Index,
	mp4Track,
	noise,
	samples,
	typeOf,
	webm,
	webmTracks,
} from '../support/media';

/** The beginning of each format, with bytes as they are in compressed media behind it. */
const GOOD: Array<[name: string, content: Buffer]> = [
	['PNG', Buffer.concat([bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\x40'), noise(900)])],
	['JPEG', Buffer.concat([bytes('\xff\xd8\xff\xe0\0\x10JFIF\0\x01'), noise(900)])],
	['GIF', Buffer.concat([bytes('GIF89a\x10\0\x10\0\x80\0'), noise(900)])],
	['WebP', Buffer.concat([bytes('RIFF\x84\x03\0\0WEBPVP8 '), noise(900)])],
	['WAV', Buffer.concat([bytes('RIFF\x84\x03\0\0WAVEfmt \x10\0\0\0'), samples(500)])],
	['MP3 with a tag', Buffer.concat([bytes('ID3\x03\0\0\0\0\0\0'), noise(900)])],
	['MP3', Buffer.concat([mp3Frames('\xff\xfb\x90\x64', 417, 1), noise(900)])],
	['AAC', Buffer.concat([aacFrames(1), noise(900)])],
	['Ogg', Buffer.concat([bytes('OggS\0\x02'), noise(900)])],
	['FLAC', Buffer.concat([bytes('fLaC\0\0\0\x22'), noise(900)])],
	['M4A', Buffer.concat([brand('M4A '), mp4Index(mp4Track('soun', 'mp4a')), noise(900)])],
	['WebM', Buffer.concat([webm(webmTracks('A_OPUS')), noise(900)])],
];

describe.each(GOOD)('%s', (_name, content) => {
	it.each<[string, () => Buffer, RegExp]>([
		[
			'read as UTF-8',
			() => Buffer.from(content.toString('utf8')),
			/^was read as text by an earlier node/,
		],
		[
			'read as Latin-1',
			() => Buffer.from(content.toString('latin1'), 'utf8'),
			/^was read as text by an earlier node/,
		],
		[
			'decoded from a data: address',
			() => Buffer.from(`data:audio/x-any;base64,${content.toString('base64')}`, 'base64'),
			/^was made from a whole data: URL/,
		],
		[
			'decoded from hexadecimal text',
			() => Buffer.from(content.toString('hex'), 'base64'),
			/^was made from hexadecimal text/,
		],
		['still encoded', () => bytes(content.toString('base64')), /^text\/plain/],
	])('%s is named for it', (_how, make, fault) => {
		expect(typeOf(make(), { name: 'a.mp3', declaredType: 'image/png' })).toMatch(fault);
	});
});

it.each(GOOD.filter(([name]) => !/MP3|AAC/.test(name)))(
	'%s behind blanks is not taken',
	(_name, content) => {
		for (const front of ['\n', ' ', '\r\n', '\xef\xbb\xbf', '"', '\n\n\n\t']) {
			expect(typeOf(Buffer.concat([bytes(front), content]))).toMatch(
				/^has (a stray byte|\d stray bytes) before an? /,
			);
		}
	},
);

it.each(['', 'ID3\x03\0\0\0\0\0\0'])('an MP3 behind a line break is taken: %j', (tag) => {
	const mp3 = mp3Frames('\xff\xfb\x90\x64', 417, 20);
	expect(typeOf(Buffer.concat([bytes(`\n${tag}`), mp3]))).toBe('audio/mpeg');
});

it.each<[string, Buffer, RegExp]>([
	[
		'an HTTP response',
		bytes('HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\n\r\nID3\x03'),
		/complete HTTP/,
	],
	['chunks of HTTP', Buffer.concat([bytes('1f40\r\nID3\x03\0\0'), noise(900)]), /chunk sizes/],
	['zlib', Buffer.concat([bytes('x\x9c'), noise(900)]), /^application\/zlib/],
])('%s is named', async (_what, content, fault) => {
	expect(await typeOf(content)).toMatch(fault);
});

it('a PNG whose line breaks were changed was read as text', () => {
	expect(typeOf(bytes('\x89PNG\n\x1a\n\0\0\0\rIHDR'))).toMatch(/^was read as text/);
});

it.each([
	['https://files.example/voices/left.mp3', /^was made from a URL/],
	['undefined', /^was made from an expression without a result/],
	['[object Object]', /^was made from an expression without a result/],
])('%j that was decoded as base64 text is named', (text, fault) => {
	expect(typeOf(Buffer.from(text, 'base64'))).toMatch(fault);
});

it.each(GOOD)('%s as it should be is not damaged', (_name, content) => {
	expect(typeOf(content) ?? 'unknown').toMatch(/^(image|audio)\/|^unknown$/);
});

it('an MP3 whose tag holds a long text is not damaged', () => {
	const lyrics = Buffer.from('Übermäßig schöne Größe '.repeat(300));
	const tag = bytes('ID3\x04\0\0\0\0\x7f\x7f');
	expect(typeOf(Buffer.concat([tag, bytes('USLT\0\0'), lyrics]))).toBe('audio/mpeg');
});

describe('bytes of no known format', () => {
	const explain = (head: Buffer, name = 'data', declaredType = '', wanted = 'audio' as const) =>
		explainUnknown(head.subarray(0, 4096), { name, declaredType }, wanted)?.message;

	it.each<[string, Buffer]>([
		['a tone of 16 bits', samples(2048)],
		['a quiet tone of 16 bits', samples(2048, 40)],
	])('are raw PCM: %s', (_name, content) => {
		for (const name of ['speech.wav', 'a.mp3', 'data']) {
			expect(explain(content, name)).toBe('is raw PCM without a header');
		}
	});

	it.each(['audio/L16;codec=pcm;rate=24000', 'audio/pcm', 'audio/basic', 'audio/x-raw'])(
		'are raw PCM when declared as %s',
		(declaredType) => {
			expect(explain(noise(99), 'a', declaredType)).toBe('is raw PCM without a header');
		},
	);

	it.each([0, 0x7f, 0x80, 0xff])('are the byte %d and no other', (byte) => {
		expect(explain(Buffer.alloc(4096, byte))).toMatch(/only the byte [0-9a-f]{2}$/);
	});

	it('are not called PCM where a picture is wanted', () => {
		const head = samples(2048);
		expect(explainUnknown(head, { name: 'a.png', declaredType: '' }, 'image')).toBeUndefined();
	});
});
