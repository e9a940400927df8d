/** Any texts: never an error, and sentences that fit a message. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { detectFieldText } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fieldText';
import { uploadName } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/fileName';
import { decodeInline } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/inlineContent';
import { checkPublicUrl } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/publicUrl';
import { detectText } from '../../../nodes/WaveSpeedInfiniteTalk/probe/text';
import { isPrivateHost } from '../../../nodes/WaveSpeedInfiniteTalk/shared/privateHost';
import { anyValue, forAll, jsonText, text } from '../support/arbitraries';
/** Longest sentence that is made of what was found. */
const LONGEST = 600;

function expectShort(...sentences: Array<string | undefined>): void {
	for (const sentence of sentences) expect((sentence ?? '').length).toBeLessThan(LONGEST);
}

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
