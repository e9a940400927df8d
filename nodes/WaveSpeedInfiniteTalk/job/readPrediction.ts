/** Reads a job once, patient with a service that stumbles for a moment. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { retry } from '../shared/retry';
import { toResult } from '../shared/result';
import { toJobError } from './errorMessages';
import { backoffMs } from './pollDelay';
import { RateLimitHold } from './rateLimitHold';

const TRIES = 4;
/** However long the server asks for: nobody gave this call a Timeout. */
const LONGEST_PAUSE_MS = 120_000;

/**
 * @param hold shared by calls that the same rate limit may refuse
 * @throws JobError with the ID when the job cannot be read
 */
export async function readPrediction(
	client: WaveSpeedClient,
	id: string,
	clock: Clock,
	hold = new RateLimitHold(clock),
): Promise<Prediction> {
	const reading = retry(async () => await hold.run(async () => await client.result(id)), {
		tries: TRIES,
		// The hold has waited long enough for a rate limit.
		isRetryable: (error) =>
			error instanceof ApiError && error.transient && error.kind !== 'rateLimit',
		delayMs: (failures, error) => {
			const asked = error instanceof ApiError ? error.details.retryAfterMs : undefined;
			return Math.min(backoffMs(failures, clock.random(), asked), LONGEST_PAUSE_MS);
		},
		clock,
	});
	const result = await toResult(reading);
	if ('value' in result) return result.value;
	const { error } = result;
	throw error instanceof ApiError ? toJobError(error, { step: 'result', id }) : error;
}
