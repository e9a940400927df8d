/** Deletes a job for good. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import { appendJobId, toJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import { callWithRetries } from '../polling/callWithRetries';
import type { RateLimitHold } from '../polling/rateLimitHold';

/**
 * @param hold shared by calls that the same rate limit may refuse
 * @throws JobError with the ID when the service has no such job, or does not delete it
 */
export async function deleteJob(
	client: WaveSpeedClient,
	id: string,
	clock: Clock,
	hold: RateLimitHold,
): Promise<void> {
	let tries = 0;
	const deleting = callWithRetries(
		async () => {
			tries++;
			return await client.deletePredictions([id]);
		},
		clock,
		hold,
	);
	const result = await toResult(deleting);
	if ('error' in result) {
		const { error } = result;
		throw error instanceof ApiError ? toJobError(error, { step: 'delete', id }) : error;
	}
	// A try whose response was lost may have deleted it.
	if (result.value !== 0 || tries > 1) return;
	throw jobError(
		appendJobId('WaveSpeed has no such job to delete', id),
		'It may be deleted already, or belong to another account: check the ID and the credential.',
		{ step: 'delete', id },
	);
}
