/** The step that waits for the end of a job by polling it. */
import type { WaveSpeedClient } from '../api/client';
import { REQUEST_TIMEOUT_MS } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { READ_AFTER_WRITE_MS } from '../api/prediction';
import { toJobError } from '../errors/errorMessages';
import type { PatientCalls } from './patientCalls';
import { backoffMs, pollDelayMs } from './pollDelay';
import { toResult } from '../shared/result';

/** The last poll, at the end of the time given, gets this long for its response. */
const MIN_REQUEST_MS = 5_000;

export interface WaitedJob {
	id: string;
	/** What is known about the job already. */
	prediction?: Prediction;
	/** When the wait for it began, milliseconds since 1970; now unless given. */
	since?: number;
}

/**
 * Polls until the job has ended or the time has come. Survives transient errors until then.
 *
 * @param until milliseconds since 1970; no sleep goes past it. A time in the past means one poll.
 * @returns the last known prediction, still unfinished when the time has come; undefined when it
 * could not be read even once
 * @throws JobError when it cannot be read for a reason that does not pass (key, unknown ID)
 */
export async function waitForPrediction(
	client: WaveSpeedClient,
	job: WaitedJob,
	until: number,
	{ clock, hold }: PatientCalls,
	onChange: (prediction: Prediction) => void = () => {},
): Promise<Prediction | undefined> {
	const since = job.since ?? clock.now();
	let last = job.prediction;
	let failures = 0;
	if (last && last.state !== 'unfinished') return last;
	// A resumed job may have ended long ago: poll at once.
	let delay = last ? pollDelayMs(0, clock.random()) : 0;
	for (;;) {
		await clock.sleep(
			Math.max(0, Math.min(Math.max(delay, hold.remainingMs), until - clock.now())),
		);
		const left = Math.max(until - clock.now(), MIN_REQUEST_MS);
		const result = await toResult(client.result(job.id, Math.min(left, REQUEST_TIMEOUT_MS)));
		const waited = clock.now() - since;
		if ('value' in result) {
			if (result.value.status !== last?.status) onChange(result.value);
			last = result.value;
			failures = 0;
			if (last.state !== 'unfinished') return last;
			delay = pollDelayMs(Math.max(waited, 1), clock.random());
		} else {
			const { error } = result;
			if (!(error instanceof ApiError)) throw error;
			const early = error.kind === 'notFound' && waited < READ_AFTER_WRITE_MS && job.prediction;
			if (!error.transient && !early) {
				throw toJobError(error, { step: 'wait', id: job.id, ...(last && { status: last.status }) });
			}
			failures++;
			if (error.kind === 'rateLimit') hold.refused(error, failures);
			delay = backoffMs(failures, clock.random(), error.details.retryAfterMs);
		}
		if (clock.now() >= until) return last;
	}
}
