/** When turns begin, in units of a millisecond that begin and end with sound. */
import { expect, it } from '@jest/globals';
import { scheduleTurns, type Speaker } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/schedule';
import type { Sound } from '../../../nodes/WaveSpeedInfiniteTalk/tracks/sound';

type Line = [speaker: Speaker, seconds: number, pauseS: number];

function schedule(lines: readonly Line[]) {
	const turns = lines.map(([speaker, seconds, pauseS]) => {
		const units = seconds * 1_000;
		const sound = { sampleRate: 1_000, unitSamples: 1, leadSamples: 0, samples: units, units };
		return { speaker, pauseS, sound: sound as unknown as Sound };
	});
	return scheduleTurns(turns, { startS: 0, endS: 2 });
}

it.each<[string, Line[], number[], number]>([
	[
		'a pause counts from the end of all that was said',
		[
			['left', 5, 0],
			['right', 1, -4],
			['left', 1, 0.5],
		],
		[0, 1, 5.5],
		8.5,
	],
	[
		'a turn never begins before the one before it',
		[
			['left', 2, 0],
			['right', 1, 0.3],
			['left', 1, -9],
		],
		[0, 2.3, 2.3],
		5.3,
	],
	[
		'nor before its own speaker has ended, and what follows keeps its pause',
		[
			['left', 2, 0],
			['left', 1, -1],
			['right', 1, -1],
		],
		[0, 2, 2],
		5,
	],
])('%s', (_rule, lines, starts, seconds) => {
	const planned = schedule(lines);
	expect(planned.turns.map(({ startS }) => startS)).toEqual(starts);
	expect(planned.seconds).toBe(seconds);
});
