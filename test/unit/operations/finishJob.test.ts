import { expect, it } from '@jest/globals';
import { jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import { withJobContext } from '../../../nodes/WaveSpeedInfiniteTalk/operations/finishJob';

it.each([
	['without the ID gets it', { step: 'check' }, 'Output: wrong (job j)'],
	['with the ID stays', { step: 'download', id: 'j' }, 'Output: wrong'],
] as const)(
	'an error of a job %s, and the job is no other item’s',
	async (_what, details, message) => {
		const run = { paidJobs: new Map([[0, 'j']]) };
		const error = jobError('Output: wrong', 'Correct it.', details);

		const work = withJobContext(
			run as unknown as Run,
			0,
			'j',
			async () => await Promise.reject(error),
		);

		await expect(work).rejects.toMatchObject({ message, details: { step: details.step, id: 'j' } });
		expect(run.paidJobs.size).toBe(0);
	},
);
