import { describe, expect, it } from '@jest/globals';
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import {
	createdAtMs,
	isOfModel,
	matchesSubmission,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/matching';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { MODEL, createBody, createPrediction } from '../support/api';
import { START } from '../support/clock';

const BODY = createBody({ prompt: 'They talk', order: 'left_right', seed: 7 });

function fitsWith(inputs: unknown, body = BODY): boolean {
	return matchesSubmission(createPrediction({ inputs }), MODEL, body);
}

describe('a job of the history is the one that was sent', () => {
	const { image, left_audio, right_audio } = BODY;
	const voices = { left_audio: right_audio, right_audio: left_audio };
	const plain = createBody();

	it.each<[string, boolean, unknown, SubmitBody]>([
		['when all inputs are equal, whatever else there is', true, { ...BODY, mask_image: '' }, BODY],
		['when it leaves the defaults out', true, { image, left_audio, right_audio }, plain],
		['when its prompt is null', true, { ...plain, prompt: null }, plain],
		['when it drew a seed for -1', true, { ...plain, seed: 123_456 }, plain],
		['when it leaves the seed out', true, { ...BODY, seed: undefined }, BODY],
		['and not when the voices are swapped', false, { ...BODY, ...voices }, BODY],
		['and not when its seed differs', false, { ...BODY, seed: 8 }, BODY],
		['and not when its inputs are not shown', false, undefined, BODY],
	])('%s', (_what, fits, inputs, body) => {
		expect(fitsWith(inputs, body)).toBe(fits);
	});

	it.each(Object.keys(BODY).filter((key) => key !== 'seed'))(
		'and not when %s differs or is absent',
		(key) => {
			expect(fitsWith({ ...BODY, [key]: 'another' })).toBe(false);
			expect(fitsWith({ ...BODY, [key]: undefined })).toBe(false);
		},
	);

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

	it.each([
		['They  talk', 'They talk', false],
		['\tThey talk\r\n', 'They talk', true],
		['One\r\nTwo\rThree', 'One\nTwo\nThree', true],
		['Ame\u0301lie', 'Am\u00e9lie', true],
		['Amelie', 'Am\u00e9lie', false],
	])('sent with the prompt %j, shown as %j: %s', (prompt, shown, fits) => {
		expect(fitsWith({ ...BODY, prompt: shown }, { ...BODY, prompt })).toBe(fits);
	});
});

it.each([
	['2026-01-01T00:00:00.123456789Z', START + 123],
	['2026-01-01T00:00:00.5Z', START + 500],
	['2026-01-01T00:00:00Z', START],
	[undefined, Number.NaN],
])('the date %s is read', (created_at, ms) => {
	expect(createdAtMs(createPrediction({ created_at }))).toBe(ms);
});

it.each<[Record<string, unknown>, boolean]>([
	[{ model: MODEL }, false],
	[{ model: MODELS.infinitetalk720p.id }, true],
	[{ model: MODELS.infinitetalk720p.id, input: { resolution: '720p' } }, true],
	[{ model: MODELS.infinitetalk720p.id, input: {} }, false],
	[{ model: undefined, input: { resolution: '480p' } }, false],
	[{ model: undefined }, true],
])('a job with %j is of InfiniteTalk 720p: %s', (job, expected) => {
	expect(isOfModel(createPrediction(job), MODELS.infinitetalk720p)).toBe(expected);
});
