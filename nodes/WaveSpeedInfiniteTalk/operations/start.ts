/** What Submit and Submit and Wait have in common: from an item's fields to a job with an ID. */
import type { IDataObject } from 'n8n-workflow';
import type { SubmitBody } from '../api/client';
import { checkRequest } from '../job/checkRequest';
import { jobKey } from '../job/jobStore';
import type { CheckedRequest, VideoRequest } from '../job/request';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import type { Callback, Submitted } from '../job/submitJob';
import { readMedia } from '../n8n/files';
import { throwFirstError } from '../n8n/items';
import type { Run } from '../n8n/run';

export type Checked = Result<CheckedRequest>;

/** A job, and the name under which it is written down. */
export type Started = Submitted & { key: string };

/** The collection `options` of an item; empty where the operation has none. */
export function readOptions(run: Run, itemIndex: number): IDataObject {
	return run.context.getNodeParameter('options', itemIndex, {}) as IDataObject;
}

/**
 * Reads and checks all items, before anything is sent.
 *
 * @param also a check of the item beside that of its inputs
 * @throws NodeOperationError naming every wrong item, unless the node continues on fail
 */
export async function checkItems(
	run: Run,
	also: (itemIndex: number) => void = () => {},
): Promise<Checked[]> {
	const checked: Checked[] = [];
	for (let item = 0; item < run.context.getInputData().length; item++) {
		checked.push(await toResult(checkItem(run, item, also)));
	}
	throwFirstError(run, checked);
	await run.uploads.findDuplicates(
		checked.flatMap((item) => ('value' in item ? [item.value] : [])),
	);
	return checked;
}

async function checkItem(
	run: Run,
	item: number,
	also: (itemIndex: number) => void,
): Promise<CheckedRequest> {
	also(item);
	return await checkRequest(await readItem(run, item));
}

async function readItem(run: Run, item: number): Promise<VideoRequest> {
	const { context } = run;
	return {
		image: await readMedia(context, item, 'image'),
		leftAudio: await readMedia(context, item, 'leftAudio'),
		rightAudio: await readMedia(context, item, 'rightAudio'),
		order: String(context.getNodeParameter('order', item)),
		prompt: String(context.getNodeParameter('prompt', item, '') ?? ''),
		seed: readOptions(run, item).seed,
	};
}

/**
 * The item's job: the one an earlier try submitted, or a new one.
 *
 * @param deadline milliseconds since 1970 until which the service may refuse for too many requests
 * @throws JobProblem
 */
export async function startJob(
	run: Run,
	itemIndex: number,
	request: CheckedRequest,
	deadline: number,
	callback?: Callback,
): Promise<Started> {
	const { runIndex, account } = run;
	const key = jobKey({ runIndex, itemIndex, account }, request);
	const job =
		(await run.submissions.resume(key)) ?? (await sendJob(run, key, request, deadline, callback));
	run.report.jobStarted(itemIndex, job);
	return { ...job, key };
}

async function sendJob(
	run: Run,
	key: string,
	request: CheckedRequest,
	deadline: number,
	callback?: Callback,
): Promise<Submitted> {
	const body: SubmitBody = {
		...(await run.uploads.mediaUrls(request)),
		...(request.prompt && { prompt: request.prompt }),
		order: request.order,
		seed: request.seed,
	};
	return await run.submissions.submit(key, body, deadline, callback);
}

/** The checked request of an item. @throws JobProblem when its check had failed */
export function requireChecked(checked: readonly Checked[], itemIndex: number): CheckedRequest {
	const item = checked[itemIndex]!;
	if ('error' in item) throw item.error;
	return item.value;
}

/** Names the jobs that are paid for when another item fails the node. */
export function describePaid(paid: ReadonlyMap<number, string>): string {
	if (paid.size === 0) return '';
	const jobs = [...paid].map(([item, id]) => `item ${item}: ${id}`).join(', ');
	return `Jobs of other items, which go on at WaveSpeed and are paid for: ${jobs}. Retry this execution to collect them without paying again.`;
}
