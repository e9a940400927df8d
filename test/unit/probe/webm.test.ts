import { expect, it } from '@jest/globals';
import { cluster, element, join, simpleBlock, webm, webmTrack } from './support/build';
import { measure } from './support/measure';

const blocks = (track: number, from: number, to: number) =>
	Array.from({ length: (to - from) / 20 }, (_, index) => simpleBlock(track, from + index * 20));

const ONE = webmTrack(1);
const LIVE = webm(ONE, cluster(0, ...blocks(1, 0, 1000)), cluster(1000, ...blocks(1, 0, 1000)));

/** 100 ms that are decoded but not played. */
const DELAY = element('56aa', Buffer.from([0x05, 0xf5, 0xe1, 0x00]));
const DELAYED = webmTrack(1, 2, 'A_OPUS', DELAY);

it.each([
	['a delay of the codec', webm(DELAYED, cluster(0, ...blocks(1, 0, 500))), 0.4],
	['live, without sizes', LIVE, 2],
	['recorded from the middle', webm(ONE, cluster(60_000, ...blocks(1, 0, 1000))), 1],
	['the last block cut off', LIVE.subarray(0, -1), 1.98],
	[
		'two sounds of one length',
		webm(join(ONE, webmTrack(2)), cluster(0, ...blocks(1, 0, 500), ...blocks(2, 0, 500))),
		0.5,
	],
	[
		'an empty element between',
		webm(ONE, element('ec', Buffer.alloc(70_000)), cluster(0, ...blocks(1, 0, 500))),
		0.5,
	],
])('%s', (_name, file, seconds) => {
	for (const size of [1, 100, 1e6]) expect(measure(file, size)).toBeCloseTo(seconds, 9);
});

it.each([
	['two files joined', join(LIVE, LIVE)],
	[
		'sounds of two lengths',
		webm(join(ONE, webmTrack(2)), cluster(0, ...blocks(1, 0, 500), ...blocks(2, 0, 900))),
	],
	['garbage in the middle', join(LIVE, Buffer.alloc(100), LIVE)],
	['an unknown size where it must be known', webm(ONE, element('a3', Buffer.alloc(9), -1))],
])('not known: %s', (_name, file) => {
	for (const size of [1, 1e6]) expect(measure(file, size)).toBeUndefined();
});
