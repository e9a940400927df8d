import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { JobInputs } from '../../../nodes/WaveSpeedInfiniteTalk/job/fingerprint';
import {
	derivedSeed,
	fingerprintOf,
	mediaId,
} from '../../../nodes/WaveSpeedInfiniteTalk/job/fingerprint';

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

const inputs: JobInputs = {
	model: 'wavespeed-ai/infinitetalk-fast/multi',
	media: {
		image: mediaId({ sha256: digest('image') }),
		leftAudio: mediaId({ sha256: digest('left') }),
		rightAudio: mediaId({ url: 'https://files.example/right.mp3' }),
	},
	order: 'meanwhile',
	prompt: 'Zwei Gäste lächeln',
};

describe('the fingerprint', () => {
	// Another value here would have every user pay again after an update.
	test('is the one of the test vector', () => {
		const fingerprint = fingerprintOf(inputs);
		expect(fingerprint).toBe('fa47b58ba36075123c7ed57e681e79dc9f07a1cfc486f0d12f1aa7fdee620c7f');
		expect(derivedSeed(fingerprint)).toBe(2051519883);
	});

	const changed: Array<[string, Partial<JobInputs>]> = [
		['model', { model: 'wavespeed-ai/infinitetalk/multi' }],
		['order', { order: 'left_right' }],
		['prompt', { prompt: '' }],
		['image', { media: { ...inputs.media, image: mediaId({ sha256: digest('other') }) } }],
		[
			'sides',
			{
				media: {
					...inputs.media,
					leftAudio: inputs.media.rightAudio,
					rightAudio: inputs.media.leftAudio,
				},
			},
		],
		['kind of source', { media: { ...inputs.media, image: mediaId({ url: digest('image') }) } }],
	];
	test.each(changed)('is another one with another %s', (_name, change) => {
		expect(fingerprintOf({ ...inputs, ...change })).not.toBe(fingerprintOf(inputs));
	});
});

describe('the seed', () => {
	test.each([
		['00000000', 0],
		['7fffffff', 2_147_483_647],
		['80000000', 0],
		['ffffffff', 2_147_483_647],
		['80000001', 1],
	])('of %s… is %p, which the API takes', (start, seed) => {
		expect(derivedSeed(start.padEnd(64, '5'))).toBe(seed);
	});
});
