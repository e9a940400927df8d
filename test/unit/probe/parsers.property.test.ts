/** Any texts and bytes: never an error, sentences that fit a message, the same answer in any pieces. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectFieldText } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fieldText';
import { uploadName } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fileName';
import { decodeInline } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/inlineContent';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';
import { detectText } from '../../../nodes/WaveSpeedInfiniteTalk/probe/text';
import { isPrivateHost } from '../../../nodes/WaveSpeedInfiniteTalk/shared/privateHost';
import { anyValue, forAll, jsonText, text } from '../support/arbitraries';
import {
	aacFrames,
	brand,
	box,
	bytes,
	detect,
	mp3Frames,
	mp4Index,
	mp4Track,
	noise,
	webm,
	webmTracks,
} from '../support/media';

/** Longest sentence that is made of what was found. */
const LONGEST = 600;

const MP4 = Buffer.concat([
	brand('isom', 'mp42'),
	box('mdat', noise(5_000)),
	mp4Index(mp4Track('vide', 'avc1'), mp4Track('soun', 'mp4a')),
]);
const WEBM = webm(webmTracks('V_VP8', 'A_OPUS'));
const FILES = [
	MP4,
	WEBM,
	mp3Frames('\xff\xfb\x90\0', 417, 5),
	aacFrames(5),
	bytes('ID3\x03\0\0\0\0\x01\x7f'),
	bytes('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0'),
	bytes('\x89PNG\r\n\x1a\n\0\0\0\rIHDR'),
	bytes('OggS\0\x02\0\0\0\0'),
	bytes('<!doctype html><title>Log in</title>'),
	bytes('\xff\xfe<\0h\0t\0m\0l\0>\0'),
];

/** A file with some of its bytes changed and its end cut off, or behind other bytes. */
const files = fc
	.tuple(
		fc.uint8Array({ maxLength: 8 }),
		fc.constantFrom(...FILES),
		fc.array(fc.tuple(fc.nat(6_000), fc.nat(255)), { maxLength: 8 }),
		fc.oneof(fc.constant(9_999), fc.nat(6_000)),
		fc.uint8Array({ maxLength: 300 }),
	)
	.map(([front, file, changes, cut, behind]) => {
		const broken = Buffer.from(file.subarray(0, cut));
		for (const [at, value] of changes) if (at < broken.length) broken[at] = value;
		return Buffer.concat(
			[front.length > 6 ? front : [], broken, behind].map((p) => Buffer.from(p)),
		);
	});

function expectShort(...sentences: Array<string | undefined>): void {
	for (const sentence of sentences) expect((sentence ?? '').length).toBeLessThan(LONGEST);
}

describe('any bytes', () => {
	it('are a type, damaged, or neither', () => {
		fc.assert(
			fc.property(files, text(), (content, name) => {
				const { found } = detect(content, { name });
				if (!found) return;
				if ('message' in found) expectShort(found.message, found.advice);
				else expectShort(found.type, found.label, found.advice);
			}),
			{ numRuns: 300 },
		);
	});
});

describe('any text', () => {
	it('is told in short, as bytes and in a field', () => {
		forAll(fc.oneof(text(), jsonText()), (content) => {
			const [asFile, inField] = [detectText(Buffer.from(content)), detectFieldText(content)];
			expectShort(asFile?.label, asFile?.advice, inField?.label, inField?.advice);
		});
	});

	it('is a public address, or refused in short', () => {
		const part = fc.oneof(
			text(),
			fc.constantFrom(...'https:// http:// a.example 127.1 [::1] @ : / # ?'.split(' ')),
			fc.constantFrom('localhost', '.', '%', '%2', '\\', 'drive.google.com/file/d/1', '\u200b'),
			fc.constantFrom('ü'.repeat(1_500), 'a'.repeat(8_150)),
			fc.webUrl(),
		);
		const addresses = fc.oneof(
			fc.array(part, { maxLength: 6 }).map((all) => all.join('')),
			fc.array(part, { maxLength: 3 }).map((all) => `https://a.example/${all.join('')}`),
			fc.webUrl({ withQueryParameters: true, withFragments: true }),
		);
		fc.assert(
			fc.property(addresses, (address) => {
				const checked = checkPublicUrl(address, 'Image');
				if (!('url' in checked)) return expectShort(checked.message, checked.advice);
				const url = new URL(checked.url);
				expect(url.protocol).toMatch(/^https?:$/);
				expect([url.username, url.password]).toEqual(['', '']);
				expect(isPrivateHost(url.hostname)).toBe(false);
				expect(checked.url).toBe(url.href);
				expect(checked.url.length).toBeLessThanOrEqual(8192);
			}),
			{ numRuns: 1_000 },
		);
	});

	it('becomes the name of a file, in any folder and header', () => {
		const types = fc.constantFrom('image/png', 'audio/mpeg', 'audio/mp4', 'text/plain');
		forAll(fc.tuple(text(), types), ([name, type]) => {
			const sent = uploadName(name, type, 'voice');
			expect(sent).toMatch(/^[^\p{Cc}/\\:"<>|?*.][^\p{Cc}/\\:"<>|?*]*$/u);
			expect([...sent].length).toBeLessThanOrEqual(106);
		});
	});

	it('and any value is the content of a file, or told in short', () => {
		forAll(anyValue(), (data) => {
			const found = decodeInline(data);
			if ('message' in found) expectShort(found.message, found.advice);
		});
	});
});
