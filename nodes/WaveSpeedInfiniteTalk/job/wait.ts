/** The step that waits for the end of a job by asking for it. */
import type { WaveSpeedClient } from '../api/client';
import { CALL_TOTAL_MS } from '../api/client';
import { ApiFailure } from '../api/failure';
import type { Prediction } from '../api/prediction';
import { standingOf } from '../api/prediction';
import type { Clock } from './clock';
import { explain } from './explain';
import { backOffMs, nextLookMs } from './schedule';
import { settle } from './settle';

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
export async function waitForEnd(
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
	let pause = last ? nextLookMs(0, clock.random()) : 0;
	for (;;) {
		await clock.sleep(Math.max(0, Math.min(pause, deadline - clock.now())));
		const left = Math.max(deadline - clock.now(), SHORTEST_CALL_MS);
		const result = await settle(client.result(job.id, Math.min(left, CALL_TOTAL_MS)));
		const waited = clock.now() - began;
		if ('value' in result) {
			if (result.value.status !== last?.status) onChange(result.value);
			last = result.value;
			failures = 0;
			if (standingOf(last) !== 'unfinished') return last;
			pause = nextLookMs(Math.max(waited, 1), clock.random());
		} else {
			const { error } = result;
			if (!(error instanceof ApiFailure)) throw error;
			const early = error.kind === 'notFound' && waited < TOO_EARLY_MS && job.prediction;
			if (!error.passing && !early) {
				throw explain(error, { step: 'wait', id: job.id, ...(last && { status: last.status }) });
			}
			pause = backOffMs(++failures, clock.random(), error.facts.retryAfterMs);
		}
		if (clock.now() >= deadline) return last;
	}
}
