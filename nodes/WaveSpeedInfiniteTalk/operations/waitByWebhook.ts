/** Submit and Wait by webhook: submits all jobs, pauses the execution, and goes on when called. */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { parseWebUrl, unreachableReason } from '../api/urls';
import type { Prediction } from '../api/prediction';
import { parsePrediction, standingOf } from '../api/prediction';
import { unfinishedOutput as unfinishedJob } from '../job/output';
import { JobError, jobError } from '../job/jobError';
import { toResult } from '../shared/result';
import type { Callback } from '../job/submitJob';
import { describeError, errorJson, runItems, settleItems, throwFirstError } from '../n8n/items';
import type { WaitingItem, WaitingRun } from '../webhook/pause';
import { canPause, pause, resumeUrl, takeWaiting } from '../webhook/pause';
import type { Run } from '../n8n/run';
import { isTool } from '../n8n/tool';
import type { Ending } from './finish';
import { deadlineOf, endItem, readWaitOptions, waitForJob } from './finish';
import type { Checked } from './start';
import { describePaid, requireChecked, startJob } from './start';

/** A job submitted longer ago may have ended, and its call come too early for a running execution. */
const MAY_HAVE_ENDED_MS = 5_000;

/**
 * Where WaveSpeed is to call, or undefined when this run cannot be paused (AI agent tools).
 *
 * @throws JobProblem before anything is spent, when n8n's address cannot be reached from the API
 */
export function callbackOf(run: Run): Callback | undefined {
	const { context } = run;
	if (isTool(context) || !canPause(context)) return undefined;
	const url = resumeUrl(context);
	const why = unreachableReason(url, run.client.baseUrl);
	if (!why) return { url, execution: context.getExecutionId() };
	// Only its first part: the rest holds the secret that wakes the execution.
	const where = parseWebUrl(url)?.origin ?? url.split('/')[0];
	throw jobError(
		`Wait By: WaveSpeed cannot call this n8n at ${where}: ${why}`,
		'Set the environment variable WEBHOOK_URL of n8n (newer versions call it N8N_WEBHOOK_URL) to its public https address, or set Wait By to Polling, which works everywhere.',
		{ step: 'check' },
	);
}

/** Goes on after a call has woken the node; undefined when this run is not one that was paused. */
export async function resumeAfterCall(
	run: Run,
	ending: Ending,
): Promise<INodeExecutionData[] | undefined> {
	const waiting = takeWaiting(run.context, run.runIndex);
	return waiting && (await collect(run, waiting.items, ending));
}

/** Submits all jobs and pauses, unless all of them have ended by then. */
export async function submitAndPause(
	run: Run,
	checked: readonly Checked[],
	callback: Callback,
	ending: Ending,
): Promise<INodeExecutionData[]> {
	const settled = await settleItems(run, async (item) => {
		const request = requireChecked(checked, item);
		const job = await startJob(run, item, request, deadlineOf(run, item), callback);
		ending.paid.set(item, job.id);
		return { ...job, at: run.clock.now() };
	});
	throwFirstError(run, settled, () => describePaid(ending.paid));
	const items: WaitingItem[] = [];
	let callsMissing = false;
	for (const result of settled) {
		if ('error' in result) {
			items.push({ problem: plainProblem(result.error) });
			continue;
		}
		const { id, key, prediction, webhookExecutionId, at } = result.value;
		const mayHaveEnded = !prediction || run.clock.now() - at > MAY_HAVE_ENDED_MS;
		const last = mayHaveEnded ? await lookOnce(run, id) : prediction;
		const ended = last && standingOf(last) !== 'unfinished' ? { ended: last.raw } : {};
		// The job of an earlier execution calls that one, not this one.
		if (!('ended' in ended) && webhookExecutionId !== callback.execution) callsMissing = true;
		items.push({ id, key, ...ended });
	}
	const allEnded = items.every((item) => 'problem' in item || item.ended);
	if (allEnded || callsMissing) return await collect(run, items, ending);
	return await pauseFor(run, items);
}

async function pauseFor(run: Run, items: WaitingItem[]): Promise<INodeExecutionData[]> {
	const { context } = run;
	const input = context.getInputData();
	const { timeoutMinutes, onTimeout } = readWaitOptions(run, 0);
	const waiting: WaitingRun = { runIndex: run.runIndex, input, items };
	const fails = onTimeout === 'fail';
	const atTimeout = items.map((item, index) => ({
		json: jsonAtTimeout(item, index, fails ? timeoutMinutes : undefined),
		pairedItem: { item: index },
	}));
	const ids = items.flatMap((item) => ('id' in item ? [item.id] : []));
	// Items that carry the failure are told apart; the one error of n8n is for all of them.
	const error = fails && !context.continueOnFail() && notCalled(timeoutMinutes, ids);
	const until = new Date(deadlineOf(run, 0));
	await pause(context, waiting, until, atTimeout, error || undefined);
	// Shown while the execution waits. No failed items: n8n would run the node again instead of pausing.
	return items.flatMap((item, index) =>
		'id' in item ? [{ json: unfinishedJob(undefined, item.id), pairedItem: { item: index } }] : [],
	);
}

/** What passes on for an item when nobody has called: its failure or its unfinished job. */
function jsonAtTimeout(item: WaitingItem, index: number, failedAfter?: number): IDataObject {
	if ('problem' in item) return errorJson(revive(item), index);
	if (failedAfter === undefined) return unfinishedJob(undefined, item.id);
	return errorJson(notCalled(failedAfter, [item.id]), index);
}

/** n8n repeats this failure when the execution is retried, so a retry is not advised. */
function notCalled(minutes: number, ids: readonly string[]): JobError {
	const [id] = ids;
	return jobError(
		`WaveSpeed has not called back within ${minutes} minutes (${ids.length === 1 ? 'job' : 'jobs'} ${ids.join(', ')})`,
		`The jobs may still run, or the calls got lost. Run Get Result with ${ids.length === 1 ? 'this ID' : 'these IDs'}: that costs nothing.`,
		{ step: 'wait', status: 'unknown', ...(ids.length === 1 && id && { id }) },
	);
}

async function collect(
	run: Run,
	items: readonly WaitingItem[],
	ending: Ending,
): Promise<INodeExecutionData[]> {
	for (const [index, item] of items.entries()) {
		if ('id' in item) ending.paid.set(index, item.id);
	}
	return await runItems(
		run,
		async (index) => {
			const item = items[index]!;
			if ('problem' in item) throw revive(item);
			const known = parsePrediction(item.ended);
			const job = { id: item.id, ...(known && { prediction: known }) };
			const last = await waitForJob(run, index, job);
			return await endItem(run, index, item, last, ending);
		},
		() => describePaid(ending.paid),
	);
}

/** A job's state now, or undefined when it cannot be read at the moment: its call will tell. */
async function lookOnce(run: Run, id: string): Promise<Prediction | undefined> {
	const result = await toResult(run.client.result(id));
	return 'value' in result ? result.value : undefined;
}

type FailedItem = Extract<WaitingItem, { problem: unknown }>;

function revive({ problem: { message, advice, details } }: FailedItem): JobError {
	return new JobError(message, advice, details);
}

function plainProblem(error: unknown): FailedItem['problem'] {
	const { message, advice, details } = describeError(error);
	return { message, advice, details };
}
