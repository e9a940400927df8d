/** Reads a job once, patient with a service that stumbles for a moment. */
import type { WaveSpeedClient } from '../api/client';
import { ApiFailure } from '../api/failure';
import type { Prediction } from '../api/prediction';
import type { Clock } from './clock';
import { explain } from './explain';
import { backOffMs } from './schedule';
import { settle } from './settle';

const TRIES = 4;
/** However long the server asks for: nobody gave this look a Timeout. */
const LONGEST_PAUSE_MS = 120_000;

/** @throws JobProblem with the ID when the job cannot be read */
export async function readResult(
	client: WaveSpeedClient,
	id: string,
	clock: Clock,
): Promise<Prediction> {
	for (let attempt = 1; ; attempt++) {
		const result = await settle(client.result(id));
		if ('value' in result) return result.value;
		const { error } = result;
		if (!(error instanceof ApiFailure)) throw error;
		if (!error.passing || attempt >= TRIES) throw explain(error, { step: 'result', id });
		const pause = backOffMs(attempt, clock.random(), error.facts.retryAfterMs);
		await clock.sleep(Math.min(pause, LONGEST_PAUSE_MS));
	}
}
