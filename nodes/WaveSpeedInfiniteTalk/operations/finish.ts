/** What Submit and Wait and Get Result have in common: from a job with an ID to an output item. */
import type { IDataObject } from 'n8n-workflow';
import type { Prediction } from '../api/prediction';
import { isRefunded, standingOf } from '../api/prediction';
import { CancelledError } from '../api/http';
import { downloadVideo } from '../job/downloadVideo';
import { failedJobError, appendJobId } from '../job/errorMessages';
import { Limit } from '../shared/limit';
import { rawOutput, simplifiedOutput, unfinishedOutput, videoFileName } from '../job/output';
import { JobError, jobError } from '../job/jobError';
import { toResult } from '../shared/result';
import { waitForPrediction } from '../job/waitForPrediction';
import type { ItemOutput } from '../n8n/items';
import { describeError } from '../n8n/items';
import type { Run } from '../n8n/run';
import { isTool } from '../n8n/tool';
import { readOptions } from './start';

/** Downloads in flight: each writes to n8n's storage as fast as the network gives. */
const DOWNLOADS_AT_ONCE = 2;
const MINUTE_MS = 60_000;

/** What the items of a run share on the way from a job to an output item. */
export interface Ending {
	downloads: Limit;
	/** IDs of the jobs that are paid for, by item; without those that the item's own failure names. */
	paid: Map<number, string>;
}

export function createEnding(): Ending {
	return { downloads: new Limit(DOWNLOADS_AT_ONCE), paid: new Map() };
}

/** When the item's Timeout passes if its wait begins now, milliseconds since 1970. */
export function deadlineOf(run: Run, itemIndex: number): number {
	return run.clock.now() + readWaitOptions(run, itemIndex).timeoutMinutes * MINUTE_MS;
}

/** Waits until the item's job has ended or its Timeout has passed. */
export async function waitForJob(
	run: Run,
	itemIndex: number,
	job: { id: string; prediction?: Prediction },
): Promise<Prediction | undefined> {
	return await waitForPrediction(
		run.client,
		job,
		deadlineOf(run, itemIndex),
		run.clock,
		(prediction) => {
			run.report.jobChanged(itemIndex, prediction);
		},
	);
}

/**
 * The output of an item of Submit and Wait, whose job has ended or timed out.
 *
 * @throws JobProblem
 */
export async function endItem(
	run: Run,
	itemIndex: number,
	job: { id: string; key: string },
	last: Prediction | undefined,
	ending: Ending,
): Promise<ItemOutput> {
	return await namingJob(job.id, itemIndex, ending.paid, async () => {
		if (!last || standingOf(last) === 'unfinished') {
			return afterTimeout(run, itemIndex, job.id, last);
		}
		// Refunded: the next try may submit it anew.
		if (isRefunded(last)) run.jobStore.writeJob(job.key, { state: 'failed', id: job.id });
		return await finishJob(run, itemIndex, last, ending.downloads);
	});
}

/**
 * Work on a job that exists: whatever fails names it, also what is n8n's own, such as the expression
 * of a field that is first needed now.
 *
 * @param paid IDs of paid jobs by item, of which this one is taken when its failure names it
 * @throws JobProblem
 */
export async function namingJob(
	id: string,
	itemIndex: number,
	paid: Map<number, string>,
	work: () => Promise<ItemOutput>,
): Promise<ItemOutput> {
	const result = await toResult(work());
	if ('value' in result) return result.value;
	if (result.error instanceof CancelledError) throw result.error;
	paid.delete(itemIndex);
	if (result.error instanceof JobError) throw result.error;
	const { message, advice } = describeError(result.error);
	throw jobError(
		appendJobId(message, id),
		`${advice} The job is paid for: correct the node and run Get Result with this ID.`,
		{ step: 'result', id },
	);
}

/**
 * The output of a job that has ended.
 *
 * @throws JobProblem when it failed, has no video, or the video cannot be fetched
 */
export async function finishJob(
	run: Run,
	itemIndex: number,
	prediction: Prediction,
	downloads: Limit,
): Promise<ItemOutput> {
	if (standingOf(prediction) === 'failed') throw failedJobError(prediction);
	const url = prediction.outputs[0];
	if (!url) throw withoutVideo(prediction.id);
	run.report.resultGiven(prediction);
	const json = presentJob(run, itemIndex, prediction);
	// A model reads text only: n8n would drop the file, or hand the model its content as text.
	if (isTool(run.context)) return { json };
	if (!run.context.getNodeParameter('downloadVideo', itemIndex)) return { json };
	const field = String(run.context.getNodeParameter('outputField', itemIndex)).trim() || 'data';
	const wished = String(readOptions(run, itemIndex).fileName ?? '');
	const job = { id: prediction.id, url };
	const file = await downloads.run(async () => {
		return await downloadVideo(run.http, job, run.client.baseUrl, run.clock, async (video) => {
			const name = videoFileName(wished, prediction.id, video.extension);
			return await run.context.helpers.prepareBinaryData(video.stream, name, video.type);
		});
	});
	return { json, binary: { [field]: file } };
}

/** The JSON of a job, simplified or as the API gave it. */
export function presentJob(run: Run, itemIndex: number, prediction: Prediction): IDataObject {
	const simple = run.context.getNodeParameter('simplify', itemIndex) as boolean;
	return simple ? simplifiedOutput(prediction) : rawOutput(prediction);
}

/**
 * What comes out when a job has not ended in time: the unfinished job, or a failure.
 *
 * @throws JobProblem when the item's On Timeout says so
 */
export function afterTimeout(
	run: Run,
	itemIndex: number,
	id: string,
	last: Prediction | undefined,
): ItemOutput {
	const { onTimeout, timeoutMinutes } = readWaitOptions(run, itemIndex);
	if (onTimeout === 'output') return { json: unfinishedOutput(last, id) };
	throw jobError(
		appendJobId(`The job has not ended within ${timeoutMinutes} minutes`, id),
		`It goes on at WaveSpeed and is paid for. Run Get Result with this ID later, retry this execution to wait again without paying again, or raise the Timeout option.`,
		{ step: 'wait', id, status: last?.status ?? 'unknown' },
	);
}

/** How long an item is waited for, and what happens then. */
export function readWaitOptions(
	run: Run,
	itemIndex: number,
): { timeoutMinutes: number; onTimeout: string } {
	const { timeoutMinutes, onTimeout } = readOptions(run, itemIndex);
	const minutes = Number(timeoutMinutes ?? 360);
	return {
		timeoutMinutes: Number.isFinite(minutes) && minutes > 0 ? minutes : 360,
		onTimeout: String(onTimeout ?? 'fail'),
	};
}

function withoutVideo(id: string): JobError {
	return jobError(
		appendJobId('WaveSpeed says that the job is completed, but gave no address of a video', id),
		'Run Get Result with this ID in a few minutes. If it stays so, ask WaveSpeed support with the ID.',
		{ step: 'result', id, status: 'completed' },
	);
}
