/** The step that waits for the end of a job by asking for it. */
import type { WaveSpeedClient } from '../api/client';
import { REQUEST_TIMEOUT_MS } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { standingOf } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toJobError } from './errorMessages';
import { backoffMs, pollDelayMs } from './pollDelay';
import { toResult } from '../shared/result';

/** Right after a submission the job may not be readable yet (read-after-write delay). */
const TOO_EARLY_MS = 10_000;
/** The last look, at the deadline, gets this long for its answer. */
const SHORTEST_CALL_MS = 5_000;

/**
 * Waits until the job has ended or the deadline has passed. Survives passing failures until then.
 *
 * @param job the ID, and what is known about the job already
 * @param deadline milliseconds since 1970; no sleep goes past it
 * @returns the last known state: finished, failed, or unfinished when the deadline has passed;
 * undefined when it could not be read even once
 * @throws JobProblem when it cannot be read for a reason that does not pass (key, unknown ID)
 */
export async function waitForPrediction(
	client: WaveSpeedClient,
	job: { id: string; prediction?: Prediction },
	deadline: number,
	clock: Clock,
	onChange: (prediction: Prediction) => void = () => {},
): Promise<Prediction | undefined> {
	const began = clock.now();
	let last = job.prediction;
	let failures = 0;
	if (last && standingOf(last) !== 'unfinished') return last;
	// A resumed job may have ended long ago: ask at once.
	let pause = last ? pollDelayMs(0, clock.random()) : 0;
	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())));
		const left = Math.max(deadline - clock.now(), SHORTEST_CALL_MS);
		const result = await toResult(client.result(job.id, Math.min(left, REQUEST_TIMEOUT_MS)));
		const waited = clock.now() - began;
		if ('value' in result) {
			if (result.value.status !== last?.status) onChange(result.value);
			last = result.value;
			failures = 0;
			if (standingOf(last) !== 'unfinished') return last;
			pause = pollDelayMs(Math.max(waited, 1), clock.random());
		} else {
			const { error } = result;
			if (!(error instanceof ApiError)) throw error;
			const early = error.kind === 'notFound' && waited < TOO_EARLY_MS && job.prediction;
			if (!error.transient && !early) {
				throw toJobError(error, { step: 'wait', id: job.id, ...(last && { status: last.status }) });
			}
			pause = backoffMs(++failures, clock.random(), error.details.retryAfterMs);
		}
		if (clock.now() >= deadline) return last;
	}
}
