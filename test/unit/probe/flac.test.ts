import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { id3, join } from './support/build';
import { useFiles } from './support/ffmpeg';
import { measure, probe } from './support/measure';

const SECONDS = 2.5;
const BLOCK = 4096 / 16_000;
const TOTAL_AT = 21;

const files = useFiles(SECONDS, [['tone.flac', '-c:a flac -ar 16000 -frame_size 4096']]);
let file: Buffer;

beforeAll(async () => {
	file = await readFile(path.join(files.folder, 'tone.flac'));
});

/** With another number of samples in the header. */
function withTotal(bytes: Buffer, total: number): Buffer {
	const copy = Buffer.from(bytes);
	copy.writeUInt8((copy.readUInt8(TOTAL_AT) & 0xf0) | Math.floor(total / 2 ** 32), TOTAL_AT);
	copy.writeUInt32BE(total % 2 ** 32, TOTAL_AT + 1);
	return copy;
}

describe('a file', () => {
	it.each([0, 2 ** 35])('whose header says %d samples is as long as its frames', (total) => {
		for (const size of [1, 1000, 1e6]) expect(measure(withTotal(file, total), size)).toBe(SECONDS);
	});

	it('with a tag in front or behind', () => {
		expect(measure(join(id3(5000), file))).toBe(SECONDS);
		expect(measure(join(file, 'TAG', Buffer.alloc(125)))).toBe(SECONDS);
	});

	it('with a picture of a megabyte in front of the sound', () => {
		const picture = join(Buffer.from([6, 0x0f, 0x42, 0x40]), Buffer.alloc(1_000_000, 0xff));
		expect(measure(join(file.subarray(0, 42), picture, file.subarray(42)))).toBe(SECONDS);
	});

	it('that was cut off has the whole frames that are left', () => {
		const { seconds: part = NaN, hints } = probe(file.subarray(0, file.length * 0.6));
		expect(hints).toEqual([expect.stringMatching(/^is cut off: it lasts 2\.5 s .* are there\.$/)]);
		expect(part).toBeGreaterThan(1);
		expect(part).toBeLessThan(SECONDS - BLOCK);
		expect(part / BLOCK).toBeCloseTo(Math.round(part / BLOCK), 9);
	});
});

it('without a rate its length is not known', () => {
	const noRate = join(file.subarray(0, 18), Buffer.alloc(3), file.subarray(21));
	expect(measure(noRate)).toBeUndefined();
});
