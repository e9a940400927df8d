import { expect, it } from '@jest/globals';
import { chunk, join, u16, u32, wav } from './support/build';
import { measure, probe } from './support/measure';

/** A second at the builder's 8 kHz, 16 bit. */
const SECOND = Buffer.alloc(16_000, 1);
const LIST = chunk('LIST', Buffer.alloc(3000, 0x41));

it.each([
	['plain', wav(SECOND), 1],
	['size 0 from a pipe', wav(SECOND, { dataSize: 0 }), 1],
	['unknown size from a pipe', wav(SECOND, { dataSize: 0xffffffff }), 1],
	['size of almost 2 GB from a pipe', wav(SECOND, { dataSize: 0x7ffff000 }), 1],
	['a list in front and one behind', wav(SECOND, { before: LIST, after: LIST }), 1],
	['a list of odd size in front', wav(SECOND, { before: chunk('LIST', Buffer.alloc(7)) }), 1],
	['half a sample at the end', wav(SECOND.subarray(0, 15_999)), 7999 / 8000],
	['cut off', wav(SECOND).subarray(0, 44 + 8000), 0.5],
	['24 bits in 32', wav(SECOND, { bits: 24, blockAlign: 4 }), 0.5],
	['bytes behind the last chunk', join(wav(SECOND), Buffer.alloc(999, 7)), 1],
])('%s', (_name, file, seconds) => {
	for (const size of [1, 3, 1000, 1e6]) expect(measure(file, size)).toBe(seconds);
});

it('RF64 has its size in another chunk, and without that up to the end', () => {
	const long = (size: number) =>
		chunk('ds64', join(u32(0), u32(0), u32(size), u32(0), u32(0), u32(0)));
	const rf64 = (before: Buffer) =>
		wav(SECOND, { form: 'RF64', dataSize: 0xffffffff, before, after: LIST });
	expect(measure(rf64(long(8000)))).toBe(0.5);
	expect(measure(rf64(Buffer.alloc(0)))).toBe((16_000 + LIST.length) / 16_000);
});

it('big-endian files count as well', () => {
	const format = Buffer.from('0001000100001f4000003e8000020010', 'hex');
	const size = (bytes: number) => u32(bytes).reverse();
	const body = join('WAVEfmt ', size(16), format, 'data', size(16_000), SECOND);
	expect(measure(join('RIFX', size(body.length), body))).toBe(1);
});

it('an extensible format is what its subformat says', () => {
	const rest = (tag: number) => join(u16(22), u16(16), u32(4), u16(tag), Buffer.alloc(14, 9));
	const extensible = (tag: number) => {
		const file = wav(SECOND, { tag: 0xfffe });
		return join(file.subarray(0, 16), u32(40), file.subarray(20, 36), rest(tag), file.subarray(36));
	};
	expect(probe(extensible(1)).wav?.format.encoding).toBe('pcm');
	expect(probe(extensible(3)).wav?.format.encoding).toBe('float');
	expect(measure(extensible(1))).toBe(1);
});

it.each([
	['no format', join('RIFF', u32(100), 'WAVE', chunk('data', SECOND))],
	['a format of no channels', wav(SECOND, { channels: 0, blockAlign: 2 })],
	['a rate of 0', wav(SECOND, { rate: 0 })],
	['samples smaller than their bits', wav(SECOND, { bits: 32, blockAlign: 2 })],
	['samples that channels do not share', wav(SECOND, { channels: 2, blockAlign: 5 })],
	['an unknown compression', wav(SECOND, { tag: 0x161 })],
	['MP3 without a count', wav(SECOND, { tag: 0x55 })],
	['a format chunk that is too short', join('RIFF', u32(100), 'WAVE', chunk('fmt ', u32(1)))],
	['an AVI video', join('RIFF', u32(100), 'AVI ', chunk('data', SECOND))],
])('not known: %s', (_name, file) => {
	expect(measure(file)).toBeUndefined();
	expect(measure(file, 1)).toBeUndefined();
});
