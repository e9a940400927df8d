import { expect, it } from '@jest/globals';
import { jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import { withJobContext } from '../../../nodes/WaveSpeedInfiniteTalk/operations/finishJob';

it('an error of a job gets its ID, and the job is no other item’s', async () => {
	const run = { paidJobs: new Map([[0, 'j']]) };
	const failing = async () =>
		await Promise.reject(jobError('Output: wrong', 'Correct it.', { step: 'check' }));
	const work = withJobContext(run as unknown as Run, 0, 'j', failing);
	const details = { step: 'check', id: 'j' };
	await expect(work).rejects.toMatchObject({ message: 'Output: wrong (job j)', details });
	expect(run.paidJobs.size).toBe(0);
});
