/** The failure of a promise, typed; a success or another error fails the test. */
import { ApiError } from '../../../nodes/WaveSpeedInfiniteTalk/api/errors';
import { JobError } from '../../../nodes/WaveSpeedInfiniteTalk/errors/jobError';

async function errorOf(work: Promise<unknown>): Promise<unknown> {
	return await work.then(
		(value) => {
			throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
		},
		(error: unknown) => error,
	);
}

export async function jobErrorOf(work: Promise<unknown>): Promise<JobError> {
	const error = await errorOf(work);
	if (!(error instanceof JobError)) throw error;
	return error;
}

export async function apiErrorOf(work: Promise<unknown>): Promise<ApiError> {
	const error = await errorOf(work);
	if (!(error instanceof ApiError)) throw error;
	return error;
}
