import { describe, expect, it } from '@jest/globals';
import { findSubmission } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/lostJob';
import {
	createdAtMs,
	isOfModel,
	matchesSubmission,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/matching';
import { MODELS } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { toSubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitBody';
import {
	HISTORY_URL,
	MODEL,
	createBody,
	createClient,
	createJob,
	createPrediction,
	createSuccess,
} from '../support/api';
import { START, VirtualClock } from '../support/clock';
import { ScriptedHttp } from '../support/http';

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

	it.each([
		['They  talk', 'They talk', false],
		['\tThey talk\r\n', 'They talk', true],
		['One\r\nTwo\rThree', 'One\nTwo\nThree', true],
		['Ame\u0301lie', 'Am\u00e9lie', true],
		['Amelie', 'Am\u00e9lie', false],
	])('sent with the prompt %j, shown as %j: %s', (prompt, shown, fits) => {
		expect(fitsWith({ ...BODY, prompt: shown }, { ...BODY, prompt })).toBe(fits);
	});

	it('when the server drew a seed for -1', () => {
		expect(fitsWith({ ...createBody(), seed: 123_456 }, createBody())).toBe(true);
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

it('any job with a seed made of the inputs is the one that was sent, unless it failed', async () => {
	const inputs = createBody({ seed: 5 });
	const created_at = new Date(START - 3_600_000).toISOString();
	const items = ['failed', 'processing', 'completed'].map((status) =>
		createJob({ id: status, status, inputs, created_at }),
	);
	const http = new ScriptedHttp().always('POST', HISTORY_URL, createSuccess({ items }));
	const clock = new VirtualClock();
	const search = async (seedIsDerived: boolean) => {
		const query = { model: MODEL, body: inputs, since: START, seedIsDerived };
		const known = () => new Set<string>();
		const found = await findSubmission(createClient(http, clock), { ...query, known }, clock);
		return found.map(({ id }) => id);
	};
	expect(await search(true)).toEqual(['processing']);
	expect(clock.sleeps).toEqual([1_000]);
	expect(await search(false)).toEqual([]);
	expect(clock.sleeps.slice(1)).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 30_000]);
});

it.each([
	[MODELS.infinitetalkFast, '', {}],
	[MODELS.infinitetalk720p, 'Hi', { resolution: '720p', prompt: 'Hi' }],
])('a body has what there is to say to %j', (model, prompt, more) => {
	const { image } = createBody();
	const media = { image, left_audio: 'https://a.example/l', right_audio: 'https://a.example/r' };
	const body = toSubmitBody(media, { model, order: 'left_right', prompt }, 7);
	expect(body).toEqual({ ...media, order: 'left_right', seed: 7, ...more });
});
