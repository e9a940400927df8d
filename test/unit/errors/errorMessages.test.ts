import { describe, expect, it } from '@jest/globals';
import { type ApiErrorKind, ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	toJobError,
	failedJobError,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/errorMessages';
import { JOB, createPrediction } from '../support/api';

/** A compile-time list of all kinds: a new kind without an entry here is a type error. */
const NEXT_STEPS: Record<ApiErrorKind, RegExp> = {
	invalid: /field/,
	key: /API Key.*first top-up/,
	credit: /top up.*wavespeed\.ai\/top-up/i,
	forbidden: /suspended.*role/,
	notFound: /Base URL/,
	tooLarge: /smaller/,
	rateLimit: /minute.*upgrade/,
	quota: /upload storage is full/,
	redirect: /Base URL/,
	refused: /inputs/,
	server: /later/,
	unreadable: /Base URL.*later.*HTTPS_PROXY and NO_PROXY/,
	proxy: /firewall.*HTTPS_PROXY and NO_PROXY/,
	certificate: /NODE_EXTRA_CA_CERTS/,
	noAnswer: /internet.*Base URL/,
	notSent: /Nothing was sent.*credential/,
};

const KINDS = Object.keys(NEXT_STEPS) as ApiErrorKind[];

it.each(KINDS)("a failure of the kind %s has the service's sentence and a next step", (kind) => {
	const facts = { notProcessed: true, status: 418 };
	const failure = new ApiError(kind, 'The sentence of the service.', facts);
	const problem = toJobError(failure, { step: 'upload', input: 'leftAudio', id: JOB });
	expect(problem.message).toContain(`The sentence of the service. (job ${JOB})`);
	// An account's trouble is not the file's.
	const ofAccount = ['key', 'credit', 'forbidden', 'proxy', 'certificate'].includes(kind);
	expect(problem.message.startsWith('Left Audio: ')).toBe(!ofAccount);
	const named = { input: 'leftAudio', id: JOB };
	expect(problem.details).toEqual({ step: 'upload', ...named, http_status: 418 });
	expect(problem.advice).not.toBe('');
	expect(toJobError(failure, { step: 'submit' }).advice).toMatch(NEXT_STEPS[kind]);
});

it('a failure without an answer has no HTTP status, and names no job where there is none', () => {
	const failure = new ApiError('noAnswer', 'the connection was lost', { notProcessed: true });
	const problem = toJobError(failure, { step: 'upload' });
	expect(problem.message).toBe('WaveSpeed could not be reached: the connection was lost');
	expect(problem.details).toStrictEqual({ step: 'upload' });
});

it('a right that a key lacks is named, and nothing about money or a wrong key', () => {
	const details = { notProcessed: true, status: 403, errorCode: 'balance_read_denied' };
	const failure = new ApiError('forbidden', 'No right', details);
	const error = toJobError(failure, { step: 'submit' });
	expect(error.advice).toMatch(/lacks a permission \(balance_read_denied\)/);
	expect(error.advice).not.toMatch(/top up|suspended/i);
	expect(error.details).toMatchObject({ http_status: 403, error_code: 'balance_read_denied' });
	expect(error.cause).toBe(failure);
});

describe('a job that failed', () => {
	it.each([
		[1200, /content check.*rejected again/],
		[1400, /missing or invalid/],
		[1401, /missing or invalid/],
		[1402, /could not read one of the uploaded files.*Run the workflow again/],
		[1403, /from the front/],
		[1405, /from the front/],
		[1407, /Adjust the inputs/],
		[5000, /later/],
		[9999, /later/],
		[7, /Adjust the inputs/],
	])('with the code %i says what to do, and that it is refunded', (code, step) => {
		const prediction = createPrediction({ status: 'failed', code, error: 'Their sentence.' });
		const problem = failedJobError(prediction);
		expect(problem.message).toBe(`Their sentence. (job ${JOB})`);
		expect(problem.advice).toMatch(step);
		expect(problem.advice).toContain('WaveSpeed refunds');
		expect(problem.details).toEqual({ step: 'result', id: JOB, status: 'failed', code });
	});

	it('for lack of credit says how to top up', () => {
		const error = 'Insufficient credits for this task';
		const prediction = createPrediction({ status: 'failed', code: 1407, error });
		expect(failedJobError(prediction).advice).toMatch(/Top up.*wavespeed\.ai\/top-up/);
	});

	it('says nowhere "canceled", by which n8n would take the execution for a stopped one', () => {
		for (const error of ['Task canceled by an operator', '']) {
			const { message } = failedJobError(createPrediction({ status: 'canceled', error }));
			expect(message).not.toContain('canceled');
		}
	});

	it.each([
		['failed', /failed/, /Adjust the inputs.* WaveSpeed refunds/],
		['error', /failed/, /Adjust the inputs.* WaveSpeed refunds/],
		['Timeout', /timed the job out/, /new job.* WaveSpeed refunds/],
		['cancelled', /stopped/, /new job.* does not promise a refund/],
		['canceled', /stopped/, /new job.* does not promise a refund/],
		['deleted', /deleted/, /new job.* does not promise a refund/],
		['expired', /expired/, /new job.* does not promise a refund/],
	])('as %s without a word of the service has a sentence and its ID', (status, word, advice) => {
		const problem = failedJobError(createPrediction({ status }));
		expect(problem.message).toMatch(word);
		expect(problem.message).toContain(JOB);
		expect(problem.advice).toMatch(advice);
		expect(problem.details).toEqual({ step: 'result', id: JOB, status });
	});
});
