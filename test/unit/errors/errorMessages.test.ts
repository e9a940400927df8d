import { describe, expect, it } from '@jest/globals';
import { type ApiErrorKind, ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	toJobError,
	failedJobError,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/errorMessages';
import { JOB, createPrediction } from '../support/api';

describe('a failed call', () => {
	it.each<[string, ApiErrorKind[]]>([
		['Left Audio: ', ['invalid', 'tooLarge', 'quota', 'refused', 'server', 'unreadable']],
		// An account's trouble is not the file's.
		['', ['key', 'credit', 'forbidden', 'proxy']],
	])("has '%s' before the service's sentence for each kind of %j", (label, kinds) => {
		const named = { input: 'leftAudio', id: JOB } as const;
		for (const kind of kinds) {
			const failure = new ApiError(kind, 'No, thanks.', { notProcessed: true, status: 418 });
			const problem = toJobError(failure, { step: 'upload', ...named });
			expect(problem.message).toBe(`${label}No, thanks. (job ${JOB})`);
			expect(problem.details).toEqual({ step: 'upload', ...named, http_status: 418 });
		}
	});

	it.each<[ApiErrorKind, RegExp]>([
		['notFound', /Base URL/],
		['rateLimit', /minute.*upgrade/],
		['quota', /upload storage is full/],
		['server', /later/],
		['notSent', /Nothing was sent.*credential/],
	])('of the kind %s has a next step', (kind, step) => {
		const failure = new ApiError(kind, 'No', { notProcessed: true });
		expect(toJobError(failure, { step: 'submit' }).advice).toMatch(step);
	});

	it.each(['noAnswer', 'certificate'] as const)(
		'of the kind %s has no HTTP status, and names no job where there is none',
		(kind) => {
			const failure = new ApiError(kind, 'the connection was lost', { notProcessed: true });
			const problem = toJobError(failure, { step: 'upload' });
			expect(problem.message).toBe('WaveSpeed could not be reached: the connection was lost');
			expect(problem.details).toStrictEqual({ step: 'upload' });
		},
	);

	it('by a right that a key lacks names it, and nothing about money or a wrong key', () => {
		const details = { notProcessed: true, status: 403, errorCode: 'balance_read_denied' };
		const failure = new ApiError('forbidden', 'No right', details);
		const error = toJobError(failure, { step: 'submit' });
		expect(error.advice).toMatch(/lacks a permission \(balance_read_denied\)/);
		expect(error.advice).not.toMatch(/top up|suspended/i);
		expect(error.details).toMatchObject({ http_status: 403, error_code: 'balance_read_denied' });
		expect(error.cause).toBe(failure);
	});
});

const refunds = 'WaveSpeed refunds failed jobs.';
const none = 'WaveSpeed does not promise a refund';

it.each<[Record<string, unknown>, string, string, RegExp]>([
	[{ code: 1200, error: 'No' }, 'No', refunds, /content check.*rejected again/],
	[{ code: 1400, error: 'No' }, 'No', refunds, /missing or invalid/],
	[{ code: 1401, error: 'No' }, 'No', refunds, /missing or invalid/],
	[{ code: 1402, error: 'No' }, 'No', refunds, /could not read one of the uploaded files/],
	[{ code: 1403, error: 'No' }, 'No', refunds, /from the front/],
	[{ code: 1405, error: 'No' }, 'No', refunds, /from the front/],
	[{ code: 1407, error: 'No' }, 'No', refunds, /Adjust the inputs/],
	[{ code: 5000, error: 'No' }, 'No', refunds, /later/],
	[{ code: 1407, error: 'Insufficient credits' }, 'Insufficient credits', refunds, /Top up/],
	[{}, 'The job failed', refunds, /Adjust the inputs/],
	[{ status: 'error' }, 'The job failed', refunds, /Adjust the inputs/],
	[{ status: 'Timeout' }, 'WaveSpeed timed the job out', refunds, /new job/],
	[{ status: 'cancelled' }, 'The job was stopped at WaveSpeed', none, /new job/],
	[{ status: 'canceled' }, 'The job was stopped at WaveSpeed', none, /new job/],
	[{ status: 'deleted' }, 'The job was deleted at WaveSpeed', none, /new job/],
	[{ status: 'expired' }, 'The job expired at WaveSpeed before it finished', none, /new job/],
	// By the word "canceled", n8n would take the execution for a stopped one.
	[{ status: 'canceled', error: 'canceled by X' }, 'cancelled by X', none, /Adjust the inputs/],
])('of a job that ended with %j is said: "%s", "%s" and %s', (given, sentence, refund, step) => {
	const prediction = createPrediction({ status: 'failed', ...given });
	const { message, advice, details } = failedJobError(prediction);
	expect(message).toBe(`${sentence} (job ${JOB})`);
	expect(advice).toContain(refund);
	expect(advice).toMatch(step);
	const { status, code } = prediction;
	expect(details).toEqual({ step: 'result', id: JOB, status, ...(code !== 0 && { code }) });
});
