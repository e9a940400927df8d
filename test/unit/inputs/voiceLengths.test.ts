import { describe, expect, it } from '@jest/globals';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import {
	defaultTimeoutMs,
	tooLongReason,
	voiceHints,
} from '../../../nodes/WaveSpeedInfiniteTalk/inputs/voiceLengths';

const FAST = MODELS.infinitetalkFast;

describe('voices that are too long', () => {
	it.each([
		['meanwhile', 600, 600],
		['left_right', 299.5, 299.9],
		['left_right', 300, undefined],
	] as const)('%s of %s s and %s s are taken', (order, left, right) => {
		expect(tooLongReason({ leftAudio: left, rightAudio: right }, order, FAST)).toBeUndefined();
	});

	it.each([
		['meanwhile', 600.1, 5, FAST, '601 s, but InfiniteTalk Fast makes at most 600 s (10 minutes)'],
		['left_right', 299.5, 300.1, FAST, 'Left Audio 299.5 s, Right Audio 300.1 s'],
		['right_left', 700, undefined, FAST, 'Right Audio of unknown length'],
		[
			'left_right',
			32.2,
			32,
			MODELS.longcatAvatar15,
			'65 s, but LongCat Avatar 1.5 480p makes at most 64 s as of November 30, 2026: Left',
		],
	] as const)('%s of %s s and %s s are refused', (order, left, right, model, part) => {
		expect(tooLongReason({ leftAudio: left, rightAudio: right }, order, model)).toContain(part);
	});

	it('are not known where the page of the model names no length', () => {
		const { maxVideoS: _none, ...unknown } = FAST;
		expect(tooLongReason({ leftAudio: 9e9, rightAudio: 1 }, 'left_right', unknown)).toBeUndefined();
	});
});

describe('notes', () => {
	it('name a voice that is short', () => {
		expect(voiceHints({ leftAudio: 3.2, rightAudio: 4 }, 'left_right', FAST)).toEqual([
			expect.stringContaining('Left Audio lasts only 3.2 s'),
		]);
	});

	it('name voices of unequal length only where they sound together', () => {
		expect(voiceHints({ leftAudio: 5, rightAudio: 6.5 }, 'meanwhile', FAST)).toEqual([
			expect.stringMatching(/at the same time \(left 5 s, right 6\.5 s\)\. Silence is added/),
		]);
		expect(voiceHints({ leftAudio: 5, rightAudio: 5.5 }, 'meanwhile', FAST, 'it is odd')).toEqual([
			expect.stringContaining('No silence is added to the shorter one, because it is odd.'),
		]);
		expect(voiceHints({ leftAudio: 5, rightAudio: 6.5 }, 'left_right', FAST)).toEqual([]);
		expect(voiceHints({ leftAudio: 5, rightAudio: 5.9 }, 'meanwhile', FAST)).toEqual([]);
	});
});

describe('the default timeout', () => {
	it.each([
		['infinitetalkFast', undefined, 6],
		['infinitetalkFast', 5, 1],
		['infinitetalkFast', 600, 15],
		['infinitetalk480p', 600, 30],
		['infinitetalk720p', 600, 60],
		['longcatAvatar15', 30, 1.5],
	] as const)('of %s and %s s of video is %d hours', (name, seconds, hours) => {
		expect(defaultTimeoutMs(seconds, MODELS[name])).toBe(hours * 60 * 60_000);
	});
});
