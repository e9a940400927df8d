import { describe, expect, it } from '@jest/globals';
import { readPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/readPrediction';
import {
	JOB,
	createJob,
	createRefusal,
	createSuccess,
	olderResultUrl,
	resultUrl,
	freshApi,
} from '../support/api';
import { jobErrorOf } from '../support/failures';

const { calls, client, clock, http } = freshApi();

const read = async () => await readPrediction(client, JOB, calls);

describe('one look at a job', () => {
	it('gives it as it is', async () => {
		http.on('GET', resultUrl(JOB), createSuccess(createJob({ status: 'something new' })));
		expect(await read()).toMatchObject({ id: JOB, status: 'something new' });
		expect(clock.sleeps).toEqual([]);
	});

	it('is taken four times, and fails with the ID when the service keeps stumbling', async () => {
		http.always('GET', resultUrl(JOB), createRefusal(502, 'Bad Gateway'));
		const failure = await jobErrorOf(read());
		expect(failure.message).toBe(`Bad Gateway (job ${JOB})`);
		expect(failure.details).toEqual({ step: 'result', id: JOB, http_status: 502 });
		expect(failure.cause).toMatchObject({ name: 'ApiError', kind: 'server' });
		expect(http.requests).toHaveLength(4);
	});

	it.each([401, 404])('fails with the ID at once at HTTP %i', async (status) => {
		http.on('GET', resultUrl(JOB), createRefusal(status, 'Because.'));
		if (status === 404) http.on('GET', olderResultUrl(JOB), createRefusal(404, 'Not found'));
		expect((await jobErrorOf(read())).message).toBe(`Because. (job ${JOB})`);
		expect(clock.sleeps).toEqual([]);
	});
});
