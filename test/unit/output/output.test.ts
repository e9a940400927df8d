import { describe, expect, it } from '@jest/globals';
import {
	listedOutput,
	rawOutput,
	simplifiedOutput,
	unfinishedOutput,
	videoFileName,
} from '../../../nodes/WaveSpeedInfiniteTalk/output/output';
import { JOB, MODEL, createCompleted, createPrediction } from '../support/api';

describe('a job in a list', () => {
	const circumstances = {
		expires_at: '2026-01-08T00:00:00.000Z',
		has_nsfw_contents: null,
		created_at: '2026-01-01T00:00:00Z',
		inference_ms: null,
	};
	const bare = { outputs: null, has_nsfw_contents: null, created_at: circumstances.created_at };

	it.each<[object, { model: unknown; prompt: unknown }]>([
		[{ input: { prompt: ' Hello ' } }, { model: MODEL, prompt: 'Hello' }],
		[{ model: undefined }, { model: null, prompt: null }],
	])('with %j has %j', (more, expected) => {
		const job = createPrediction({ ...bare, ...more });
		const outcome = { id: JOB, status: 'created', video_url: null };
		const simplified = { ...outcome, ...expected, ...circumstances };
		expect(listedOutput(job, 'simplified')).toEqual(simplified);
		expect(listedOutput(job, ['prompt', 'x'])).toEqual({ id: JOB, prompt: simplified.prompt });
		expect(listedOutput(job, 'raw')).toEqual(rawOutput(job));
	});
});

describe('a completed job, simplified', () => {
	it('has the words of the API and the address of the video', () => {
		expect(simplifiedOutput(createPrediction(createCompleted()))).toEqual({
			id: JOB,
			status: 'completed',
			video_url: 'https://cdn.wavespeed.ai/o/1.mp4',
			reused: false,
			expires_at: '2026-01-08T00:00:00.000Z',
			has_nsfw_contents: false,
			created_at: '2026-01-01T00:00:00.000Z',
			inference_ms: 184_000,
		});
	});

	it('has every key also when the API leaves all fields out', () => {
		const bare = { model: undefined, outputs: undefined, has_nsfw_contents: undefined };
		const more = { created_at: undefined, timings: undefined };
		expect(simplifiedOutput(createPrediction({ ...bare, ...more }))).toEqual({
			id: JOB,
			status: 'created',
			video_url: null,
			reused: false,
			expires_at: null,
			has_nsfw_contents: null,
			created_at: null,
			inference_ms: null,
		});
	});

	it.each([
		[[true], true],
		[[false, true], true],
		[[false], false],
		[[], false],
		['true', null],
		[null, null],
	])('turns the flags %j of the content check into %j', (has_nsfw_contents, flag) => {
		const prediction = createPrediction(createCompleted({ has_nsfw_contents }));
		expect(simplifiedOutput(prediction).has_nsfw_contents).toBe(flag);
	});

	it('says when a job is used again, and how long its video will be', () => {
		const facts = { reusedFrom: '2025-12-31T00:00:00Z', durationS: 12.5, estimatedCost: 0.3 };
		expect(simplifiedOutput(createPrediction(), facts)).toMatchObject({
			reused: true,
			duration_s: 12.5,
			estimated_cost: 0.3,
		});
		expect(rawOutput(createPrediction(), facts)).toMatchObject({ id: JOB, estimated_cost: 0.3 });
		const plain = Object.keys(simplifiedOutput(createPrediction()));
		expect(plain).not.toContain('duration_s');
		expect(plain).not.toContain('estimated_cost');
	});

	it('has no video before it is completed', () => {
		const early = createPrediction({ status: 'processing', outputs: ['https://a.b/preview.mp4'] });
		expect(simplifiedOutput(early).video_url).toBeNull();
	});

	it.each([
		['2026-01-01T00:00:00.123456789Z', '2026-01-08T00:00:00.123Z'],
		['2026-01-01T08:00:00+08:00', '2026-01-08T00:00:00.000Z'],
		['yesterday', null],
		['', null],
		['+275760-09-13T00:00:00.000Z', null],
	])('made at %j expires at %j', (created_at, expires_at) => {
		expect(simplifiedOutput(createPrediction({ created_at })).expires_at).toBe(expires_at);
	});
});

describe('the key "error", which n8n takes for a failed item,', () => {
	const ERRORS = ['', 'task failed', ' ', null, undefined, 0, false, {}, [], { message: 'x' }];

	it.each(ERRORS)('never comes out when the API gives %j', (error) => {
		for (const status of ['completed', 'failed', 'processing']) {
			const prediction = createPrediction(createCompleted({ status, error }));
			expect(simplifiedOutput(prediction)).not.toHaveProperty('error');
			expect(rawOutput(prediction)).not.toHaveProperty('error');
			expect(unfinishedOutput(prediction, JOB)).not.toHaveProperty('error');
		}
	});

	it('does not come out for a job that was never read', () => {
		expect(unfinishedOutput(undefined, JOB)).not.toHaveProperty('error');
	});
});

describe('a job as the API gave it', () => {
	it('has all its fields, known or not', () => {
		const job = createCompleted({ cost: 0.3, novelty: { a: [1] } });
		const { error, ...rest } = job;
		expect(error).toBe('');
		expect(rawOutput(createPrediction(job))).toEqual(rest);
	});

	it('has the words of a failure under another name', () => {
		const given = rawOutput(createPrediction({ status: 'failed', error: 'task failed' }));
		expect(given).toMatchObject({ status: 'failed', job_error: 'task failed' });
	});

	it('is not changed itself', () => {
		const prediction = createPrediction({ error: 'x' });
		rawOutput(prediction);
		expect(prediction.raw.error).toBe('x');
	});
});

describe('an unfinished job', () => {
	it('has what Get Result needs', () => {
		const job = unfinishedOutput(createPrediction({ status: 'processing' }), JOB);
		expect(job).toMatchObject({ id: JOB, status: 'processing', video_url: null });
	});

	it('has its ID also when nothing else is known', () => {
		expect(unfinishedOutput(undefined, JOB)).toEqual({
			id: JOB,
			status: 'unknown',
			video_url: null,
			reused: false,
			expires_at: null,
			created_at: null,
			has_nsfw_contents: null,
			inference_ms: null,
		});
	});

	it('that is used again says so', () => {
		expect(unfinishedOutput(undefined, JOB, { reusedFrom: 'unknown' }).reused).toBe(true);
	});
});

describe('the name of the video', () => {
	it.each([
		['', 'mp4', `infinitetalk-${JOB}.mp4`],
		['   ', 'mp4', `infinitetalk-${JOB}.mp4`],
		['talk', 'mp4', 'talk.mp4'],
		['talk.mp4', 'mp4', 'talk.mp4'],
		['Talk.MP4', 'mp4', 'Talk.MP4'],
		['talk.mp4', 'webm', 'talk.mp4.webm'],
		['talk.v2', 'mp4', 'talk.v2.mp4'],
		['../../etc/passwd', 'mp4', '.._.._etc_passwd.mp4'],
		['a\\b:c*d?e"f<g>h|i', 'mp4', 'a_b_c_d_e_f_g_h_i.mp4'],
		['a\nb\0c', 'mp4', 'a_b_c.mp4'],
		['Gespräch 对话', 'mp4', 'Gespräch 对话.mp4'],
	])('wished as %j, with the extension %s, is %j', (wished, extension, name) => {
		expect(videoFileName(wished, JOB, extension)).toBe(name);
	});
});
