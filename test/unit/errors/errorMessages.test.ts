import { describe, expect, it } from '@jest/globals';
import { type ApiErrorKind, ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import {
	toJobError,
	failedJobError,
	appendJobId,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/errorMessages';
import { JOB, createPrediction } from '../support/api';

const FACTS = { notProcessed: true };

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

describe.each(KINDS)('a failure of the kind %s', (kind) => {
	const failure = new ApiError(kind, 'The sentence of the service.', { ...FACTS, status: 418 });

	it('keeps the sentence of the service and gives a next step', () => {
		const problem = toJobError(failure, { step: 'submit' });
		expect(problem.message).toContain('The sentence of the service.');
		expect(problem.advice).toMatch(NEXT_STEPS[kind]);
		expect(problem.details).toEqual({ step: 'submit', http_status: 418 });
	});

	it('names the job whenever there is one', () => {
		const problem = toJobError(failure, { step: 'wait', id: JOB });
		expect(problem.message).toContain(JOB);
		expect(problem.details.id).toBe(JOB);
		expect(problem.advice).not.toBe('');
	});

	it('names the input when there is one, unless the account is the trouble', () => {
		const problem = toJobError(failure, { step: 'upload', input: 'leftAudio' });
		const ofAccount = ['key', 'credit', 'forbidden', 'proxy', 'certificate'].includes(failure.kind);
		expect(problem.message.startsWith('Left Audio: ')).toBe(!ofAccount);
		expect(problem.details.input).toBe('leftAudio');
	});
});

it('a failure without an answer has no HTTP status', () => {
	const failure = new ApiError('noAnswer', 'the connection was lost', FACTS);
	const problem = toJobError(failure, { step: 'upload' });
	expect(problem.message).toBe('WaveSpeed could not be reached: the connection was lost');
	expect(problem.details).toEqual({ step: 'upload' });
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

it('a message without a job names none', () => {
	expect(appendJobId('It failed', undefined)).toBe('It failed');
	expect(appendJobId('It failed', JOB)).toBe(`It failed (job ${JOB})`);
});

describe('a job that failed', () => {
	it.each([
		[1200, /content check.*rejected again/],
		[1400, /missing or invalid/],
		[1401, /missing or invalid/],
		[1402, /could not read one of the uploaded files.*Run the workflow again/],
		[1403, /from the front/],
		[1405, /from the front/],
		[1406, /Adjust the inputs/],
		[1407, /Adjust the inputs/],
		[5000, /later/],
		[5003, /later/],
		[5004, /later/],
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

	it.each(['cancelled', 'canceled', 'deleted', 'expired'])(
		'promises no refund for a job that is %s',
		(status) => {
			const { advice } = failedJobError(createPrediction({ status }));
			expect(advice).toContain('does not promise a refund');
			expect(advice).not.toContain('WaveSpeed refunds');
		},
	);

	it.each(['failed', 'error', 'timeout'])('says that a job with %s is refunded', (status) => {
		expect(failedJobError(createPrediction({ status })).advice).toContain('WaveSpeed refunds');
	});

	it.each([
		['failed', /failed/],
		['cancelled', /canceled/],
		['canceled', /canceled/],
		['timeout', /timed the job out/],
		['deleted', /deleted/],
		['expired', /expired/],
		['error', /failed/],
		['Timeout', /timed the job out/],
	])('as %s without a word of the service has a sentence and its ID', (status, sentence) => {
		const problem = failedJobError(createPrediction({ status }));
		expect(problem.message).toMatch(sentence);
		expect(problem.advice).toMatch(/new job|inputs/);
		expect(problem.message).toContain(JOB);
		expect(problem.details).toEqual({ step: 'result', id: JOB, status });
	});
});
