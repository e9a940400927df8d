/** From a job with an ID to an output item. */
import { ApiError } from '../api/errors';
import { CancelledError } from '../api/http';
import type { Prediction } from '../api/prediction';
import { isRefunded } from '../api/prediction';
import { downloadVideo } from '../transfer/downloadVideo';
import { appendJobId, failedJobError } from '../errors/errorMessages';
import { JobError, jobError } from '../errors/jobError';
import type { JobFacts, OutputForm } from '../output/output';
import { jobOutput, unfinishedOutput, videoFileName } from '../output/output';
import { toStoredError } from '../errors/storedError';
import { GONE_STATUSES } from '../paidOnce/videoAvailability';
import type { ItemOutput } from '../n8n/items';
import { describeError } from '../n8n/items';
import type { Run } from '../n8n/run';
import type { Semaphore } from '../shared/semaphore';
import { toCleanError } from '../shared/redact';
import { toResult } from '../shared/result';
import type { OutputParameters, WaitParameters } from './parameters';
import { submissionCounterKey } from './startJob';

/** How long to wait for a job, and what to do then. */
export type KnownWait = WaitParameters & { timeoutMs: number };

/** Downloads in flight: each writes to n8n's storage as fast as the network gives. */
export const MAX_CONCURRENT_DOWNLOADS = 2;

/**
 * Work on a job that exists: every error names it, n8n's own expression errors included.
 *
 * @throws JobError
 */
export async function withJobContext<T>(
	run: Run,
	itemIndex: number,
	id: string,
	work: () => Promise<T>,
): Promise<T> {
	const result = await toResult(work());
	if ('value' in result) return result.value;
	const { error } = result;
	if (error instanceof CancelledError) throw error;
	// The item's own error names the job from here on.
	run.paidJobs.delete(itemIndex);
	if (error instanceof JobError && error.details.id !== undefined) throw error;
	const { message, advice } = describeError(error);
	throw jobError(
		appendJobId(message, id),
		`${advice} You paid for the job: fix the node, then use Get Result with this ID.`,
		{ ...(error instanceof JobError ? error.details : { step: 'result' }), id },
		{ cause: toCleanError(error) },
	);
}

/**
 * The output of a job that has ended.
 *
 * @throws JobError when it failed, has no video, or the video cannot be fetched
 */
export async function finishJob(
	run: Run,
	prediction: Prediction,
	output: OutputParameters,
	downloads: Semaphore,
	facts: JobFacts = {},
): Promise<ItemOutput> {
	if (prediction.state === 'failed') throw failedJobError(prediction);
	const { id } = prediction;
	const url = prediction.outputs[0];
	if (!url) throw noVideoError(id);
	run.report.resultGiven(prediction);
	const json = jobOutput(prediction, output.form, facts);
	const { binaryField } = output;
	if (binaryField === undefined) return { json };
	const { client, clock, context, http } = run;
	const file = await downloads.run(async () => {
		return await downloadVideo(http, { id, url }, client.baseUrl, clock, async (video) => {
			const name = videoFileName(output.fileName, id, video.extension);
			return await context.helpers.prepareBinaryData(video.stream, name, video.type);
		});
	});
	run.report.videoSaved();
	return { json, binary: { [binaryField]: file } };
}

/**
 * The error of a job whose output failed. One that was used again and whose video is gone by now counts as gone: the
 * next try looks for another job.
 *
 * @param job the item's, with the name of its record
 */
export function forgetIfGone(
	run: Run,
	job: { key?: string; reusedFrom?: string },
	error: unknown,
): unknown {
	const isGone =
		error instanceof JobError &&
		error.cause instanceof ApiError &&
		GONE_STATUSES.has(error.cause.details.status ?? 0);
	if (!isGone || error.details.step !== 'download') return error;
	if (job.reusedFrom === undefined || job.key === undefined) return error;
	run.jobStore.deleteJob(job.key);
	const advice = 'Run the workflow again to make a new video, which you pay for.';
	return jobError(error.message, advice, error.details, { cause: error.cause });
}

/** What the node knows about an item's job beside what the API says. */
export function factsOf(run: Run, job: JobFacts & { key?: string }): JobFacts {
	const { reusedFrom, durationS, key } = job;
	const estimatedCost = key === undefined ? undefined : run.jobStore.cost(key);
	return {
		...(reusedFrom !== undefined && { reusedFrom }),
		...(durationS !== undefined && { durationS }),
		...(estimatedCost !== undefined && { estimatedCost }),
	};
}

/**
 * What comes out when a job has not ended in time.
 *
 * @throws JobError unless the unfinished job is to be output
 */
export function finishAtTimeout(
	id: string,
	last: Prediction | undefined,
	{ timeoutMs, outputAtTimeout }: KnownWait,
	form: OutputForm,
	facts: JobFacts,
): ItemOutput {
	if (outputAtTimeout) {
		return { json: { ...unfinishedOutput(last, id, facts, form), timed_out: true } };
	}
	const minutes = Math.round(timeoutMs / 6_000) / 10;
	const time = minutes === 1 ? '1 minute' : `${minutes} minutes`;
	throw jobError(
		appendJobId(`The job did not finish within ${time}`, id),
		`It continues at WaveSpeed, and you pay for it. Use Get Result with this ID later, or retry this execution to wait again without paying again. To wait longer, raise the Timeout option.`,
		{ step: 'wait', id, status: last?.status ?? 'unknown' },
	);
}

/**
 * Notes that WaveSpeed pays a failed job back: the next try may submit it again.
 *
 * @param key name of the job's record; undefined for a job that somebody else submitted
 */
export function noteRefund(
	run: Run,
	itemIndex: number,
	key: string | undefined,
	prediction: Prediction,
): void {
	if (!isRefunded(prediction) || key === undefined) return;
	const { id } = prediction;
	run.jobStore.writeJob(key, { state: 'failed', id });
	run.jobStore.deleteCost(key);
	const error = toStoredError(failedJobError(prediction));
	run.jobStore.writeLastError(submissionCounterKey(run, itemIndex, key), run.executionId, error);
}

function noVideoError(id: string): JobError {
	return jobError(
		appendJobId('WaveSpeed reports the job as completed but returned no video URL', id),
		'Use Get Result with this ID in a few minutes. If the problem persists, send the ID to WaveSpeed support.',
		{ step: 'result', id, status: 'completed' },
	);
}
