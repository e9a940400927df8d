import { describe, expect, test } from '@jest/globals';
import { sniff } from '../../../nodes/WaveSpeedInfiniteTalk/job/sniff';

function bytes(latin1: string): Buffer {
	return Buffer.from(latin1, 'latin1');
}

const BMP = 'BM\x36\x00\x0c\x00\0\0\0\0\x36\0\0\0\x28\0\0\0';

describe('a format that WaveSpeed reads', () => {
	test.each([
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
		['MP3, MPEG 1 layer III', '\xff\xfb\x90\x64', 'audio/mpeg'],
		['MP3, MPEG 2 layer III', '\xff\xf3\x84\xc4', 'audio/mpeg'],
		['MP3, MPEG 2.5 layer III', '\xff\xe3\x18\xc4', 'audio/mpeg'],
		['MP3 with checksum', '\xff\xfa\x90\x64', 'audio/mpeg'],
		['WAV', 'RIFF\x24\0\0\0WAVEfmt ', 'audio/wav'],
		['WAV over 4 GB', 'RF64\xff\xff\xff\xffWAVEds64', 'audio/wav'],
		['OGG', 'OggS\0\x02', 'audio/ogg'],
		['Opus', `OggS\0\x02${'\0'.repeat(22)}OpusHead`, 'audio/ogg'],
		['AAC', '\xff\xf1\x50\x80', 'audio/aac'],
		['AAC, MPEG 2', '\xff\xf9\x50\x80', 'audio/aac'],
		['FLAC', 'fLaC\0\0\0\x22', 'audio/flac'],
		['WebM', '\x1a\x45\xdf\xa3\x01', 'audio/webm'],
		['M4A', '\0\0\0\x20ftypM4A \0\0\0\0', 'audio/mp4'],
		['M4A with the brand of an MP4', '\0\0\0\x20ftypmp42\0\0\0\0', 'audio/mp4'],
	])('%s is known by its first bytes', (_name, head, type) => {
		for (const declared of ['', 'application/octet-stream', type]) {
			expect(sniff(bytes(head), declared)).toMatchObject({ type, family: type.split('/')[0] });
		}
	});
});

describe('a container of sound or video', () => {
	test.each([
		['MP4', '\0\0\0\x20ftypisom', 'video/mp4'],
		['WebM', '\x1a\x45\xdf\xa3', 'video/webm'],
	])('%s is a video when it is declared as one', (_name, head, declared) => {
		expect(sniff(bytes(head), declared)).toMatchObject({ family: 'video', type: declared });
		expect(sniff(bytes(head), declared.toUpperCase())).toMatchObject({ family: 'video' });
	});
});

test.each([
	['A_OPUS', 'audio'],
	['A_VORBIS', 'audio'],
	['V_VP9 A_OPUS', 'video'],
	['V_VP8', 'video'],
])('of a WebM file that n8n calls a video the tracks tell: %s', (tracks, family) => {
	expect(sniff(bytes(`\x1a\x45\xdf\xa3\x01webm ${tracks}`), 'video/webm')).toMatchObject({
		family,
	});
});

describe('what else people put into these fields', () => {
	test.each([
		['a web page', '<!DOCTYPE html><html>', 'text', 'text/html'],
		['a web page after blanks', '\n\n  <html lang="en">', 'text', 'text/html'],
		['a web page after a BOM', '\xef\xbb\xbf<!doctype HTML>', 'text', 'text/html'],
		['a part of a web page', '<body>Please log in</body>', 'text', 'text/html'],
		['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'text', 'image/svg+xml'],
		['an SVG with a prolog', '<?xml version="1.0"?>\n<svg/>', 'text', 'image/svg+xml'],
		['an XML error', '<?xml version="1.0"?><Error/>', 'text', 'text/xml'],
		['a JSON object', '{"error":"not found"}', 'text', 'application/json'],
		['a JSON list', ' [1]', 'text', 'application/json'],
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
	])('%s is told apart', (_name, head, family, type) => {
		expect(sniff(bytes(head), 'audio/mpeg')).toMatchObject({ family, type });
	});

	test.each([
		['little-endian', Buffer.from('\ufeffHello, this is no voice.', 'utf16le')],
		['big-endian', Buffer.from('\ufeffHello, this is no voice.', 'utf16le').swap16()],
	])('a text in UTF-16, %s, is not taken for sound', (_order, head) => {
		expect(sniff(head, 'audio/mpeg')).toMatchObject({ family: 'text', type: 'text/plain' });
	});

	test('a web page in UTF-16 is a web page', () => {
		const head = Buffer.from('\ufeff<!DOCTYPE html>', 'utf16le');
		expect(sniff(head, 'audio/mpeg')).toMatchObject({ type: 'text/html' });
	});

	test('bytes of no known format are not guessed', () => {
		expect(sniff(bytes('\x00\x01\x02\x03random'), 'audio/mpeg')).toBeUndefined();
		expect(sniff(bytes('\xff\x00'), 'audio/mpeg')).toBeUndefined();
	});

	test('a RIFF that holds neither sound, picture nor video is not guessed', () => {
		expect(sniff(bytes('RIFF\x10\0\0\0sfbkLIST'), '')).toBeUndefined();
	});
});
