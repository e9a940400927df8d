import { describe, expect, it } from '@jest/globals';
import { matchesSubmission } from '../../../nodes/WaveSpeedInfiniteTalk/job/history';
import { MODEL, createBody, createPrediction } from '../support/api';

const BODY = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });

function fitsWith(inputs: unknown, body = BODY): boolean {
	return matchesSubmission(createPrediction({ inputs }), MODEL, body);
}

describe('a job of the history fits what was sent', () => {
	it('when all six inputs are equal, whatever else there is', () => {
		expect(fitsWith({ ...BODY, mask_image: '' })).toBe(true);
	});

	it.each(['image', 'left_audio', 'right_audio', 'prompt', 'order', 'seed'])(
		'and not when %s differs',
		(key) => {
			expect(fitsWith({ ...BODY, [key]: 'another' })).toBe(false);
		},
	);

	it.each(['image', 'left_audio', 'right_audio', 'prompt', 'order'])(
		'and not when %s is absent',
		(key) => {
			expect(fitsWith({ ...BODY, [key]: undefined })).toBe(false);
		},
	);

	it('and not when the voices are swapped', () => {
		const swapped = { left_audio: BODY.right_audio, right_audio: BODY.left_audio };
		expect(fitsWith({ ...BODY, ...swapped })).toBe(false);
	});

	it.each([null, undefined, 'text', [], 7])('and not when its inputs are %j', (inputs) => {
		expect(fitsWith(inputs)).toBe(false);
	});

	it('when the server leaves the defaults out', () => {
		const { image, left_audio, right_audio } = BODY;
		expect(fitsWith({ image, left_audio, right_audio }, createBody())).toBe(true);
		expect(fitsWith({ image, left_audio, right_audio, prompt: '' }, createBody())).toBe(true);
		expect(fitsWith({ image, left_audio, right_audio, prompt: null }, createBody())).toBe(true);
	});

	it.each([
		['480p', '480p', true],
		['480p', undefined, true],
		['480p', '720p', false],
		['720p', '720p', true],
		['720p', undefined, false],
		[undefined, '480p', true],
		[undefined, '720p', false],
	])('sent with resolution %s, shown with %s: %s', (sent, shown, fits) => {
		const body = { ...BODY, ...(sent && { resolution: sent }) };
		expect(fitsWith({ ...body, resolution: shown }, body)).toBe(fits);
	});

	it('when the server drew a seed for -1', () => {
		expect(fitsWith({ ...createBody(), seed: 123_456 }, createBody())).toBe(true);
	});
});
