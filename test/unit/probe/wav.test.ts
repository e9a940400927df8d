/** WAV files made byte by byte: a second of sound at 8 kHz, 16 bit, unless told otherwise. */
import { it } from '@jest/globals';
import { chunk, join, text, u16, u32, wav } from './support/build';
import { expectTold } from './support/measure';

const SECOND = Buffer.alloc(16_000, 1);
const LIST = chunk('LIST', Buffer.alloc(3000, 0x41));
const PART = wav(SECOND);
const QUOTA = '{"detail":{"status":"quota_exceeded"}}';
const EMPTY = wav(Buffer.alloc(0));
const FORMAT = EMPTY.subarray(0, 36);
const CUT_OFF = 'is cut off: its header declares 10 s, but the file has only 1 s';
const JOINED =
	'has more sound than its header declares: only 1 s of its 3 s are played. WAV files cannot be joined byte by byte: use the operation Combine Turns or FFmpeg';

/** A size of 64 bits in a chunk of its own. */
function rf64(size: number): Buffer {
	const before = chunk('ds64', join(u32(0), u32(0), u32(size), u32(0), u32(0), u32(0)));
	return wav(SECOND, { form: 'RF64', dataSize: 0xffffffff, before, after: LIST });
}

function extensible(tag: number): Buffer {
	const rest = join(u16(22), u16(16), u32(4), u16(tag), Buffer.alloc(14, 9));
	const file = wav(SECOND, { tag: 0xfffe });
	return join(file.subarray(0, 16), u32(40), file.subarray(20, 36), rest, file.subarray(36));
}

it.each<[string, Buffer, string]>([
	['plain', PART, '1 s'],
	['lists in front and behind', wav(SECOND, { before: LIST, after: LIST }), '1 s'],
	['a list of odd size in front', wav(SECOND, { before: chunk('LIST', Buffer.alloc(7)) }), '1 s'],
	[
		'odd size and a list behind',
		wav(Buffer.alloc(15_999, 1), { bits: 8, after: LIST }),
		'1.999875 s',
	],
	['half a sample at the end', wav(SECOND.subarray(0, 15_999)), '0.999875 s'],
	['cut off in its last half second', PART.subarray(0, 44 + 8000), '0.5 s'],
	['24 bits in 32', wav(SECOND, { bits: 24, blockAlign: 4 }), '0.5 s'],
	['other bytes behind, less than half a second', join(PART, Buffer.alloc(999, 7)), '1 s'],
	['a tag behind', join(PART, 'TAG', Buffer.alloc(125, 0x20)), '1 s'],
	['zeros behind', join(PART, Buffer.alloc(50_000)), '1 s'],
	['a size of 64 bits', rf64(16_000), '1 s'],
	['an extensible format', extensible(1), '1 s'],
	['the header says more', wav(SECOND, { dataSize: 160_000 }), `1 s; ${CUT_OFF}`],
	['joined files', join(PART, PART, PART), `1 s; ${JOINED}`],
	['a header of the first part only', join(PART, SECOND, SECOND), `1 s; ${JOINED}`],
	[
		'joined files with lists behind',
		join(wav(SECOND, { after: LIST }), PART, SECOND),
		`1 s; ${JOINED}`,
	],
])('the length is that of the sound: %s', (_what, file, told) => {
	expectTold(file, `a WAV file, ${told}`);
});

it.each([0, 0xffffffff, 0x7ffff000, 0x7fffffff])(
	'the size %d is a placeholder of a program that wrote to a pipe',
	(dataSize) => {
		expectTold(wav(SECOND, { dataSize }), 'a WAV file, 1 s');
	},
);

it.each(['LIST', 'id3 ', 'bext', 'C2PA', 'PAD ', '_PMX'])('%s behind the sound is normal', (id) => {
	expectTold(wav(SECOND, { after: chunk(id, Buffer.alloc(30_001, 0x41)) }), 'a WAV file, 1 s');
});

it.each<[string, Buffer]>([
	['no format', join('RIFF', u32(100), 'WAVE', chunk('data', SECOND))],
	['no channels', wav(SECOND, { channels: 0, blockAlign: 2 })],
	['no rate', wav(SECOND, { rate: 0 })],
	['samples smaller than their bits', wav(SECOND, { bits: 32, blockAlign: 2 })],
	['samples that channels do not share', wav(SECOND, { channels: 2, blockAlign: 5 })],
	['samples of more than 64 bits', wav(SECOND, { blockAlign: 9 })],
	['compressed sound', wav(SECOND, { tag: 0x55 })],
])('a file of %s is taken, and its length is not known', (_what, file) => {
	expectTold(file, 'a WAV file');
});

it.each<[string, Buffer, string?]>([
	['a header only', EMPTY],
	['a header only, a list behind it', wav(Buffer.alloc(0), { after: LIST })],
	['a header only, of compressed sound', wav(Buffer.alloc(0), { tag: 0x55 })],
	['half a header', EMPTY.subarray(0, 30)],
	['a format and no sound', FORMAT],
	['a chunk larger than the file', join(FORMAT, 'LIST', u32(0xfffffff0))],
	['half a sample', wav(Buffer.alloc(1))],
	['a format and an error', join(FORMAT, QUOTA), 'contains JSON text instead of sound'],
	[
		'an error for sound',
		wav(text(QUOTA), { dataSize: 0xffffffff }),
		'contains JSON text instead of sound',
	],
])('a file with nothing to hear is refused: %s', (_what, file, why = 'contains no sound') => {
	expectTold(file, `a WAV file; ${why}`);
});
