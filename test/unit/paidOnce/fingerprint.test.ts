import { describe, expect, it } from '@jest/globals';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import type { JobInputs } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/fingerprint';
import {
	derivedSeed,
	fingerprintOf,
	mediaId,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/fingerprint';

const MEDIA = {
	image: mediaId({ sha256: 'a'.repeat(64) }),
	leftAudio: mediaId({ url: 'https://files.example/left.wav' }),
	rightAudio: mediaId({ url: 'https://files.example/right.wav' }),
};
const INPUTS: JobInputs = {
	model: MODELS.infinitetalkFast,
	media: MEDIA,
	order: 'left_right',
	prompt: 'They talk',
};

// Paid jobs are found by it: a change makes every user pay once more.
it('is the same on all machines and in all versions', () => {
	const fingerprint = fingerprintOf(INPUTS);
	expect(fingerprint).toBe('3b5d7a89edfe9e9d7441be2a13bd69edadac05f0ff7a78cf360e47f19559d877');
	expect(derivedSeed(fingerprint)).toBe(995_981_961);
});

describe('two jobs have different fingerprints when they differ in', () => {
	it.each<[string, Partial<JobInputs>]>([
		['the model', { model: MODELS.infinitetalk480p }],
		['the image', { media: { ...MEDIA, image: mediaId({ sha256: 'b'.repeat(64) }) } }],
		['the left voice', { media: { ...MEDIA, leftAudio: mediaId({ url: 'https://a.b/c' }) } }],
		['the right voice', { media: { ...MEDIA, rightAudio: mediaId({ url: 'https://a.b/c' }) } }],
		[
			'the side of the voices',
			{ media: { ...MEDIA, leftAudio: MEDIA.rightAudio, rightAudio: MEDIA.leftAudio } },
		],
		['the order', { order: 'right_left' }],
		['the prompt', { prompt: 'They talk.' }],
		['where one value ends', { order: 'meanwhile', prompt: 'left_right' }],
	])('%s', (_what, change) => {
		expect(fingerprintOf({ ...INPUTS, ...change })).not.toBe(fingerprintOf(INPUTS));
	});
});

it('the resolution makes another job of the same model', () => {
	const { infinitetalk480p, infinitetalk720p } = MODELS;
	expect(infinitetalk480p.id).toBe(infinitetalk720p.id);
	const prints = [infinitetalk480p, infinitetalk720p].map((model) =>
		fingerprintOf({ ...INPUTS, model }),
	);
	expect(prints[0]).not.toBe(prints[1]);
});

it('a URL is never taken for a digest of the same letters', () => {
	expect(mediaId({ url: 'abc' })).not.toBe(mediaId({ sha256: 'abc' }));
});

describe('the seed', () => {
	it.each([
		['00000000', 0],
		['7fffffff', 2_147_483_647],
		['80000000', 0],
		['ffffffff', 2_147_483_647],
		['80000001', 1],
	])('of a fingerprint that begins with %s is %i', (start, seed) => {
		expect(derivedSeed(start + '0'.repeat(56))).toBe(seed);
	});
});
