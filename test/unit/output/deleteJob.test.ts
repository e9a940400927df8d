import { expect, it } from '@jest/globals';
import { deleteJob } from '../../../nodes/WaveSpeedInfiniteTalk/output/deleteJob';
import { API, JOB, createRefusal, createReset, createSuccess, freshApi } from '../support/api';
import { jobErrorOf } from '../support/failures';

const { calls, client, http } = freshApi();

const DELETE_URL = `${API}/predictions/delete`;
const NONE = createSuccess({ deleted_count: 0 });

it.each([
	['that is deleted', [createSuccess({ deleted_count: 1 })]],
	['of which the service does not say that it is', [createSuccess(null)]],
	['that a try deleted whose response was lost', [createReset(), NONE]],
])('a job %s', async (_what, replies) => {
	http.on('POST', DELETE_URL, ...replies);
	await deleteJob(client, JOB, calls);
	expect(http.json()[0]).toEqual({ ids: [JOB] });
});

it.each([
	['WaveSpeed found no job to delete', /^It may already be deleted/, NONE],
	['No right', /this API key may lack permission/, createRefusal(403, 'No right')],
])('what is not deleted is told with the ID: %s', async (message, advice, reply) => {
	http.on('POST', DELETE_URL, reply);
	const failure = await jobErrorOf(deleteJob(client, JOB, calls));
	expect(failure.message).toBe(`${message} (job ${JOB})`);
	expect(failure.advice).toMatch(advice);
	expect(failure.details).toMatchObject({ step: 'delete', id: JOB });
});
