import { expect, it } from '@jest/globals';
import { join, OPUS_PRE_SKIP, opusHead, opusPackets, page, text, u32 } from './support/build';
import { measure } from './support/measure';

const SECOND = 48_000;

/** Pages of a second each, 50 packets on each. */
function pages(
	count: number,
	options: { from?: number; serial?: number; trim?: number } = {},
): Buffer {
	const { from = 0, serial = 1, trim = 0 } = options;
	return join(
		...Array.from({ length: count }, (_, index) => {
			const isLast = index === count - 1;
			const granule = from + (index + 1) * SECOND - (isLast ? trim : 0);
			const flags = isLast ? 4 : 0;
			return page({ granule, sequence: index + 2, serial, flags }, ...opusPackets(50));
		}),
	);
}

function vorbisHead(): Buffer {
	return join('\x01vorbis', u32(0), '\x01', u32(44_100), Buffer.alloc(12), '\xb8\x01');
}

const skip = OPUS_PRE_SKIP / SECOND;
const INDEX = page({ granule: 0, sequence: 0, serial: 9, flags: 2 }, text('fishead\0'));

it.each([
	['three seconds', join(opusHead(), pages(3)), 3 - skip],
	['shorter than its packets', join(opusHead(), pages(3, { trim: 480 })), 2.99 - skip],
	['cut off on the last page', join(opusHead(), pages(3)).subarray(0, -1), 2 - skip],
	['garbage behind', join(opusHead(), pages(3), Buffer.alloc(500, 0x4f)), 3 - skip],
	['garbage between', join(opusHead(), Buffer.alloc(500, 0x4f), pages(3)), 3 - skip],
	[
		'a page where no packet ends',
		join(opusHead(), pages(2), page({ granule: -1, sequence: 4 })),
		2 - skip,
	],
	[
		'two files joined',
		join(opusHead(), pages(3), opusHead(2), pages(2, { serial: 2 })),
		5 - 2 * skip,
	],
	[
		'two files of one serial joined',
		join(opusHead(), pages(3), opusHead(), pages(2)),
		5 - 2 * skip,
	],
	['an index beside', join(INDEX, opusHead(), pages(3)), 3 - skip],
	[
		'positions that go back',
		join(opusHead(), pages(3), page({ granule: 5, sequence: 5 }, ...opusPackets(1))),
		3 - skip,
	],
])('%s', (_name, file, seconds) => {
	for (const size of [1, 100, 1e6]) expect(measure(file, size)).toBeCloseTo(seconds, 9);
});

it.each([
	['recorded from the middle', join(opusHead(), pages(3, { from: 1e9 }))],
	[
		'sounds of two lengths',
		join(opusHead(1).subarray(0, 47), opusHead(2), pages(3, { serial: 2 })),
	],
	[
		'Vorbis from the middle',
		join(
			page({ granule: 0, sequence: 0, flags: 2 }, vorbisHead()),
			page({ granule: 1e9, sequence: 1 }, text('x')),
		),
	],
	[
		'a position of 2^62',
		join(opusHead(), pages(1), page({ granule: 2n ** 62n, sequence: 3 }, text('x'))),
	],
])('not known: %s', (_name, file) => {
	for (const size of [1, 1e6]) expect(measure(file, size)).toBeUndefined();
});
