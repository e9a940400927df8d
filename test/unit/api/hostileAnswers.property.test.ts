/** Whatever the API answers: nothing is thrown but ApiError, and what is read can be used. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
	chargesByJob,
	parseBillings,
	parsePrice,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/account';
import {
	parseEnvelope,
	parseErrorCode,
	serviceMessage,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/envelope';
import { ApiError, errorFromResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { parsePrediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import {
	parseResult,
	parseSubmission,
	submissionError,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/submission';
import { parseTicket } from '../../../nodes/WaveSpeedInfiniteTalk/api/upload';
import { JOB, createCompleted } from '../support/api';
import { forAll, jsonText, numbersIn, spoiled, text } from '../support/arbitraries';
import { START } from '../support/clock';

/** The service's sentences are cut to this. */
const LONGEST = 500;

const DATA = createCompleted({ error: 'No face', code: 1400, input: { seed: 1 } });
const ANSWER = { code: 200, message: 'success', data: DATA };

const parse = (json: string) => JSON.parse(json) as unknown;

const responses = fc.record({
	status: fc.oneof(fc.constantFrom(200, 201, 302, 400, 403, 404, 429, 500, 504), fc.nat(999)),
	headers: fc.record({ 'retry-after': fc.oneof(text(), fc.nat().map(String)) }),
	text: fc.oneof(spoiled(ANSWER), spoiled(DATA), spoiled([ANSWER]), text()),
});

function expectUsable({ id, state, status, outputs, error, code, inferenceMs }: Prediction): void {
	const { pathname } = new URL(`https://api.example/v3/predictions/${id}/result?x`);
	expect(pathname).toBe(`/v3/predictions/${id}/result`);
	expect(encodeURIComponent(id).replace(/%3A/g, ':')).toBe(id);
	expect(['unfinished', 'completed', 'failed']).toContain(state);
	expect(status).not.toBe('');
	expect(outputs.every((url) => typeof url === 'string' && url !== '')).toBe(true);
	expect(error.length).toBeLessThanOrEqual(LONGEST);
	expect(numbersIn([code, inferenceMs]).every(Number.isFinite)).toBe(true);
}

function expectFailure(failure: unknown, status: number): void {
	if (!(failure instanceof ApiError)) throw failure;
	expect(failure.message).not.toBe('');
	expect(failure.message.length).toBeLessThan(LONGEST + 100);
	expect(failure.message).not.toMatch(/[\r\n]/);
	expect(numbersIn(failure.details).every(Number.isFinite)).toBe(true);
	// What may have happened is never said not to have happened.
	if (status >= 500) expect(failure.details.notProcessed).toBe(false);
}

describe('any JSON', () => {
	it('is no prediction, or one that can be used', () => {
		forAll(fc.tuple(spoiled(DATA), fc.constantFrom(undefined, 'created')), ([json, assumed]) => {
			const prediction = parsePrediction(parse(json), assumed);
			if (prediction) expectUsable(prediction);
		});
	});

	it('is no price, or an amount of some currency', () => {
		const sample = { price: 0.15, discounted_price: 0.12, currency: 'usd' };
		forAll(spoiled(sample), (json) => {
			const found = parsePrice(parse(json));
			if (!found) return;
			expect(Number.isFinite(found.price) && found.price >= 0).toBe(true);
			expect(found.currency).toMatch(/^\S(.{0,498}\S)?$/su);
		});
	});

	it('is a bill of finite amounts', () => {
		const entry = { billing_type: 'deduct', price: 0.3, prediction: { uuid: JOB } };
		const sample = { items: [entry, { ...entry, billing_type: 'refund' }], has_more: true };
		forAll(spoiled(sample), (json) => {
			const { records } = parseBillings(parse(json));
			expect(numbersIn(records).every(Number.isFinite)).toBe(true);
			expect(numbersIn([...chargesByJob(records).values()]).every(Number.isFinite)).toBe(true);
		});
	});

	it('is a ticket of texts, or an ApiError', () => {
		const upload = { method: 'PUT', url: 'https://s.example/1', headers: { 'x-a': '1' } };
		forAll(spoiled({ upload, download_url: 'https://s.example/2' }), (json) => {
			try {
				const { putUrl, downloadUrl, headers } = parseTicket(parse(json));
				const all = [putUrl, downloadUrl, ...Object.values(headers)];
				expect(all.every((value) => typeof value === 'string')).toBe(true);
			} catch (error) {
				expectFailure(error, 200);
			}
		});
	});
});

describe('any response', () => {
	it('has an envelope with a sentence of one line, or none', () => {
		forAll(fc.oneof(spoiled(ANSWER), jsonText(), text()), (body) => {
			const envelope = parseEnvelope(body);
			const sentences = [envelope?.message, serviceMessage(body), parseErrorCode(body)];
			for (const sentence of sentences) {
				expect((sentence ?? '').length).toBeLessThanOrEqual(LONGEST);
				expect(sentence ?? '').not.toMatch(/[\r\n]/);
			}
			expect(numbersIn(envelope?.code).every(Number.isFinite)).toBe(true);
		});
	});

	it('is a success, or a failure that can be told', () => {
		forAll(responses, (response) => {
			const failure = errorFromResponse(response, START);
			if (failure) expectFailure(failure, response.status);
			else expect(response.status).toBeLessThan(300);
		});
	});

	it('to a submission names a usable job, or a failure that does not deny one', () => {
		forAll(responses, (response) => {
			const jobs = [parseSubmission(response), parseResult(response)];
			jobs.forEach((job) => job && expectUsable(job));
			const failure = submissionError(response, START);
			expectFailure(failure, response.status);
			expect((failure.details.possibleId ?? '').length).toBeLessThanOrEqual(256);
		});
	});
});
