import { expect, it } from '@jest/globals';
import { readPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/readPrediction';
import { JOB, createRefusal, freshApi, resultUrl } from '../support/api';
import { jobErrorOf } from '../support/failures';

const { calls, client, http } = freshApi();

it('one look at a job is taken four times, and fails with the ID', async () => {
	http.always('GET', resultUrl(JOB), createRefusal(502, 'Bad Gateway'));
	const failure = await jobErrorOf(readPrediction(client, JOB, calls));
	expect(failure.message).toBe(`Bad Gateway (job ${JOB})`);
	expect(failure.details).toEqual({ step: 'result', id: JOB, http_status: 502 });
	expect(failure.cause).toMatchObject({ name: 'ApiError', kind: 'server' });
	expect(http.requests).toHaveLength(4);
});
