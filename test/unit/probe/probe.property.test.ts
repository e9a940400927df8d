/** Any bytes in any pieces: the same finding, little memory, and no more steps than an honest file takes. */
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ByteQueue } from '../../../nodes/WaveSpeedInfiniteTalk/probe/byteQueue';
import { Probe } from '../../../nodes/WaveSpeedInfiniteTalk/probe/probe';
import * as build from './support/build';
import { CRAFTED, type Crafted } from './support/crafted';
import { probe } from './support/measure';

const FILE = { name: 'a.mp3', declaredType: '' };
/** The most that a probe may keep, besides a piece of 64 KB. */
const MAX_KEPT_BYTES = (64 + 32) * 1024;
/** Steps for each part of a file that is read on for. */
const STEPS_PER_PART = 6;
const RUNS = 150;

const FILES: Record<string, Buffer> = {
	wav: build.wav(Buffer.alloc(4000, 9), { after: build.chunk('LIST', Buffer.alloc(200)) }),
	mp3: build.join(build.id3(300), build.mp3(12), 'TAG', Buffer.alloc(125)),
	mp4: build.join(build.FTYP, build.MDAT, build.moov(build.trak({ played: 3000 }))),
	ogg: build.join(
		build.opusHead(),
		build.page({ granule: 48_000, sequence: 2 }, ...build.opusPackets(50)),
		build.page({ granule: 96_000, sequence: 3 }, ...build.opusPackets(50)),
	),
	webm: build.webm(
		build.webmTrack(1),
		build.cluster(0, ...Array.from({ length: 40 }, (_, at) => build.simpleBlock(1, at * 20))),
	),
	flac: build.join('fLaC\x80\0\0\x22', Buffer.alloc(34, 1), '\xff\xf8\xc9\xa8', Buffer.alloc(3000)),
};
/** Beginnings that lead random bytes into each parser. */
const HEADS = Object.values(FILES).flatMap((file) => [file.subarray(0, 8), file.subarray(0, 60)]);

/** Probes in chunks of these sizes, over and over; each is spoiled after it was taken. */
function probeIn(bytes: Buffer, sizes: readonly number[]): unknown {
	const one = new Probe(FILE, 'audio');
	const { queue } = one as unknown as { queue: { buffer: Buffer } };
	let at = 0;
	for (let turn = 0; at < bytes.length; turn += 1) {
		const size = sizes[turn % sizes.length] as number;
		const chunk = Buffer.from(bytes.subarray(at, at + size));
		one.push(chunk);
		chunk.fill(0xee);
		at += size;
		if (queue.buffer.length > MAX_KEPT_BYTES) throw new RangeError(`${queue.buffer.length} bytes`);
	}
	return one.end() ?? {};
}

const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 });

it.each(Object.keys(FILES))('%s: any chunks of the same bytes give the same finding', (name) => {
	const file = FILES[name] as Buffer;
	const expected = probe(file, file.length, FILE);
	expect(expected.kind).toBeDefined();
	fc.assert(
		fc.property(sizes, (list) => {
			expect(probeIn(file, list)).toEqual(expected);
		}),
		{ numRuns: RUNS },
	);
});

it('random bytes never throw, and give the same finding in any chunks', () => {
	const bytes = fc
		.tuple(fc.constantFrom(Buffer.alloc(0), ...HEADS), fc.uint8Array({ maxLength: 3000 }))
		.map((parts) => Buffer.concat(parts));
	fc.assert(
		fc.property(bytes, sizes, (content, list) => {
			expect(probeIn(content, list)).toEqual(probe(content, 1e6, FILE));
		}),
		{ numRuns: RUNS * 10 },
	);
});

it.each(Object.keys(FILES))('%s: with bytes changed, the length is none or a sane one', (name) => {
	const file = FILES[name] as Buffer;
	const change = fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 0, max: 255 }));
	fc.assert(
		fc.property(
			fc.array(change, { maxLength: 12 }),
			fc.nat(file.length),
			sizes,
			(list, cut, by) => {
				const broken = Buffer.from(file.subarray(0, cut || file.length));
				for (const [at, value] of list) if (at < broken.length) broken[at] = value;
				const found = probe(broken, 1e6, FILE);
				expect(found.seconds ?? 1).toBeGreaterThan(0);
				expect(found.seconds ?? 0).toBeLessThanOrEqual(broken.length);
				expect(probeIn(broken, by)).toEqual(found);
			},
		),
		{ numRuns: RUNS * 2 },
	);
});

describe('crafted files', () => {
	afterEach(() => {
		jest.restoreAllMocks();
	});
	const METHODS = ['take', 'skip', 'has', 'indexOf', 'peekBytes'] as const;

	it.each(CRAFTED)('of $name take few steps and little memory', ({ head, pattern }) => {
		const bytes = Buffer.concat([head, Buffer.alloc(4e6, pattern)]);
		const spies = METHODS.map((method) => jest.spyOn(ByteQueue.prototype, method));
		probeIn(bytes, [65_536]);
		const steps = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
		expect(steps).toBeLessThan(STEPS_PER_PART * (200_000 + bytes.length / 64));
	});

	it.each([
		...['frames of AAC without sound', 'chunks of WAV', 'boxes of MP4', 'tracks'],
		...['elements of two bytes', 'blocks of FLAC'],
	])('of %s are refused, since they have more parts than honest ones', (name) => {
		const { head, pattern } = CRAFTED.find((crafted) => crafted.name === name) as Crafted;
		const found = probeIn(Buffer.concat([head, Buffer.alloc(4e6, pattern)]), [65_536]);
		expect(found).toMatchObject({ message: expect.stringContaining('too many parts') });
	});
});
