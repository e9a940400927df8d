import { describe, expect, it } from '@jest/globals';
import { bytes, detect, typeOf } from '../support/media';

const OGG_VIDEO = `OggS\0\x02${'\0'.repeat(20)}\x01\x07\x80theora`;
const BMP = 'BM\x36\x00\x0c\x00\0\0\0\0\x36\0\0\0\x28\0\0\0';

describe('a format that WaveSpeed reads', () => {
	it.each([
		['JPEG', '\xff\xd8\xff\xe0\0\x10JFIF', 'image/jpeg'],
		['JPEG with EXIF', '\xff\xd8\xff\xe1', 'image/jpeg'],
		['PNG', '\x89PNG\r\n\x1a\n', 'image/png'],
		['WebP', 'RIFF\x10\0\0\0WEBPVP8 ', 'image/webp'],
		['GIF 87', 'GIF87a', 'image/gif'],
		['GIF 89', 'GIF89a', 'image/gif'],
		['BMP', BMP, 'image/bmp'],
		['TIFF, little-endian', 'II*\0\x08\0\0\0', 'image/tiff'],
		['TIFF, big-endian', 'MM\0*\0\0\0\x08', 'image/tiff'],
		['MP3 with ID3', 'ID3\x04\0\0\0\0\0\0', 'audio/mpeg'],
		['WAV', 'RIFF\x24\0\0\0WAVEfmt ', 'audio/wav'],
		['WAV over 4 GB', 'RF64\xff\xff\xff\xffWAVEds64', 'audio/wav'],
		['OGG', 'OggS\0\x02', 'audio/ogg'],
		['Opus', `OggS\0\x02${'\0'.repeat(22)}OpusHead`, 'audio/ogg'],
		['FLAC', 'fLaC\0\0\0\x22', 'audio/flac'],
		['WebM', '\x1a\x45\xdf\xa3\x01', 'audio/webm'],
		['M4A', '\0\0\0\x20ftypM4A \0\0\0\0', 'audio/mp4'],
		['M4A with the brand of an MP4', '\0\0\0\x20ftypmp42\0\0\0\0', 'audio/mp4'],
	])('%s is known by its first bytes', (_name, head, type) => {
		for (const declaredType of ['', 'application/octet-stream', type]) {
			const { found } = detect(bytes(head), { declaredType });
			expect(found).toMatchObject({ type, family: type.split('/')[0] });
		}
	});
});

describe('a container that does not name its tracks', () => {
	it.each([
		['MP4', '\0\0\0\x20ftypisom', 'video/mp4'],
		['WebM', '\x1a\x45\xdf\xa3', 'video/webm'],
	])('%s is what it is declared as', (_name, head, declared) => {
		for (const declaredType of [declared, declared.toUpperCase()]) {
			expect(typeOf(bytes(head), { declaredType })).toBe(declared);
		}
	});

	it.each([
		['voice.m4a', '\0\0\0\x20ftypmp42', 'video/mp4', 'audio/mp4'],
		['voice.M4A', '\0\0\0\x20ftypiso5', 'video/mp4', 'audio/mp4'],
		['voice.weba', '\x1a\x45\xdf\xa3', 'video/webm', 'audio/webm'],
		['voice.mp4', '\0\0\0\x20ftypmp42', 'audio/mp4', 'audio/mp4'],
		['clip.mp4', '\0\0\0\x20ftypM4A ', 'video/mp4', 'audio/mp4'],
		['clip.m4a', '\0\0\0\x14ftypqt  ', 'audio/mp4', 'video/quicktime'],
	])('%s (%j) is what name and brand say', (name, head, declaredType, type) => {
		expect(typeOf(bytes(head), { name, declaredType })).toBe(type);
	});
});

