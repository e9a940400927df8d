import { describe, expect, it } from '@jest/globals';
import { CancelledError } from '../../../nodes/WaveSpeedInfiniteTalk/api/http';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import { readPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/readPrediction';
import {
	GATEWAY_PAGE,
	JOB,
	createResponse,
	createClient,
	createCompleted,
	createJob,
	createRefusal,
	createReset,
	createSuccess,
	olderResultUrl,
	resultUrl,
} from '../support/api';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock());

async function read(): Promise<Prediction> {
	return await readPrediction(createClient(http, clock), JOB, new PatientCalls(clock));
}

describe('one look at a job', () => {
	it.each(['created', 'processing', 'completed', 'failed', 'something new'])(
		'gives it as it is: %s',
		async (status) => {
			http.on('GET', resultUrl(JOB), createSuccess(createJob({ status })));
			expect(await read()).toMatchObject({ id: JOB, status });
			expect(clock.sleeps).toEqual([]);
		},
	);

	it.each([
		['a reset', createReset()],
		['HTTP 429', createRefusal(429, 'busy')],
		['HTTP 503', createRefusal(503, 'down')],
		['a page', createResponse(200, GATEWAY_PAGE)],
	])('is taken again after %s, three times at most', async (_what, reply) => {
		http.on('GET', resultUrl(JOB), reply, reply, reply, createSuccess(createCompleted()));
		expect(await read()).toMatchObject({ status: 'completed' });
		expect(clock.sleeps).toHaveLength(3);
	});

	it('fails with the ID when the service keeps stumbling', async () => {
		http.on('GET', resultUrl(JOB), ...Array(4).fill(createRefusal(502, 'Bad Gateway')));
		const failure = await jobErrorOf(read());
		expect(failure.message).toBe(`Bad Gateway (job ${JOB})`);
		expect(failure.details).toEqual({ step: 'result', id: JOB, http_status: 502 });
		expect(failure.cause).toMatchObject({ name: 'ApiError', kind: 'server' });
	});

	it.each([400, 401, 403, 404])('fails with the ID at once at HTTP %i', async (status) => {
		http.on('GET', resultUrl(JOB), createRefusal(status, 'Because.'));
		if (status === 404) http.on('GET', olderResultUrl(JOB), createRefusal(404, 'Not found'));
		const failure = await jobErrorOf(read());
		expect(failure.message).toBe(`Because. (job ${JOB})`);
		expect(failure.advice).not.toBe('');
		expect(clock.sleeps).toEqual([]);
	});

	it('ends with the execution', async () => {
		http.on('GET', resultUrl(JOB), new CancelledError());
		await expect(read()).rejects.toBeInstanceOf(CancelledError);
	});
});
