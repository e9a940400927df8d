/** The failure of a promise, typed; a success or another error fails the test. */
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { JobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';
import { toResult } from '../../../nodes/WaveSpeedInfiniteTalk/shared/result';

async function errorOf<T>(kind: abstract new (...args: never[]) => T, work: Promise<unknown>) {
	const result = await toResult(work);
	if ('value' in result) throw new Error(`Expected a failure, got ${JSON.stringify(result.value)}`);
	if (!(result.error instanceof kind)) throw result.error;
	return result.error;
}

export async function jobErrorOf(work: Promise<unknown>): Promise<JobError> {
	return await errorOf(JobError, work);
}

export async function apiErrorOf(work: Promise<unknown>): Promise<ApiError> {
	return await errorOf(ApiError, work);
}
