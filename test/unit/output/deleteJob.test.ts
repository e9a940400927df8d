import { expect, it } from '@jest/globals';
import { deleteJob } from '../../../nodes/WaveSpeedInfiniteTalk/output/deleteJob';
import { API, JOB, createRefusal, createReset, createSuccess, freshApi } from '../support/api';
import { jobErrorOf } from '../support/failures';

const { calls, client, http } = freshApi();

const DELETE_URL = `${API}/predictions/delete`;
const NONE = createSuccess({ deleted_count: 0 });

const run = async () => await deleteJob(client, JOB, calls);

it.each([
	['that is deleted', [createSuccess({ deleted_count: 1 })]],
	['of which the service does not say that it is', [createSuccess(null)]],
	['that a try deleted whose response was lost', [createReset(), NONE]],
])('a job %s', async (_what, replies) => {
	http.on('POST', DELETE_URL, ...replies);
	await run();
	expect(JSON.parse(http.requests[0]!.text)).toEqual({ ids: [JOB] });
});

it('a job that does not exist is told', async () => {
	http.on('POST', DELETE_URL, NONE);
	expect(await jobErrorOf(run())).toMatchObject({
		message: `WaveSpeed found no job to delete (job ${JOB})`,
		advice:
			'It may already be deleted or belong to another account. Check the ID and the credential.',
		details: { step: 'delete', id: JOB },
	});
});

it('a refusal is told with the ID', async () => {
	http.on('POST', DELETE_URL, createRefusal(403, 'No right'));
	expect(await jobErrorOf(run())).toMatchObject({
		message: `No right (job ${JOB})`,
		details: { step: 'delete', id: JOB, http_status: 403 },
	});
});
