import { describe, expect, it } from '@jest/globals';
import {
	type PredictionState,
	isPredictionId,
	isRefunded,
	parsePrediction,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { JOB, createCompleted, createJob } from '../support/api';

it.each<[PredictionState, boolean, string[]]>([
	['unfinished', false, ['created', 'processing', 'pending', 'queued', 'complete', 'novel']],
	['completed', false, ['completed', 'Completed', 'succeeded', 'success', 'SUCCESS ']],
	['failed', true, ['failed', 'FAILED', 'error', 'timeout', ' timeout ']],
	['failed', false, ['expired', 'cancelled', 'canceled', 'deleted']],
])('%s (paid back: %s) is meant by each status of %j', (state, isPaidBack, statuses) => {
	for (const status of statuses) {
		// A code is that of the task, such as 5004 of the sync mode, and says nothing about its end.
		expect(parsePrediction(createJob({ status, code: 5004 }))).toMatchObject({ status, state });
		expect([status, isRefunded({ status })]).toEqual([status, isPaidBack]);
	}
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
			expect(parsePrediction(raw)).toStrictEqual({
				...{ ...needed, state: 'unfinished', outputs: [], hasNsfwContents: null },
				...{ error: '', code: 0, raw },
			});
		}
	});

	const [A, B] = ['https://a/1', 'https://a/2'];

	it.each<[unknown, string[]]>([
		[
			[A, B],
			[A, B],
		],
		[[{ url: A, type: 'video' }], [A]],
		[A, [A]],
		[{ url: A }, [A]],
		[['', null, 7, {}, { url: 7 }, [], A], [A]],
		...[null, undefined, [], '', 7].map((none): [unknown, string[]] => [none, []]),
	])('has in the outputs %j the addresses %j', (outputs, addresses) => {
		// "output" is of the base64 page.
		const job = createJob({ outputs, output: 'https://a/3' });
		expect(parsePrediction(job)?.outputs).toEqual(addresses);
	});

	const timings = { inference: 5 };

	it.each<[string, Record<string, unknown>, object]>([
		['failure', { code: 1402, error: ' no\nface ' }, { code: 1402, error: 'no face' }],
		['code, which is a number with an end', { code: Infinity }, { code: 0 }],
		['duration from timings', { timings, executionTime: 9 }, { inferenceMs: 5 }],
		['duration as in a call', { timings: undefined, executionTime: 9 }, { inferenceMs: 9 }],
		[
			'duration, which has an end',
			{ timings: { inference: Infinity } },
			{ inferenceMs: undefined },
		],
		['inputs under "input"', { input: { image: 'x' } }, { inputs: { image: 'x' } }],
		[
			'flags of the content check',
			{ has_nsfw_contents: [true, 'true', 1] },
			{ hasNsfwContents: [true, false, false] },
		],
	])('has its %s', (_what, given, read) => {
		expect({ inferenceMs: undefined, ...parsePrediction(createJob(given)) }).toMatchObject(read);
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
