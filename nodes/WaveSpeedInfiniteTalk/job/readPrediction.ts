/** Reads a job once, patient with a service that stumbles for a moment. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toJobError } from './errorMessages';
import { backoffMs } from './pollDelay';
import { toResult } from '../shared/result';

const TRIES = 4;
/** However long the server asks for: nobody gave this look a Timeout. */
const LONGEST_PAUSE_MS = 120_000;

/** @throws JobProblem with the ID when the job cannot be read */
export async function readPrediction(
	client: WaveSpeedClient,
	id: string,
	clock: Clock,
): Promise<Prediction> {
	for (let attempt = 1; ; attempt++) {
		const result = await toResult(client.result(id));
		if ('value' in result) return result.value;
		const { error } = result;
		if (!(error instanceof ApiError)) throw error;
		if (!error.transient || attempt >= TRIES) throw toJobError(error, { step: 'result', id });
		const pause = backoffMs(attempt, clock.random(), error.details.retryAfterMs);
		await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS));
	}
}
