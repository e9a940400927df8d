/** Files that FFmpeg writes are as long as it decodes them: whole, cut off, and joined. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { id3, join } from './support/build';
import { decodedSeconds, useFiles } from './support/ffmpeg';
import { measure, probe } from './support/measure';
import { RECIPES, SMALL_PAGES } from './support/recipes';

/** Not a multiple of any encoder's frame. */
const SECONDS = 8.37;
const TOLERANCE_S = 0.05;
/** Of files that were cut: where a frame or a page is, decoders may hear a part of it. */
const CUT_TOLERANCE_S = 0.1;

/** What happens to files. */
const DAMAGES: Record<string, (bytes: Buffer) => Buffer> = {
	'cut in the middle': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 2)),
	'cut near the end': (bytes) => bytes.subarray(0, bytes.length - 500),
	'cut after a third': (bytes) => bytes.subarray(0, Math.floor(bytes.length / 3) + 1),
};
const FRAMES_ONLY: Record<string, (bytes: Buffer) => Buffer> = {
	tagged: (bytes) => join(id3(20_000), bytes, 'TAG'.padEnd(128)),
	joined: (bytes) => join(bytes, bytes),
};
const BROKEN = SMALL_PAGES.flatMap(([source]) =>
	Object.entries({ ...DAMAGES, ...(/mp3|aac/.test(source) ? FRAMES_ONLY : {}) }).map(
		([damage, change]) => ({ source, change, name: `${damage.replace(/ /g, '-')}-${source}` }),
	),
);
const NAMES = [...RECIPES.map(([name]) => name), ...BROKEN.map(({ name }) => name)];

const files = useFiles(SECONDS, [...RECIPES, ...SMALL_PAGES]);
const inFolder = (name: string) => path.join(files.folder, name);
let decoded: Map<string, number>;

beforeAll(async () => {
	for (const { source, change, name } of BROKEN) {
		writeFileSync(inFolder(name), change(readFileSync(inFolder(source))));
	}
	const seconds = await decodedSeconds(files.folder, NAMES);
	decoded = new Map(NAMES.map((name, at) => [name, seconds[at]!]));
});

it.each(RECIPES)('%s is as long as ffmpeg decodes it', (name) => {
	const bytes = readFileSync(inFolder(name));
	const seconds = measure(bytes) ?? NaN;
	expect(decoded.get(name)).toBeGreaterThan(SECONDS - TOLERANCE_S);
	expect(Math.abs(seconds - decoded.get(name)!)).toBeLessThan(TOLERANCE_S);
	expect(measure(bytes, 61)).toBe(seconds);
});

it.each(BROKEN)('$name is as long as what ffmpeg still decodes', ({ name }) => {
	const seconds = measure(readFileSync(inFolder(name))) ?? NaN;
	expect(Math.abs(seconds - decoded.get(name)!)).toBeLessThan(CUT_TOLERANCE_S);
});

describe('FLAC', () => {
	const BLOCK = 576 / 16_000;
	const TOTAL_AT = 21;
	let file: Buffer;

	beforeAll(() => {
		file = readFileSync(inFolder('small-blocks.flac'));
	});

	it.each([0, 2 ** 35])('whose header says %d samples is as long as its frames', (total) => {
		const copy = Buffer.from(file);
		copy.writeUInt8((copy.readUInt8(TOTAL_AT) & 0xf0) | Math.floor(total / 2 ** 32), TOTAL_AT);
		copy.writeUInt32BE(total % 2 ** 32, TOTAL_AT + 1);
		// The first frame again has a number that does not go on.
		const lures = join(copy, copy.subarray(copy.indexOf('fff8', 0, 'hex')).subarray(0, 20));
		for (const size of [1, 1000, 1e6]) expect(measure(lures, size)).toBe(SECONDS);
	});

	it('with tags and a picture of a megabyte is as long as without', () => {
		const picture = join(Buffer.from([6, 0x0f, 0x42, 0x40]), Buffer.alloc(1_000_000, 0xff));
		const front = join(id3(5000), file.subarray(0, 42), picture, file.subarray(42));
		expect(measure(join(front, 'TAG', Buffer.alloc(125)))).toBe(SECONDS);
	});

	it('that was cut off has the whole frames that are left, and a hint names both lengths', () => {
		const { seconds: part = NaN, notes } = probe(file.subarray(0, file.length * 0.6));
		expect(notes).toEqual([expect.stringMatching(/^is cut off: its header declares 8\.4 s, .*s$/)]);
		expect(part).toBeGreaterThan(1);
		expect(part).toBeLessThan(SECONDS - BLOCK);
		expect(part / BLOCK).toBeCloseTo(Math.round(part / BLOCK), 9);
	});

	it.each<[string, Buffer, object]>([
		['without a rate', Buffer.alloc(0), {}],
		['of blocks of several sizes', join('\xff\xf9', Buffer.alloc(99)), {}],
		['of headers only', Buffer.alloc(0), { problem: { message: 'contains no sound' } }],
		['with an error for sound', Buffer.from('{"a":1}'), { problem: { message: /JSON text/ } }],
	])('%s has no length', (what, sound, more) => {
		const noRate = join(file.subarray(0, 18), Buffer.alloc(3), file.subarray(21));
		const header = join('fLaC\x80\0\0\x22', file.subarray(8, 42), sound);
		const found = probe(what === 'without a rate' ? noRate : header);
		expect(found).toMatchObject({ kind: { type: 'audio/flac' } });
		expect([found.seconds, found.problem?.message]).toEqual([
			undefined,
			'problem' in more ? expect.stringMatching(/no sound|JSON text/) : undefined,
		]);
	});
});
