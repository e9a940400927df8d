import { describe, expect, it } from '@jest/globals';
import {
	isPredictionId,
	RETENTION_MS,
	isRefunded,
	parsePrediction,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { JOB, createCompleted, createJob } from '../support/api';

describe('a status', () => {
	it.each([
		['created', 'unfinished'],
		['processing', 'unfinished'],
		['pending', 'unfinished'],
		['queued', 'unfinished'],
		['complete', 'unfinished'],
		['something new', 'unfinished'],
		['completed', 'completed'],
		['Completed', 'completed'],
		['succeeded', 'completed'],
		['success', 'completed'],
		['SUCCESS ', 'completed'],
		['failed', 'failed'],
		['FAILED', 'failed'],
		['error', 'failed'],
		['expired', 'failed'],
		['cancelled', 'failed'],
		['canceled', 'failed'],
		['timeout', 'failed'],
		['deleted', 'failed'],
	])('%j stands for %s', (status, state) => {
		expect(parsePrediction(createJob({ status }))).toMatchObject({ status, state });
	});

	it('processing with the task code 5004 of sync mode waits on', () => {
		const prediction = parsePrediction(createJob({ status: 'processing', code: 5004 }))!;
		expect(prediction.state).toBe('unfinished');
	});

	it.each([
		['failed', true],
		['Failed', true],
		['error', true],
		['timeout', true],
		[' timeout ', true],
		['cancelled', false],
		['canceled', false],
		['deleted', false],
		['expired', false],
		['completed', false],
		['processing', false],
	])('%j is paid back: %s', (status, refunded) => {
		expect(isRefunded({ status })).toBe(refunded);
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

	it('leaves out what is of the wrong type', () => {
		const job = { ...createJob(), model: 7, created_at: {}, input: [], inputs: 'x' };
		const { model, createdAt, inputs } = parsePrediction({ ...job, code: '1', error: 7 })!;
		expect([model, createdAt, inputs]).toEqual([undefined, undefined, undefined]);
		expect(parsePrediction({ ...job, code: '1', error: 7 })).toMatchObject({ code: 0, error: '' });
	});

	it('is kept for seven days', () => {
		expect(RETENTION_MS).toBe(604_800_000);
	});

	it('needs no more than an ID and a status', () => {
		const raw = { id: JOB, status: 'processing' };
		expect(parsePrediction(raw)).toEqual({
			...raw,
			state: 'unfinished',
			outputs: [],
			hasNsfwContents: null,
			error: '',
			code: 0,
			raw,
		});
	});

	it.each<[string, unknown, string[]]>([
		['a list of addresses', ['https://a/1', 'https://a/2'], ['https://a/1', 'https://a/2']],
		['objects with url', [{ url: 'https://a/1', type: 'video' }], ['https://a/1']],
		['a lone address', 'https://a/1', ['https://a/1']],
		['a lone object with url', { url: 'https://a/1' }, ['https://a/1']],
		['null', null, []],
		['absent', undefined, []],
		['an empty list', [], []],
		['an empty text', '', []],
		['empty and wrong entries', ['', null, 7, {}, { url: 7 }, [], 'https://a/1'], ['https://a/1']],
		['a number', 7, []],
	])('has its outputs when they are %s', (_shape, outputs, addresses) => {
		expect(parsePrediction(createJob({ outputs }))?.outputs).toEqual(addresses);
	});

	it('ignores the key "output" of the base64 page', () => {
		expect(parsePrediction(createJob({ output: 'https://a/1' }))?.outputs).toEqual([]);
	});

	it.each<[string, unknown, boolean[] | null]>([
		['flags', [true, false], [true, false]],
		['null', null, null],
		['absent', undefined, null],
		['not flags', ['true', 1], [false, false]],
	])('has its content flags when they are %s', (_shape, flags, read) => {
		expect(parsePrediction(createJob({ has_nsfw_contents: flags }))?.hasNsfwContents).toEqual(read);
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
		'',
		'.',
		'..',
		'a'.repeat(257),
		'../balance',
		'a/b/c/d',
		'abcd?x',
		'abcd%2F',
		'ab cd',
		'abcd\n',
		'é123',
	])('cannot be %j', (id) => {
		expect(isPredictionId(id)).toBe(false);
		expect(parsePrediction(createJob({ id }))).toBeUndefined();
	});
});
