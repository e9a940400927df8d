import { expect, it } from '@jest/globals';
import { endedJob, rememberEnded } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/polledJobs';
import { createPrediction } from '../support/api';

it('of the jobs that have ended, the latest thousand are remembered', () => {
	for (let n = 1; n <= 1_500; n++) rememberEnded(createPrediction({ id: `job-${n}` }));
	expect([endedJob('job-500'), endedJob('job-501')?.id]).toEqual([undefined, 'job-501']);
});
