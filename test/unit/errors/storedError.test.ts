import { expect, it } from '@jest/globals';
import { JobError, jobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import {
	fromStoredError,
	toStoredError,
} from '../../../nodes/WaveSpeedInfiniteTalk/errors/storedError';

it('an error comes back from storage as it was, and nothing else of it is stored', () => {
	const details = { step: 'result', id: 'job-a', status: 'failed', code: 1403 } as const;
	const stored = toStoredError(jobError('No faces', 'Use another picture.', details));
	expect(stored).toEqual({ message: 'No faces', advice: 'Use another picture.', details });
	const error = fromStoredError(JSON.parse(JSON.stringify(stored)) as typeof stored);
	expect(error).toBeInstanceOf(JobError);
	expect(error).toMatchObject(stored);
});
