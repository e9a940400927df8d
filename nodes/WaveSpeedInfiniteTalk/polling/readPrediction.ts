/** Reads a job once, patient with a service that stumbles for a moment. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import { toJobError } from '../errors/errorMessages';
import { callWithRetries } from './callWithRetries';
import type { RateLimitHold } from './rateLimitHold';

/**
 * @param hold shared by calls that the same rate limit may refuse
 * @throws JobError with the ID when the job cannot be read
 */
export async function readPrediction(
	client: WaveSpeedClient,
	id: string,
	clock: Clock,
	hold: RateLimitHold,
): Promise<Prediction> {
	const reading = callWithRetries(async () => await client.result(id), clock, hold);
	const result = await toResult(reading);
	if ('value' in result) return result.value;
	const { error } = result;
	throw error instanceof ApiError ? toJobError(error, { step: 'result', id }) : error;
}
