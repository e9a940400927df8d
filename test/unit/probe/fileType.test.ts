/** What a file is, by its first bytes. */
import { describe, expect, it } from '@jest/globals';
import { text } from './support/build';
import { expectTold, probe, tell } from './support/measure';

it.each([
	['GIF87a', 'image/gif'],
	['MM\0*\0\0\0\x08', 'image/tiff'],
	['RF64\xff\xff\xff\xffWAVEds64', 'audio/wav'],
	['OggS\0\x02', 'audio/ogg'],
	['\x1a\x45\xdf\xa3\x01', 'audio/webm'],
	['\0\0\0\x20ftypmp42\0\0\0\0', 'audio/mp4'],
])('%j is of a format that WaveSpeed reads: %s', (head, type) => {
	for (const declaredType of ['', 'application/octet-stream', type]) {
		const { kind } = probe(text(head), 999, { declaredType });
		expect(kind).toMatchObject({ type, family: type.split('/')[0] });
	}
});

it.each([
	['\0\0\0\x18ftypheic', 'a HEIC picture'],
	['\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'a HEIC picture'],
	['\0\0\0\x18ftyphevc\0\0\0\0msf1hevc', 'a HEIC picture'],
	['\0\0\0\x18ftypmsf1\0\0\0\0msf1', 'a HEIF picture'],
	['\0\0\0\x18ftypavis', 'an AVIF picture'],
	['\0\0\0\x18ftypmif1\0\0\0\0avifmif1', 'an AVIF picture'],
	['\0\0\0\x18ftypcrx ', 'a camera raw picture'],
	['\xff\x0a\xff\x07\x08', 'a JPEG XL picture'],
	['RIFF\x10\0\0\0AVI LIST', 'an AVI video'],
	['\x02#!SILK_V3\x1a', 'a SILK voice message'],
	['\0\0\0\x18stypmsdh', 'a piece of an MP4 stream'],
	['%PDF-1.7\n', 'a PDF document'],
	['x\x9c\0\x01', 'compressed (zlib)'],
	['<!DOCTYPE html><html>', 'a web page (HTML)'],
	['\n\n  <html lang="en">', 'a web page (HTML)'],
	['\xef\xbb\xbf<!doctype HTML>', 'a web page (HTML)'],
	['<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', 'a web page (HTML)'],
	['<!-- a --><!-- b -->\n<HTML>', 'a web page (HTML)'],
	['<!-- Copyright by somebody', 'a web page (HTML)'],
	['<svg xmlns="http://www.w3.org/2000/svg"/>', 'an SVG drawing'],
	['<?xml version="1.0"?><!-- x --><svg>', 'an SVG drawing'],
	['<?xml version="1.0"?><Error/>', 'XML text'],
	['<?xml version="1.0"?><rss><channel>', 'XML text'],
	['{"error":"not found"}', 'JSON text'],
	['#EXTM3U\n#EXT-X-VERSION:3', 'a playlist'],
	['Hello, this is a voice.\r\n\tBye.', 'plain text'],
	['h\xc3\xa9llo', 'plain text'],
	['BMW is a maker of cars, not a picture', 'plain text'],
])('%j is told apart, whatever is declared: %s', (head, label) => {
	expectTold(text(head), label, { declaredType: 'audio/mpeg' });
});

it.each([
	['Hello, this is no voice.', 'plain text'],
	['<!DOCTYPE html>', 'a web page (HTML)'],
])('a text in UTF-16 is no sound: %s', (content, label) => {
	const utf16 = Buffer.from(`\ufeff${content}`, 'utf16le');
	expect(tell(utf16)).toBe(label);
	expect(tell(utf16.swap16())).toBe(label);
});

it.each(['\0\x01\x02\x03random', '\xff\0', 'RIFF\x10\0\0\0sfbkLIST', '\x89', 'ID3 is a tag\0'])(
	'%j is not guessed, whatever it is called',
	(head) => {
		for (const name of ['a.wav', 'a.ogg', 'a.mp3', 'a.jpg']) {
			expectTold(text(head), 'unknown', { name, declaredType: 'audio/ogg' });
		}
	},
);

describe('what to do about a text', () => {
	it.each([
		['base64 text', 'iVBORw0KGgoAAAANSUhEUgAAAUAAAADI', 'Convert to File'],
		['base64 text', `"${'QUJD'.repeat(20)}"`, 'Convert to File'],
		['base64 text', `${'QUJD'.repeat(19)}\r\n${'QUJD'.repeat(19)}`, 'Convert to File'],
		['hexadecimal text', '494433'.repeat(20), 'Code node'],
		['a data: URL as text', 'data:audio/mpeg;base64,SUQz', 'only the part after'],
		['plain text', 'Quota exceeded for this voice', 'It starts with "Quota exceeded'],
		['JSON text', '{"error":"quota"}', 'It starts with "{"error":"quota"}".'],
		['XML text', '<?xml version="1.0"?><Error>Expired', 'It starts with "<Error>Expired".'],
		[
			'a web page (HTML)',
			'<html><title lang="en">\n Sign\n in </title>',
			'returns the login page instead of the file: check the node that fetched it. Its title: "Sign in".',
		],
	])('%s', (label, content, advice) => {
		expect(probe(text(content)).kind).toMatchObject({
			label,
			advice: expect.stringContaining(advice),
		});
	});
});
