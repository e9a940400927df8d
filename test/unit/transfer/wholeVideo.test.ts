/** Whether a download is a whole video, by its bytes. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
	requireWholeVideo,
	VideoCheck,
} from '../../../nodes/WaveSpeedInfiniteTalk/transfer/wholeVideo';
import { box, element, join, text } from '../probe/support/build';
import { readAll } from '../support/http';

const REAL = readFileSync(path.join(__dirname, '../../emulator/assets/stub.mp4'));
const EBML = element('1a45dfa3', text('webm'));
const WEBM = join(EBML, element('18538067', element('1f43b675', Buffer.alloc(5000, 'x'))));
const FIRST = element('a3', Buffer.alloc(5000, 'y'));
const LAST = element('a3', Buffer.alloc(99, 'z'));
/** As recorders write it who do not know how long it gets. */
const LIVE_WEBM = join(
	EBML,
	element('18538067', text(''), -1),
	element('1549a966', text('info')),
	element('1f43b675', text(''), -1),
	FIRST,
	LAST,
);
const INDEX = box('moov', 'index');
const LONG_DATA = join('\0\0\0\x01mdat\0\0\0\0\0\0\0\x1a', '0123456789');
const LARGE = join(box('ftyp', 'isom'), INDEX, LONG_DATA);

function refusalOf(content: Buffer, pieceBytes = 65_536): string | undefined {
	const check = new VideoCheck();
	for (let at = 0; at < content.length; at += pieceBytes) {
		const piece = Buffer.from(content.subarray(at, at + pieceBytes));
		check.push(piece);
		// Whoever gave the piece may use its memory again.
		piece.fill(0);
	}
	return check.end();
}

describe.each<[string, Buffer]>([
	['an MP4', REAL],
	['an MP4 with a 64-bit size', LARGE],
	['a WebM', WEBM],
	['a WebM of unknown length', LIVE_WEBM],
])('%s', (_what, content) => {
	it.each([1, 7, 4096, 1_000_000])('is whole in pieces of %d bytes', (pieceBytes) => {
		expect(refusalOf(content, pieceBytes)).toBeUndefined();
	});

	it('is not whole when it is cut off, wherever that is', () => {
		const cuts = Array.from({ length: 200 }, (_none, index) =>
			Math.floor(4 + ((content.length - 5) * index) / 200),
		);
		// A recording of unknown length may end after any of its parts.
		const ends = [content.length - LAST.length, content.length - LAST.length - FIRST.length];
		const parts = content === LIVE_WEBM ? ends : [];
		for (const cut of [...cuts, content.length - 1].filter((each) => !parts.includes(each))) {
			expect(refusalOf(content.subarray(0, cut))).toMatch(
				/^only part of it arrived|^the server sent .* instead$/,
			);
		}
	});
});

const PART = 'only part of it arrived';

it.each<[string, string | undefined, Array<Buffer | string>]>([
	['an MP4 whose data goes to the end', undefined, [INDEX, '\0\0\0\0mdat', 'whatever']],
	['an MP4 with zeros behind it', undefined, [REAL, Buffer.alloc(1000)]],
	['an MP4 with bytes behind it that are no box', undefined, [REAL, Buffer.alloc(64, 0xfe)]],
	['a file of another kind', undefined, ['RIFF\x10\0\0\0AVI LIST\0\xff']],
	['an MP4 that ends with its index', `${PART} (25 bytes)`, [box('ftyp', 'isom'), INDEX]],
	['an MP4 without index', `${PART} (24 bytes)`, [box('ftyp', 'isom'), box('mdat', 'data')]],
	['a live WebM without a picture', `${PART} (44 bytes)`, [LIVE_WEBM.subarray(0, 44)]],
	['nothing', 'the file is empty', []],
	['a page', 'the server sent a web page (HTML) instead', ['<html>Denied</html>']],
	['a text', 'the server sent plain text instead', ['Access denied']],
])('of %s is said: %s', (_what, problem, parts) => {
	expect(refusalOf(join(...parts))).toBe(problem);
});

it('a stream gives every byte of a whole video, and fails at the end of a part', async () => {
	const [first, second] = [REAL.subarray(0, 999), REAL.subarray(999, 2000)];
	const whole = Readable.from([first, second, REAL.subarray(2000)]);
	// Piped and read by events, as n8n may; downloadVideo.test.ts iterates.
	const sink = new PassThrough();
	const [read] = await Promise.all([readAll(sink), pipeline(requireWholeVideo(whole), sink)]);
	expect(read).toEqual(REAL);
	const part = requireWholeVideo(Readable.from([first, second]));
	const message = 'only part of it arrived (2000 bytes)';
	await expect(pipeline(part, new PassThrough())).rejects.toMatchObject({
		kind: 'server',
		message,
	});
	expect(part.destroyed).toBe(true);
});
