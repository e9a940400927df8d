/** Whether a download is a whole video, by its bytes. */
import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import {
	requireWholeVideo,
	VideoCheck,
} from '../../../nodes/WaveSpeedInfiniteTalk/transfer/wholeVideo';
import { readAll } from '../support/http';
import { box } from '../support/media';

const REAL = readFileSync(join(__dirname, '../../emulator/assets/stub.mp4'));

function element(id: string, content: Buffer | string, size?: string): Buffer {
	const bytes = Buffer.from(content as string, 'latin1');
	const length = size ?? `10${bytes.length.toString(16).padStart(6, '0')}`;
	return Buffer.concat([Buffer.from(id + length, 'hex'), bytes]);
}

const EBML = element('1a45dfa3', 'webm');
const CLUSTER = element('1f43b675', 'x'.repeat(5000));
const WEBM = Buffer.concat([EBML, element('18538067', CLUSTER)]);
/** As recorders write it who do not know how long it gets. */
const LIVE_WEBM = Buffer.concat([
	EBML,
	element('18538067', '', '01ffffffffffffff'),
	element('1549a966', 'info'),
	element('1f43b675', '', 'ff'),
	element('a3', 'y'.repeat(5000)),
	element('a3', 'z'.repeat(99)),
]);
const LARGE = Buffer.concat([
	box('ftyp', 'isom'),
	box('moov', 'index'),
	Buffer.from('000000016d646174000000000000001a', 'hex'),
	Buffer.from('0123456789'),
]);
const TO_THE_END = Buffer.concat([
	box('moov', 'index'),
	Buffer.from('000000006d646174', 'hex'),
	Buffer.from('whatever comes'),
]);

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
		const parts = content === LIVE_WEBM ? [LIVE_WEBM.length - 104, LIVE_WEBM.length - 5109] : [];
		for (const cut of [...cuts, content.length - 1].filter((each) => !parts.includes(each))) {
			expect(refusalOf(content.subarray(0, cut))).toMatch(
				/^only part of it arrived|^the server sent .* instead$/,
			);
		}
	});
});

it.each<[string, Buffer]>([
	['whose data goes to the end', TO_THE_END],
	['with zeros behind it', Buffer.concat([REAL, Buffer.alloc(1000)])],
	['with bytes behind it that are no box', Buffer.concat([REAL, Buffer.alloc(64, 0xfe)])],
])('an MP4 %s is whole', (_what, content) => {
	expect(refusalOf(content)).toBeUndefined();
});

it.each<[string, Buffer]>([
	['an MP4 that ends with its index', Buffer.concat([box('ftyp', 'isom'), box('moov', 'index')])],
	['an MP4 without an index', Buffer.concat([box('ftyp', 'isom'), box('mdat', 'data')])],
	['a WebM of unknown length without a part', LIVE_WEBM.subarray(0, 36)],
])('%s is not whole', (_what, content) => {
	expect(refusalOf(content)).toBe(`only part of it arrived (${content.length} bytes)`);
});

it.each([
	['', 'the file is empty'],
	['<html>Access denied by policy</html>', 'the server sent a web page (HTML) instead'],
	['Access denied', 'the server sent plain text instead'],
])('%j is no video', (content, problem) => {
	expect(refusalOf(Buffer.from(content))).toBe(problem);
});

it('bytes of another kind are left to whoever asked for them', () => {
	expect(refusalOf(Buffer.from('RIFF\x10\0\0\0AVI LIST\0\xff', 'latin1'))).toBeUndefined();
});

const readers: Array<[string, (stream: Readable) => Promise<Buffer>]> = [
	[
		'piped',
		async (stream) => {
			const sink = new PassThrough();
			return (await Promise.all([readAll(sink), pipeline(stream, sink)]))[0];
		},
	],
	['iterated', readAll],
	[
		'read by events',
		async (stream) => {
			const pieces: Buffer[] = [];
			stream.on('data', (piece: Buffer) => pieces.push(piece));
			await finished(stream);
			return Buffer.concat(pieces);
		},
	],
];

it.each(readers)(
	'a stream, %s, gives every byte of a whole video, and fails at the end of a part',
	async (_how, read) => {
		const [first, second, rest] = [
			REAL.subarray(0, 999),
			REAL.subarray(999, 2000),
			REAL.subarray(2000),
		];
		expect(await read(requireWholeVideo(Readable.from([first, second, rest])))).toEqual(REAL);
		const part = requireWholeVideo(Readable.from([first, second]));
		const message = 'only part of it arrived (2000 bytes)';
		await expect(read(part)).rejects.toMatchObject({ kind: 'server', message });
		expect(part.destroyed).toBe(true);
	},
);
