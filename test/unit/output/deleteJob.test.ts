import { expect, it } from '@jest/globals';
import { deleteJob } from '../../../nodes/WaveSpeedInfiniteTalk/output/deleteJob';
import { API, JOB, createClient, createRefusal, createReset, createSuccess } from '../support/api';
import { PatientCalls } from '../../../nodes/WaveSpeedInfiniteTalk/polling/patientCalls';
import { VirtualClock } from '../support/clock';
import { jobErrorOf } from '../support/failures';
import { fresh } from '../support/fresh';
import { ScriptedHttp } from '../support/http';

const DELETE_URL = `${API}/predictions/delete`;
const NONE = createSuccess({ deleted_count: 0 });

const http = fresh(() => new ScriptedHttp());
const clock = fresh(() => new VirtualClock(1, 1));

const run = async () => await deleteJob(createClient(http, clock), JOB, new PatientCalls(clock));

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

it.each([
	['at its own pace', {}, [5_000, 10_000, 20_000]],
	['as the service asks, within limits', { 'retry-after': '900' }, [120_000, 120_000, 120_000]],
])('a service that stumbles is asked four times, %s', async (_what, headers, sleeps) => {
	http.always('POST', DELETE_URL, createRefusal(503, 'down', headers));
	expect((await jobErrorOf(run())).message).toBe(`down (job ${JOB})`);
	expect([http.requests.length, clock.sleeps]).toEqual([4, sleeps]);
});

it('what is no failure of the API stays as it is', async () => {
	const bug = new TypeError('a bug');
	http.on('POST', DELETE_URL, bug);
	await expect(run()).rejects.toBe(bug);
});
