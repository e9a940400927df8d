import { expect, it } from '@jest/globals';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { JobInputs } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/inputsDigest';
import {
	derivedSeed,
	inputsDigestOf,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/inputsDigest';

const MEDIA = { image: 'a'.repeat(64), leftAudio: 'c'.repeat(64), rightAudio: 'd'.repeat(64) };
const SWAPPED = { leftAudio: MEDIA.rightAudio, rightAudio: MEDIA.leftAudio };
const INPUTS: JobInputs = {
	model: MODELS.infinitetalkFast,
	media: MEDIA,
	order: 'left_right',
	prompt: 'They talk',
};

// Paid jobs are found by it: a change makes every user pay once more.
it('is the same on all machines and in all versions', () => {
	const inputsDigest = inputsDigestOf(INPUTS);
	expect(inputsDigest).toBe('998211cb91ff6b9f68bf068cdd6063e95e7bcb1269ab90b5ced874b027ad6922');
	expect(derivedSeed(inputsDigest)).toBe(427_954_635);
});

it.each<[string, Partial<JobInputs>]>([
	['the model', { model: MODELS.infinitetalk480p }],
	['the resolution', { model: { ...MODELS.infinitetalkFast, resolution: '720p' } }],
	['the image', { media: { ...MEDIA, image: 'b'.repeat(64) } }],
	['the left voice', { media: { ...MEDIA, leftAudio: 'b'.repeat(64) } }],
	['the right voice', { media: { ...MEDIA, rightAudio: 'b'.repeat(64) } }],
	['the side of the voices', { media: { ...MEDIA, ...SWAPPED } }],
	['the order', { order: 'right_left' }],
	['the prompt', { prompt: 'They talk.' }],
	['where one value ends', { order: 'meanwhile', prompt: 'left_right' }],
])('two jobs have different digests when they differ in %s', (_what, change) => {
	expect(inputsDigestOf({ ...INPUTS, ...change })).not.toBe(inputsDigestOf(INPUTS));
});

it.each(['They talk\r\n', '  They talk', 'They talk\n'])('%j is the same prompt', (prompt) => {
	expect(inputsDigestOf({ ...INPUTS, prompt })).toBe(inputsDigestOf(INPUTS));
});

it.each([
	['7fffffff', 2_147_483_647],
	['ffffffff', 2_147_483_647],
	['80000001', 1],
])('the seed of a digest that begins with %s is %i', (start, seed) => {
	expect(derivedSeed(start + '0'.repeat(56))).toBe(seed);
});
