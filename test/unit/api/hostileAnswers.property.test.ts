/** Whatever the API answers: nothing is thrown but ApiError, and what is read can be used. */
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ApiError, errorFromResponse } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { parsePrediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import {
	parseResult,
	parseSubmission,
	submissionError,
} from '../../../nodes/WaveSpeedInfiniteTalk/api/submission';
import { createCompleted } from '../support/api';
import { forAll, numbersIn, spoiled, text } from '../support/arbitraries';
import { START } from '../support/clock';

/** The service's sentences are cut to this. */
const LONGEST = 500;

const DATA = createCompleted({ error: 'No face', code: 1400, input: { seed: 1 } });
const ANSWER = { code: 200, message: 'success', data: DATA };

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

it('any JSON is no prediction, or one that can be used', () => {
	forAll(fc.tuple(spoiled(DATA), fc.constantFrom(undefined, 'created')), ([json, assumed]) => {
		const prediction = parsePrediction(JSON.parse(json) as unknown, assumed);
		if (prediction) expectUsable(prediction);
	});
});

it('any response is a success or a failure to tell; one to a submission denies no job', () => {
	forAll(responses, (response) => {
		const failure = errorFromResponse(response, START);
		if (failure) expectFailure(failure, response.status);
		else expect(response.status).toBeLessThan(300);
		const jobs = [parseSubmission(response), parseResult(response)];
		jobs.forEach((job) => job && expectUsable(job));
		const refusal = submissionError(response, START);
		expectFailure(refusal, response.status);
		expect((refusal.details.possibleId ?? '').length).toBeLessThanOrEqual(256);
	});
});
