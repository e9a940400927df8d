/** Pictures of every format: whole, cut off, without pixels, turned, and made to waste time. */
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ByteQueue } from '../../../nodes/WaveSpeedInfiniteTalk/probe/byteQueue';
import { inputFixture } from '../support/media';
import { chunk, join, text, u16, u32, u32be } from './support/build';
import { ffmpeg } from './support/ffmpeg';
import { probe as probeFile } from './support/measure';

function probe(content: Buffer, chunkBytes?: number) {
	return probeFile(content, chunkBytes, { wanted: 'image' });
}

/** What keeps a picture from being used. */
function jobErrorOf(content: Buffer): string | undefined {
	const { kind, problem, message = 'no picture' } = probe(content);
	return kind ? problem?.message : message;
}

function hintOf(content: Buffer): string | undefined {
	return probe(content).notes?.[0];
}

/** File names, with ffmpeg's options for the only or the first picture. */
const MADE = {
	'a.jpg': '',
	'gray.jpg': '-pix_fmt gray',
	'small.jpg': '-vf scale=16:16',
	'a.png': '',
	'deep.png': '-pix_fmt rgb48be',
	'palette.png': '-pix_fmt pal8',
	'alpha.png': '-pix_fmt rgba',
	'a.webp': '',
	'lossless.webp': '-lossless 1',
	'alpha.webp': '-pix_fmt yuva420p',
	'a.gif': '',
	'a.bmp': '',
	'palette.bmp': '-pix_fmt pal8',
	'half.bmp': '-pix_fmt rgb565le',
	'raw.tiff': '-compression_algo raw',
	'lzw.tiff': '-compression_algo lzw',
	'deep.tiff': '-pix_fmt rgb48le',
} as const;
const ANIMATED = {
	'animated.gif': '-t 1',
	'animated.webp': '-t 1 -c:v libwebp_anim',
	'animated.png': '-t 1 -f apng',
} as const;
const names = [...Object.keys(MADE), ...Object.keys(ANIMATED)];

let folder = '';
const made = (name: string) => readFileSync(path.join(folder, name));

beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'pictures-'));
	const outputs = Object.entries({ ...MADE, ...ANIMATED }).flatMap(([name, options]) => [
		...(name in MADE ? ['-frames:v', '1'] : []),
		...options.split(' ').filter(Boolean),
		name,
	]);
	await ffmpeg(folder, ['-f', 'lavfi', '-i', 'testsrc=size=160x120:rate=5:duration=1', ...outputs]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(names)('%s', (name) => {
	const type = `image/${path.extname(name).slice(1).replace('jpg', 'jpeg')}`;

	it('is taken, in pieces of any size', () => {
		for (const size of [1, 7, 4096, 1_000_000]) {
			expect(probe(made(name), size)).toEqual({ kind: expect.objectContaining({ type }) });
		}
	});

	it.each([
		['zeros', () => Buffer.alloc(3000)],
		['a comment', () => text('<!-- made by somebody -->')],
		['a second picture', () => made(name)],
	])('is taken with %s behind its end', (_what, behind) => {
		expect(jobErrorOf(join(made(name), behind()))).toBeUndefined();
	});

	// Of an animation in GIF, the first picture is enough.
	it.each(name === 'animated.gif' ? [0.1] : [0.1, 0.5, 0.9])(
		'is refused when it is cut off after %f of it',
		(part) => {
			const whole = made(name);
			expect(jobErrorOf(whole.subarray(0, whole.length * part))).toMatch(/^is cut off/);
		},
	);
});

/** EXIF with an orientation only. */
function exif(orientation: number, isBigEndian = false): Buffer {
	return tiff([[274, 3, 1, orientation]], isBigEndian);
}

type Tag = [tag: number, type: number, count: number, value: number];

/** A directory of tags whose values fit into it, and bytes behind it. */
function tiff(tags: Tag[], isBigEndian = false, behind: Buffer = Buffer.alloc(0)): Buffer {
	const order = (bytes: Buffer) => (isBigEndian ? Buffer.from(bytes).reverse() : bytes);
	const [short, long] = [(n: number) => order(u16(n)), (n: number) => order(u32(n))];
	const entries = tags.map(([tag, type, count, value]) =>
		join(
			short(tag),
			short(type),
			long(count),
			type === 3 ? join(short(value), u16(0)) : long(value),
		),
	);
	const start = isBigEndian ? 'MM\0*' : 'II*\0';
	return join(start, long(8), short(tags.length), ...entries, long(0), behind);
}

const SIZE: Tag[] = [
	[256, 4, 1, 160],
	[257, 4, 1, 120],
];
const STRIP: Tag[] = [
	[273, 4, 1, 200],
	[279, 4, 1, 1000],
];
const PIXELS = Buffer.alloc(1200, 7);

const pngChunk = (type: string, content: Buffer) =>
	join(u32be(content.length), type, content, u32be(0));
const IHDR_BYTES = 33;

const turned: Array<[string, (exif: Buffer) => Buffer]> = [
	[
		'JPEG',
		(block) => {
			const segment = join('Exif\0\0', block);
			const size = Buffer.from(u16(segment.length + 2)).reverse();
			return join('\xff\xd8\xff\xe1', size, segment, made('a.jpg').subarray(2));
		},
	],
	[
		'PNG',
		(block) => {
			const whole = made('a.png');
			return join(
				whole.subarray(0, IHDR_BYTES),
				pngChunk('eXIf', block),
				whole.subarray(IHDR_BYTES),
			);
		},
	],
	[
		'WebP',
		(block) => {
			const size = Buffer.from([159, 0, 0, 119, 0, 0]);
			const body = join(
				'WEBP',
				chunk('VP8X', join(Buffer.from([8, 0, 0, 0]), size)),
				made('a.webp').subarray(12),
				chunk('EXIF', block),
			);
			return join('RIFF', u32(body.length), body);
		},
	],
];

describe.each(turned)('a %s', (_format, make) => {
	it.each([
		[2, 'is stored mirrored: '],
		[3, 'is stored rotated by 180°: save it upright (node Edit Image: Rotate by 180, Format bmp)'],
		[4, 'is stored mirrored: '],
		[5, 'is stored mirrored: '],
		[6, 'is stored rotated by 90°: save it upright (node Edit Image: Rotate by 90, Format bmp)'],
		[7, 'is stored mirrored: '],
		[8, 'is stored rotated by 270°: save it upright (node Edit Image: Rotate by 270, Format bmp)'],
	])('with the EXIF orientation %d has a hint', (orientation, hint) => {
		for (const isBigEndian of [false, true]) {
			const picture = make(exif(orientation, isBigEndian));
			expect(jobErrorOf(picture)).toBeUndefined();
			expect(hintOf(picture)).toMatch(hint);
		}
	});

	it.each([
		['upright', exif(1)],
		['of an unknown orientation', exif(9)],
		['whose EXIF is none', text('II*\0nonsense')],
		['whose EXIF is empty', Buffer.alloc(0)],
		['whose EXIF ends too early', exif(6).subarray(0, 15)],
	])('%s has none', (_how, block) => {
		expect(hintOf(make(block))).toBeUndefined();
		expect(jobErrorOf(make(block))).toBeUndefined();
	});
});

describe('a TIFF', () => {
	const whole = (...more: Tag[]) => tiff([...SIZE, ...STRIP, ...more], false, PIXELS);

	it('tells how it is turned', () => {
		expect(hintOf(whole([274, 3, 1, 8]))).toMatch(/^is stored rotated by 270°/);
	});

	it.each<[string, Tag[]]>([
		['with the name of its camera', [[271, 2, 4, 0x61626364]]],
		['with smaller versions of itself', [[330, 4, 1, 400]]],
		['that is one of several pages', [[254, 4, 1, 2]]],
	])('%s is taken', (_what, tags) => {
		expect(jobErrorOf(whole(...tags))).toBeUndefined();
	});

	/** Of two strips, whose lists stand behind the directory. */
	const STRIPS: Tag[] = [...SIZE, [273, 4, 2, 62], [279, 4, 2, 70]];
	const lists = join(u32(100), u32(900), u32(8), u32(8));

	it.each<[string, Tag[], Buffer]>([
		['one strip', [...SIZE, ...STRIP], PIXELS],
		['two strips', STRIPS, join(lists, PIXELS)],
	])(
		'with %s behind its directory is taken whole, and refused when it is cut off',
		(_what, tags, behind) => {
			expect(jobErrorOf(tiff(tags, false, behind))).toBeUndefined();
			for (const bytes of [8, 100, 800]) {
				expect(jobErrorOf(tiff(tags, false, behind.subarray(0, bytes)))).toMatch(/^is cut off/);
			}
		},
	);

	it.each<[string, Tag[]]>([
		['a version of DNG', [...SIZE, ...STRIP, [50706, 1, 4, 0x104]]],
		['the colours of a sensor', [...SIZE, ...STRIP, [262, 3, 1, 32803]]],
		['linear values of a sensor', [...SIZE, ...STRIP, [262, 3, 1, 34892]]],
		['a preview above its pixels', [[254, 4, 1, 1], ...SIZE, ...STRIP, [330, 4, 1, 400]]],
		['nothing above its pixels', [[330, 4, 1, 400]]],
		["a camera's own compression", [...SIZE, ...STRIP, [259, 3, 1, 65535]]],
	])('with %s is a camera raw', (_what, tags) => {
		expect(probe(tiff(tags, true, PIXELS))).toEqual({
			kind: expect.objectContaining({ label: 'a camera raw picture' }),
		});
	});
});

describe('a picture that shows nothing', () => {
	const DAMAGED = /^is damaged: there is no picture in it/;
	const sized = (width: number, height: number, pixels = 'x'.repeat(9999)) =>
		join(
			'\x89PNG\r\n\x1a\n',
			pngChunk('IHDR', join(u32be(width), u32be(height), '\x08\x02\0\0\0')),
			...(pixels ? [pngChunk('IDAT', text(pixels))] : []),
			pngChunk('IEND', Buffer.alloc(0)),
		);
	const gif = (blocks: string) => text(`GIF89a\xa0\0\x78\0\0\0\0${blocks}`);
	const tooShort = join('RIFF', u32(16), 'WEBP', chunk('VP8X', Buffer.alloc(4)));
	const jpeg = (end: string) =>
		text(`\xff\xd8\xff\xc0\0\x0b\x08\0\x78\0\xa0\x01\x01\x11\0${end}\xff\xd9`);

	it.each<[string, Buffer, RegExp]>([
		['PNG of one pixel', sized(1, 1), /^is 1 × 1 pixels, which is too small/],
		['PNG of one row', sized(4000, 15), /^is 4,000 × 15 pixels, which is too small/],
		['PNG of a billion', sized(40_000, 25_000), /^is 40,000 × 25,000 pixels, which is too large/],
		['PNG without pixels', sized(160, 120, ''), DAMAGED],
		['PNG with far too few', sized(4000, 3000, 'x'), DAMAGED],
		['PNG without a header', text(`\x89PNG\r\n\x1a\n\0\0\0\x04CgBI${'\0'.repeat(20)}`), DAMAGED],
		['GIF without images', gif(';'), DAMAGED],
		['GIF whose image is empty', gif(`,${'\0'.repeat(10)}\0;`), DAMAGED],
		['JPEG without a scan', jpeg(''), DAMAGED],
		['JPEG whose scan is empty', jpeg('\xff\xda\0\x02'), DAMAGED],
		['WebP without pixels', join('RIFF', u32(4), 'WEBP'), DAMAGED],
		['WebP of fields that are cut', tooShort, DAMAGED],
		['TIFF without pixels', tiff(SIZE, false, PIXELS), DAMAGED],
		['fixture k3_cut_off', inputFixture('k3_cut_off.jpg'), /^is cut off/],
		['fixture k3_signature_only', inputFixture('k3_signature_only.png'), /^is cut off/],
		['fixture k3_one_pixel', inputFixture('k3_one_pixel.gif'), /^is 1 × 1 pixels/],
	])('%s is refused', (_what, content, problem) => {
		expect(jobErrorOf(content)).toMatch(problem);
	});

	it('is not one of 200 million pixels, as phones make them', () => {
		expect(jobErrorOf(sized(16_320, 12_240, 'x'.repeat(600_000)))).toBeUndefined();
	});

	it('may be cut by those who send it between two pictures: the first one counts', () => {
		expect(jobErrorOf(join(gif(`,${'\0'.repeat(8)}\0\x02\x01\x01\0`)))).toBeUndefined();
	});
});

/** 16 MiB of such parts behind the beginning. */
function repeated(start: string | Buffer, part: string): Buffer {
	return join(start, Buffer.alloc(16 << 20, part, 'latin1'));
}

const PNG_START = join(
	'\x89PNG\r\n\x1a\n',
	pngChunk('IHDR', join(u32be(99), u32be(99), '\x08\x02\0\0\0')),
);
const GIF = `GIF89a\x10\0\x10\0\0\0\0`;

it.each<[string, Buffer]>([
	['PNG of empty chunks', repeated(PNG_START, '\0\0\0\0IDAT\0\0\0\0')],
	['JPEG of empty segments', repeated('\xff\xd8', '\xff\xe0\0\x02')],
	['GIF of tiny blocks', repeated(`${GIF},${'\0'.repeat(9)}\x02`, '\x01\x01')],
	['GIF of empty extensions', repeated(GIF, '!\xfe\0')],
	['WebP of empty chunks', repeated(join('RIFF', u32(17 << 20), 'WEBP'), 'ABCD\0\0\0\0')],
	['TIFF of endless tags', repeated(join('II*\0', u32(8), '\xff\xff'), '\x01\x01\x04\0')],
])('a %s is given up after more parts than programs write', (_what, content) => {
	expect(jobErrorOf(content)).toMatch(/^is damaged/);
});

it.each<[string, Buffer]>([
	['restarts', repeated('\xff\xd8\xff\xda\0\x02', '\xff\xd0')],
	['escapes', repeated('\xff\xd8\xff\xda\0\x02', '\xff\0')],
	['filling', repeated('\xff\xd8\xff\xda\0\x02', '\xff')],
])('a JPEG of %s costs a few steps for each piece', (_what, content) => {
	const steps = jest.spyOn(ByteQueue.prototype, 'skip');
	probe(content);
	const count = steps.mock.calls.length;
	jest.restoreAllMocks();
	expect(count).toBeLessThan(20_000);
});
