import { describe, expect, it } from '@jest/globals';
import {
	jobOutput,
	listedOutput,
	rawOutput,
	simplifiedOutput,
	unfinishedOutput,
	videoFileName,
} from '../../../nodes/WaveSpeedInfiniteTalk/output/output';
import { JOB, MODEL, createCompleted, createPrediction } from '../support/api';

/** What comes out for a job of which nothing is known. */
const UNKNOWN = {
	id: JOB,
	status: 'unknown',
	video_url: null,
	reused: false,
	expires_at: null,
	has_nsfw_contents: null,
	created_at: null,
	inference_ms: null,
};
/** The keys that the API may leave out. */
const BARE = {
	...{ model: undefined, outputs: undefined, has_nsfw_contents: undefined },
	...{ created_at: undefined, timings: undefined },
};
const FACTS = { reusedFrom: '2025-12-31T00:00:00Z', durationS: 12.5, estimatedCost: 0.3 };

describe('a job in a list', () => {
	it.each<[object, { model: unknown; prompt: unknown }]>([
		[{ input: { prompt: ' Hello ' } }, { model: MODEL, prompt: 'Hello' }],
		[{ model: undefined }, { model: null, prompt: null }],
	])('with %j has %j', (more, expected) => {
		const job = createPrediction({ ...BARE, model: MODEL, ...more });
		const { reused: _none, ...fields } = UNKNOWN;
		const simplified = { ...fields, status: 'created', ...expected };
		expect(listedOutput(job, 'simplified')).toEqual(simplified);
		expect(listedOutput(job, ['prompt', 'x'])).toEqual({ id: JOB, prompt: simplified.prompt });
		expect(listedOutput(job, 'raw')).toEqual(rawOutput(job));
	});
});

describe('a job, simplified', () => {
	it('has every key also when the API leaves all fields out, or it was never read', () => {
		expect(simplifiedOutput(createPrediction(BARE))).toEqual({ ...UNKNOWN, status: 'created' });
		expect(unfinishedOutput(undefined, JOB)).toEqual(UNKNOWN);
		expect(unfinishedOutput(undefined, JOB, FACTS)).toMatchObject({ reused: true });
	});

	it.each([
		[[false, true], true],
		[[false], false],
		[[], false],
		['true', null],
	])('turns the flags %j of the content check into %j', (has_nsfw_contents, flag) => {
		const prediction = createPrediction(createCompleted({ has_nsfw_contents }));
		expect(simplifiedOutput(prediction)).toMatchObject({
			has_nsfw_contents: flag,
			video_url: 'https://cdn.wavespeed.ai/o/1.mp4',
		});
	});

	it('says when it is used again, how long its video will be and what it costs', () => {
		const job = createPrediction();
		const given = { reused: true, duration_s: 12.5, estimated_cost: 0.3 };
		expect(jobOutput(job, 'simplified', FACTS)).toEqual({ ...simplifiedOutput(job), ...given });
		expect(jobOutput(job, ['duration_s'], FACTS)).toEqual({ id: JOB, duration_s: 12.5 });
		expect(jobOutput(job, 'raw', FACTS)).toEqual({ ...rawOutput(job), estimated_cost: 0.3 });
	});

	it('has no video before it is completed', () => {
		const early = createPrediction({ status: 'processing', outputs: ['https://a.b/preview.mp4'] });
		expect(unfinishedOutput(early, JOB)).toMatchObject({ status: 'processing', video_url: null });
	});

	it.each([
		['2026-01-01T00:00:00.123456789Z', '2026-01-08T00:00:00.123Z'],
		['2026-01-01T08:00:00+08:00', '2026-01-08T00:00:00.000Z'],
		['yesterday', null],
		['+275760-09-13T00:00:00.000Z', null],
	])('made at %j expires at %j', (created_at, expires_at) => {
		expect(simplifiedOutput(createPrediction({ created_at })).expires_at).toBe(expires_at);
	});
});

it.each(['', 'task failed', ' ', null, undefined, 0, false, {}, [], { message: 'x' }])(
	'the key "error", which n8n takes for a failed item, never comes out when the API gives %j',
	(error) => {
		const prediction = createPrediction(createCompleted({ error }));
		expect(simplifiedOutput(prediction)).not.toHaveProperty('error');
		expect(rawOutput(prediction)).not.toHaveProperty('error');
	},
);

it('a job as the API gave it has all its fields, known or not, and "error" by another name', () => {
	const { error, ...rest } = createCompleted({ error: 'task failed', novelty: { a: [1] } });
	const prediction = createPrediction({ ...rest, error });
	expect(rawOutput(prediction)).toEqual({ ...rest, job_error: 'task failed' });
	expect(prediction.raw.error).toBe('task failed');
});

it.each([
	['   ', 'mp4', `infinitetalk-${JOB}.mp4`],
	['Talk.MP4', 'mp4', 'Talk.MP4'],
	['talk.mp4', 'webm', 'talk.mp4.webm'],
	['../../etc/passwd', 'mp4', '.._.._etc_passwd.mp4'],
	['a\\b:c*d?e"f<g>h|i', 'mp4', 'a_b_c_d_e_f_g_h_i.mp4'],
	['a\nb\0c', 'mp4', 'a_b_c.mp4'],
	['Gespräch 对话', 'mp4', 'Gespräch 对话.mp4'],
])('the video that is wished as %j, with the extension %s, is %j', (wished, extension, name) => {
	expect(videoFileName(wished, JOB, extension)).toBe(name);
});
