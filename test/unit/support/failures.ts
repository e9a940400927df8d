/** The failure of a promise, typed; a success or another error fails the test. */
import { ApiFailure } from '../../../nodes/WaveSpeedInfiniteTalk/api/failure';
import { JobProblem } from '../../../nodes/WaveSpeedInfiniteTalk/job/problem';

async function errorOf(work: Promise<unknown>): Promise<unknown> {
	return await work.then(
		(value) => {
			throw new Error(`Expected a failure, got ${JSON.stringify(value)}`);
		},
		(error: unknown) => error,
	);
}

export async function problemOf(work: Promise<unknown>): Promise<JobProblem> {
	const error = await errorOf(work);
	if (!(error instanceof JobProblem)) throw error;
	return error;
}

export async function apiFailureOf(work: Promise<unknown>): Promise<ApiFailure> {
	const error = await errorOf(work);
	if (!(error instanceof ApiFailure)) throw error;
	return error;
}
