import { expect, it } from '@jest/globals';
import {
	endedJob,
	lastSeenRunning,
	rememberEnded,
	rememberRunning,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/polledJobs';
import { createPrediction } from '../support/api';

it('of the jobs that have ended, the latest thousand are remembered', () => {
	for (let n = 1; n <= 1_500; n++) rememberEnded(createPrediction({ id: `job-${n}` }));
	expect(endedJob('job-500')).toBeUndefined();
	expect(endedJob('job-501')).toMatchObject({ id: 'job-501' });
	expect(endedJob('job-1500')).toMatchObject({ id: 'job-1500' });
});

it('when a job was last seen running is known until it has ended', () => {
	expect(lastSeenRunning('job-runs')).toBe(0);
	rememberRunning('job-runs', 1_000);
	rememberRunning('job-runs', 2_000);
	expect(lastSeenRunning('job-runs')).toBe(2_000);
	rememberEnded(createPrediction({ id: 'job-runs' }));
	expect(lastSeenRunning('job-runs')).toBe(0);
});
