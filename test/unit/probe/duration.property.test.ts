import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DurationMeter } from '../../../nodes/WaveSpeedInfiniteTalk/probe/duration';
import * as build from './support/build';
import { measure } from './support/measure';

/** The most that a meter may keep between two chunks. */
const MOST_KEPT_BYTES = 32 * 1024;
const RUNS = 150;

const FILES: Record<string, Buffer> = {
	wav: build.wav(Buffer.alloc(4000, 9), { after: build.chunk('LIST', Buffer.alloc(200)) }),
	mp3: build.join(build.id3(300), build.mp3(12), 'TAG', Buffer.alloc(125)),
	mp4: build.join(
		build.FTYP,
		build.MDAT,
		build.moov(build.trak({ edits: build.edits([3000, 1000]) })),
	),
	ogg: build.join(
		build.opusHead(),
		build.page({ granule: 48_000, sequence: 2 }, ...build.opusPackets(50)),
		build.page({ granule: 96_000, sequence: 3 }, ...build.opusPackets(50)),
	),
	webm: build.webm(
		build.webmTrack(1),
		build.cluster(0, ...Array.from({ length: 40 }, (_, at) => build.simpleBlock(1, at * 20))),
	),
	flac: build.join('fLaC', Buffer.from('80000022', 'hex'), Buffer.alloc(34, 1), Buffer.alloc(3000)),
};
/** Beginnings that lead random bytes into each parser. */
const HEADS = [
	...Object.values(FILES).flatMap((file) => [file.subarray(0, 8), file.subarray(0, 60)]),
];

/** Measures in chunks of these sizes, over and over, and watches what is kept. */
function measureWatched(bytes: Buffer, sizes: readonly number[]): number | undefined {
	const meter = new DurationMeter();
	const { queue } = meter as unknown as { queue: { available: number } };
	let at = 0;
	for (let turn = 0; at < bytes.length; turn += 1) {
		const size = sizes[turn % sizes.length] as number;
		// Each chunk is spoiled after it was taken: nothing of it may be read later.
		const chunk = Buffer.from(bytes.subarray(at, at + size));
		meter.push(chunk);
		chunk.fill(0xee);
		at += size;
		if (queue.available > MOST_KEPT_BYTES)
			throw new RangeError(`${queue.available} bytes are kept`);
	}
	return meter.end();
}

const sizes = fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 20 });

it.each(Object.keys(FILES))('%s: any chunks of the same bytes give the same answer', (name) => {
	const file = FILES[name] as Buffer;
	const expected = measure(file, file.length);
	if (name !== 'flac') expect(expected).toBeGreaterThan(0);
	fc.assert(
		fc.property(sizes, (list) => {
			expect(measureWatched(file, list)).toBe(expected);
		}),
		{ numRuns: RUNS },
	);
});

it('random bytes never throw, and give the same answer in any chunks', () => {
	const bytes = fc
		.tuple(fc.constantFrom(Buffer.alloc(0), ...HEADS), fc.uint8Array({ maxLength: 3000 }))
		.map((parts) => Buffer.concat(parts));
	fc.assert(
		fc.property(bytes, sizes, (content, list) => {
			expect(measureWatched(content, list)).toBe(measure(content, 1e6));
		}),
		{ numRuns: RUNS * 10 },
	);
});

it.each(Object.keys(FILES))('%s: with bytes changed, the answer is none or a sane one', (name) => {
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
				const seconds = measureWatched(broken, by) ?? 0;
				expect(seconds).toBeGreaterThanOrEqual(0);
				expect(seconds).toBeLessThanOrEqual(broken.length);
				expect(seconds || undefined).toBe(measure(broken, 1e6) || undefined);
			},
		),
		{ numRuns: RUNS * 2 },
	);
});

/** Files that would cost memory or time if anything were kept or looked at twice. */
const PATTERNS: Array<[string, Buffer, Buffer]> = [
	['sync bytes', Buffer.from([0xff, 0xfb]), Buffer.from([0xff, 0xfb, 0x90, 0xff])],
	['headers of frames behind a frame', build.mp3(3), Buffer.from([0xff, 0xfb, 0xe0, 0x64])],
	['tags behind frames', build.mp3(3), build.id3(0)],
	['chunks of WAV', build.join('RIFF', build.u32(9), 'WAVE'), build.chunk('LIST', Buffer.alloc(0))],
	['boxes of MP4', build.FTYP, build.box('free')],
	['an index that never ends', build.join(build.FTYP, build.u32be(0), 'moov'), build.box('mdia')],
	['tracks that never end', build.join(build.FTYP, build.u32be(0xffffff), 'moov'), build.trak()],
	['pages of Ogg', build.opusHead(), build.page({ granule: -1, sequence: 1 })],
	['first pages of Ogg', build.opusHead(), build.page({ granule: 0, sequence: 0, flags: 2 })],
	['links of a chain', build.opusHead(), build.opusHead()],
	['marks of Ogg', build.text('OggS'), build.text('Oggg')],
	['elements of WebM', build.EBML, build.element('ec', Buffer.alloc(0))],
	['tracks of WebM', build.EBML, build.webmTrack(1)],
	['clusters of WebM', build.webm(build.webmTrack(1)), build.cluster(0, build.simpleBlock(1, 0))],
	['blocks of FLAC', build.text('fLaC'), Buffer.from([4, 0, 0, 0])],
	['frames of FLAC', FILES.flac as Buffer, Buffer.from('fff8c9a8', 'hex')],
];

it.each(PATTERNS)('4 MB of %s are measured with little memory', (_name, head, pattern) => {
	const bytes = Buffer.concat([head, Buffer.alloc(4e6, pattern)]);
	const seconds = measureWatched(bytes, [65_536]) ?? 0;
	expect(seconds).toBeGreaterThanOrEqual(0);
	expect(seconds).toBeLessThanOrEqual(bytes.length);
});
