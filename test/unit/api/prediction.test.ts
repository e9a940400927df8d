import { describe, expect, it } from '@jest/globals';
import {
	isPredictionId,
	isRefunded,
	parsePrediction,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { JOB, createCompleted, createJob } from '../support/api';

describe('a status', () => {
	it.each([
		['unfinished', ['created', 'processing', 'pending', 'queued', 'complete', 'something new']],
		['completed', ['completed', 'Completed', 'succeeded', 'success', 'SUCCESS ']],
		['failed', ['failed', 'FAILED', 'error', 'expired', 'cancelled', 'canceled']],
		['failed', ['timeout', 'deleted']],
	])('means %s in %j', (state, statuses) => {
		for (const status of statuses) {
			// A code is that of the task, such as 5004 of the sync mode, and says nothing about its end.
			expect(parsePrediction(createJob({ status, code: 5004 }))).toMatchObject({ status, state });
		}
	});

	it.each([
		[true, ['failed', 'Failed', 'error', 'timeout', ' timeout ']],
		[false, ['cancelled', 'canceled', 'deleted', 'expired', 'completed', 'processing']],
	])('is paid back: %s (%j)', (isPaidBack, statuses) => {
		for (const status of statuses)
			expect([status, isRefunded({ status })]).toEqual([status, isPaidBack]);
	});
});

describe('a prediction', () => {
	it('is read with all its fields', () => {
		const job = createCompleted({ code: 0, inputs: { image: 'x' } });
		expect(parsePrediction(job)).toEqual({
			id: JOB,
			status: 'completed',
			state: 'completed',
			model: 'wavespeed-ai/infinitetalk-fast/multi',
			outputs: ['https://cdn.wavespeed.ai/o/1.mp4'],
			hasNsfwContents: [false],
			createdAt: '2026-01-01T00:00:00.000000001Z',
			error: '',
			code: 0,
			inferenceMs: 184_000,
			inputs: { image: 'x' },
			raw: job,
		});
	});

	it.each(['', 7, ['created'], null])('has no status in %j', (status) => {
		const job = createJob({ status });
		expect(parsePrediction(job)).toBeUndefined();
		expect(parsePrediction(job, 'created')).toMatchObject({ status: 'created' });
	});

	it('is no value but an object with an ID that is a text', () => {
		const list = Object.assign([], createJob());
		for (const value of [undefined, null, JOB, list, createJob({ id: [JOB] })]) {
			expect(parsePrediction(value)).toBeUndefined();
		}
	});

	it('needs no more than an ID and a status; what is of the wrong type is left out', () => {
		const needed = { id: JOB, status: 'processing' };
		const wrong = { model: 7, created_at: {}, input: [], inputs: 'x', code: '1', error: 7 };
		for (const raw of [needed, { ...needed, ...wrong }]) {
			expect(parsePrediction(raw)).toEqual({
				...{ ...needed, state: 'unfinished', outputs: [], hasNsfwContents: null },
				...{ error: '', code: 0, raw },
			});
		}
	});

	it.each<[string[], unknown[]]>([
		[['https://a/1', 'https://a/2'], [['https://a/1', 'https://a/2']]],
		[
			['https://a/1'],
			[[{ url: 'https://a/1', type: 'video' }], 'https://a/1', { url: 'https://a/1' }],
		],
		[['https://a/1'], [['', null, 7, {}, { url: 7 }, [], 'https://a/1']]],
		[[], [null, undefined, [], '', 7]],
	])('has the outputs %j in each of %j', (addresses, shapes) => {
		for (const outputs of shapes) {
			// "output" is of the base64 page.
			const job = createJob({ outputs, output: 'https://a/3' });
			expect(parsePrediction(job)?.outputs).toEqual(addresses);
		}
	});

	it('has its content flags, if it is given any', () => {
		const shapes = [[true, false], ['true', 1], null, undefined];
		const read = shapes.map((has_nsfw_contents) =>
			parsePrediction(createJob({ has_nsfw_contents })),
		);
		const flags = [[true, false], [false, false], null, null];
		expect(read.map((prediction) => prediction?.hasNsfwContents)).toEqual(flags);
	});

	it('has its failure in words and as a code', () => {
		const job = createJob({ status: 'failed', code: 1402, error: ' cannot read the audio\n' });
		expect(parsePrediction(job)).toMatchObject({ error: 'cannot read the audio', code: 1402 });
		expect(parsePrediction(createJob({ error: 'x'.repeat(501) }))?.error).toHaveLength(500);
		expect(parsePrediction(createJob({ code: Infinity }))?.code).toBe(0);
	});

	it('takes its duration from timings, else from executionTime', () => {
		const timed = createJob({ timings: { inference: 5 }, executionTime: 9 });
		const webhook = createJob({ timings: undefined, executionTime: 9 });
		expect(parsePrediction(timed)?.inferenceMs).toBe(5);
		expect(parsePrediction(webhook)?.inferenceMs).toBe(9);
		expect(parsePrediction({ ...timed, timings: { inference: Infinity } })?.inferenceMs).toBe(9);
		expect(parsePrediction(createJob())).not.toHaveProperty('inferenceMs');
	});

	it.each(['input', 'inputs'])('has its inputs under "%s"', (key) => {
		expect(parsePrediction(createJob({ [key]: { image: 'x' } }))?.inputs).toEqual({ image: 'x' });
	});
});

describe('the ID of a job', () => {
	it.each([JOB, 'pred_abc123', 'task-12-ab', '7', 'task:2026.01.01~7', '..a', 'a'.repeat(256)])(
		'can be %s',
		(id) => {
			expect(isPredictionId(id)).toBe(true);
		},
	);

	it.each([
		...['', '.', '..', 'a'.repeat(257), '../balance', 'a/b/c/d', 'abcd?x', 'abcd%2F'],
		...['ab cd', 'abcd\n', 'é123'],
	])('cannot be %j', (id) => {
		expect(isPredictionId(id)).toBe(false);
		expect(parsePrediction(createJob({ id }))).toBeUndefined();
	});
});