describe('what else people put into these fields', () => {
	it.each([
		['a web page', '<!DOCTYPE html><html>', 'text', 'text/html'],
		['a web page after blanks', '\n\n  <html lang="en">', 'text', 'text/html'],
		['a web page after a BOM', '\xef\xbb\xbf<!doctype HTML>', 'text', 'text/html'],
		['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text', 'image/svg+xml'],
		['an SVG with a prolog', '<?xml version="1.0"?>\n<svg/>', 'text', 'image/svg+xml'],
		['an XML error', '<?xml version="1.0"?><Error/>', 'text', 'text/xml'],
		['a JSON object', '{"error":"not found"}', 'text', 'application/json'],
		['an XHTML page', '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x">', 'text', 'text/html'],
		['a page that begins with a comment', '<!-- a --><!-- b -->\n<HTML>', 'text', 'text/html'],
		['a page whose comment does not end', '<!-- Copyright by somebody', 'text', 'text/html'],
		['a page that begins with its title', '<title>Sign in</title>', 'text', 'text/html'],
		['an SVG after a comment', '<?xml version="1.0"?><!-- x --><svg>', 'text', 'image/svg+xml'],
		['a feed', '<?xml version="1.0"?><rss><channel>', 'text', 'text/xml'],
		['plain text', 'Hello, this is a voice.\r\n\tBye.', 'text', 'text/plain'],
		['text with accents', 'h\xc3\xa9llo', 'text', 'text/plain'],
		['a base64 text', 'UklGRiQAAABXQVZF', 'text', 'text/plain'],
		['a text that begins with BM', 'BMW is a maker of cars, not a picture', 'text', 'text/plain'],
		['a PDF', '%PDF-1.7\n', 'other', 'application/pdf'],
		['a ZIP', 'PK\x03\x04\x14\0', 'other', 'application/zip'],
		['a gzip', '\x1f\x8b\x08', 'other', 'application/gzip'],
		['an AVI', 'RIFF\x10\0\0\0AVI LIST', 'video', 'video/x-msvideo'],
		['a QuickTime video', '\0\0\0\x14ftypqt  ', 'video', 'video/quicktime'],
		['a HEIC', '\0\0\0\x18ftypheic', 'image', 'image/heic'],
		['an AVIF', '\0\0\0\x18ftypavif', 'image', 'image/avif'],
		['an AIFF', 'FORM\0\0\0\x10AIFF', 'audio', 'audio/aiff'],
		['an AMR', '#!AMR\n', 'audio', 'audio/amr'],
		['a JPEG 2000', '\0\0\0\x0cjP  \r\n\x87\n', 'image', 'image/jp2'],
		['a JPEG XL', '\xff\x0a\xff\x07\x08', 'image', 'image/jxl'],
		['a JPEG XL in its container', '\0\0\0\x0cJXL \r\n\x87\n', 'image', 'image/jxl'],
		['an AVIF sequence', '\0\0\0\x18ftypavis', 'image', 'image/avif'],
		['an AVIF by its second brand', '\0\0\0\x18ftypmif1\0\0\0\0avifmif1', 'image', 'image/avif'],
		['a HEIC by its second brand', '\0\0\0\x18ftypmif1\0\0\0\0mif1heic', 'image', 'image/heic'],
		['a HEIC burst', '\0\0\0\x18ftyphevc\0\0\0\0msf1hevc', 'image', 'image/heic'],
		['a HEIF burst', '\0\0\0\x18ftypmsf1\0\0\0\0msf1', 'image', 'image/heif'],
		['a HEIC of ten bits', '\0\0\0\x18ftypheix', 'image', 'image/heic'],
		['a raw picture of Canon', '\0\0\0\x18ftypcrx ', 'image', 'image/x-raw'],
		['a PSD', '8BPS\0\x01', 'image', 'image/vnd.adobe.photoshop'],
		['a QOI', 'qoif\0\0\0\x01', 'image', 'image/qoi'],
		['a WMA', '\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6', 'video', 'video/x-ms-asf'],
		['a CAF', 'caff\0\x01\0\0', 'audio', 'audio/x-caf'],
		['an AC-3', '\x0b\x77\x12\x34', 'audio', 'audio/ac3'],
		['a MIDI', 'MThd\0\0\0\x06', 'audio', 'audio/midi'],
		['a voice message of WeChat', '\x02#!SILK_V3\x1a', 'audio', 'audio/x-silk'],
		['a Flash video', 'FLV\x01\x05', 'video', 'video/x-flv'],
		['an Ogg video', OGG_VIDEO, 'video', 'video/ogg'],
		['a piece of a stream', '\0\0\0\x18stypmsdh', 'video', 'video/iso.segment'],
		['an RTF', '{\\rtf1\\ansi', 'other', 'application/rtf'],
		['a 7z', "7z\xbc\xaf'\x1c", 'other', 'application/x-7z-compressed'],
		['an encrypted file', 'Salted__\x01\x02', 'other', 'application/x-openssl'],
	])('%s is told apart', (_name, head, family, type) => {
		const { found } = detect(bytes(head), { declaredType: 'audio/mpeg' });
		expect(found).toMatchObject({ family, type });
	});

	it.each([
		['little-endian', Buffer.from('\ufeffHello, this is no voice.', 'utf16le')],
		['big-endian', Buffer.from('\ufeffHello, this is no voice.', 'utf16le').swap16()],
	])('a text in UTF-16, %s, is not taken for sound', (_order, head) => {
		expect(typeOf(head, { declaredType: 'audio/mpeg' })).toBe('text/plain');
	});

	it('a web page in UTF-16 is a web page', () => {
		const head = Buffer.from('\ufeff<!DOCTYPE html>', 'utf16le');
		expect(typeOf(head)).toBe('text/html');
	});

	it.each(['\0\x01\x02\x03random', '\xff\0', 'RIFF\x10\0\0\0sfbkLIST', '\x89', 'ID3 is a tag\0'])(
		'%j is not guessed, whatever it is called',
		(head) => {
			for (const name of ['a.wav', 'a.ogg', 'a.mp3', 'a.jpg']) {
				expect(typeOf(bytes(head), { name, declaredType: 'audio/ogg' })).toBeUndefined();
			}
		},
	);

	it('of a web page the title is told, which often says "Sign in"', () => {
		const page = '<html><head><title lang="en">\n Sign\n in </title></head>';
		const { found } = detect(bytes(page));
		expect(found).toMatchObject({ advice: expect.stringContaining('Its title: "Sign in".') });
	});

	it.each([
		['base64 text', 'iVBORw0KGgoAAAANSUhEUgAAAUAAAADI', 'Convert to File'],
		['base64 text', `"${'QUJD'.repeat(20)}"`, 'Convert to File'],
		['base64 text', `${'QUJD'.repeat(19)}\r\n${'QUJD'.repeat(19)}`, 'Convert to File'],
		['hexadecimal text', '494433'.repeat(20), 'Code node'],
		['a data: URL as text', 'data:audio/mpeg;base64,SUQz', 'only the part after'],
		['plain text', 'Quota exceeded for this voice', 'It starts with "Quota exceeded'],
		['JSON text', '{"error":"quota"}', 'It starts with "{"error":"quota"}".'],
		[
			'XML text',
			'<?xml version="1.0"?><Error><Code>Expired',
			'It starts with "<Error><Code>Expired".',
		],
	])('%s comes with what to do', (label, text, hint) => {
		const { found } = detect(bytes(text));
		expect(found).toMatchObject({ label, advice: expect.stringContaining(hint) });
	});
});
