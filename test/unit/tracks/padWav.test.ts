import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
	type WavPadding,
	planWavPadding,
} from '../../../nodes/WaveSpeedInfiniteTalk/tracks/padWav';
import { chunk, join, mp3, u32, wav } from '../probe/support/build';
import { chunks, probe } from '../probe/support/measure';

const LIST = chunk('LIST', Buffer.alloc(301, 0x41));

function plan(file: Buffer, seconds: number): WavPadding {
	const padding = planWavPadding(probe(file).wav, seconds);
	if ('reason' in padding) throw new Error(padding.reason);
	return padding;
}

async function pad(file: Buffer, seconds: number, chunkBytes = 1000): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of plan(file, seconds).apply(chunks(file, chunkBytes))) parts.push(part);
	return Buffer.concat(parts);
}

it.each([
	['16 bit', { bits: 16 }, 0],
	['8 bit', { bits: 8 }, 0x80],
	['24 bit stereo', { bits: 24, channels: 2 }, 0],
	['float', { bits: 32, tag: 3 }, 0],
	['A-law', { bits: 8, tag: 6 }, 0xd5],
	['mu-law', { bits: 8, tag: 7 }, 0xff],
])(
	'%s: the sound stays, its silence follows, and the chunks behind it',
	async (_name, options, silence) => {
		const frame = ((options.bits ?? 16) / 8) * ('channels' in options ? options.channels : 1);
		const sound = Buffer.alloc(frame * 8000, 0x33);
		const file = wav(sound, { ...options, before: LIST, after: LIST });
		const padded = await pad(file, 2.5);
		expect(padded).toHaveLength(plan(file, 2.5).size);
		const { seconds, wav: layout } = probe(padded);
		expect(seconds).toBe(2.5);
		const start = layout!.dataStart;
		expect(padded.readUInt32LE(4)).toBe(padded.length - 8);
		expect(padded.readUInt32LE(start - 4)).toBe(frame * 20_000);
		expect(padded.subarray(start, start + sound.length)).toEqual(sound);
		const added = padded.subarray(start + sound.length, padded.length - LIST.length);
		expect(added).toHaveLength(frame * 12_000);
		expect(added.every((byte) => byte === silence)).toBe(true);
		expect(padded.subarray(-LIST.length)).toEqual(LIST);
		expect(padded.subarray(8, start - 4)).toEqual(file.subarray(8, start - 4));
	},
);

const SECOND = Buffer.alloc(16_000, 0x33);

it.each([
	['size 0 from a pipe', wav(SECOND, { dataSize: 0 })],
	['unknown size from a pipe', wav(SECOND, { dataSize: 0xffffffff })],
	['cut off', wav(join(SECOND, SECOND)).subarray(0, 44 + 16_000)],
	['half a sample at the end', wav(join(SECOND, Buffer.from([0x33])))],
	[
		'half a sample at the end of a pipe',
		wav(join(SECOND, Buffer.from([0x33])), { dataSize: 0 }).subarray(0, -1),
	],
])('%s: the header of the padded file is true', async (_name, file) => {
	const padded = await pad(file, 2);
	expect(padded).toEqual(wav(join(SECOND, Buffer.alloc(16_000))));
});

it('sound of an odd number of bytes gets its filling byte, before and after', async () => {
	const file = wav(Buffer.alloc(8001, 0x33), { bits: 8, after: LIST });
	const odd = await pad(file, 8003 / 8000);
	expect(odd).toEqual(
		wav(join(Buffer.alloc(8001, 0x33), Buffer.from([0x80, 0x80])), { bits: 8, after: LIST }),
	);
	const even = await pad(file, 8002 / 8000);
	expect(even).toEqual(
		wav(join(Buffer.alloc(8001, 0x33), Buffer.from([0x80])), { bits: 8, after: LIST }),
	);
});

it('the sample count of a fact chunk follows', async () => {
	const fact = chunk('fact', u32(8000));
	const file = wav(Buffer.alloc(32_000), { tag: 3, bits: 32, before: fact });
	const padded = await pad(file, 1.5);
	expect(padded.indexOf(join('fact', u32(4), u32(12_000)))).toBeGreaterThan(0);
});

it('a file that is long enough comes out as it is', async () => {
	expect(await pad(wav(SECOND), 0.5)).toEqual(wav(SECOND));
	expect(plan(wav(SECOND), 0.5).silentBytes).toBe(0);
});

it('any chunks give the same file', async () => {
	const file = wav(SECOND, { before: LIST, after: LIST });
	const expected = await pad(file, 3, file.length);
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 1, max: 20_000 }), async (size) => {
			expect((await pad(file, 3, size)).equals(expected)).toBe(true);
		}),
		{ numRuns: 30 },
	);
});

it('an hour of silence is made in small chunks', async () => {
	const file = wav(SECOND);
	let bytes = 0;
	for await (const part of plan(file, 3600).apply([file])) {
		expect(part.length).toBeLessThanOrEqual(65_536);
		bytes += part.length;
	}
	expect(bytes).toBe(44 + 3600 * 16_000);
});

it.each([
	['no WAV file', mp3(5), /only WAV/],
	['compressed sound', wav(SECOND, { tag: 0x11 }), /compressed/],
	['a file over 4 GB', wav(SECOND, { form: 'RF64' }), /RF64/],
	['a big-endian file', Buffer.from(wav(SECOND)).fill('X', 3, 4), /only WAV/],
])('refused: %s', (_name, file, reason) => {
	expect(planWavPadding(probe(file).wav, 9)).toEqual({
		reason: expect.stringMatching(reason),
	});
});

it('refused: a length that no WAV file can have', () => {
	const { wav: layout } = probe(wav(SECOND));
	for (const seconds of [400_000, Infinity, NaN]) {
		expect(planWavPadding(layout, seconds)).toHaveProperty('reason');
	}
});

it('a file that changed since it was measured is told', async () => {
	const padding = plan(wav(SECOND), 2);
	const read = async (file: Buffer) => {
		for await (const part of padding.apply([file])) void part;
	};
	await expect(read(wav(SECOND).subarray(0, 9000))).rejects.toThrow(/9000 bytes/);
	await expect(read(join(wav(SECOND), 'x'))).rejects.toThrow(/changed|measured/);
});
