/** Brings the items of a run from their jobs to output items, through as many stored waits as it takes. */
import type { INodeExecutionData } from 'n8n-workflow';
import { unfinishedOutput } from '../output/output';
import { storedPollDelayMs } from '../polling/pollDelay';
import type { WaitingItem } from '../paidOnce/storedState';
import type { ItemOutput } from '../n8n/items';
import { throwFirstError, toNodeItems, withInputFields } from '../n8n/items';
import type { AwaitedJob } from '../n8n/report';
import type { Run } from '../n8n/run';
import { continuesOnFail } from '../n8n/tool';
import type { Result } from '../shared/result';
import { runningIds } from '../webhook/rounds';
import { leaveRun, storeWaitingRun } from '../webhook/waitingRun';
import { withMemoryLimit } from '../webhook/waitPlan';
import { factsOf } from './finishJob';
import type { Advance, JobItem, RunningItem, WaitOptions } from './jobTracker';
import { JobTracker } from './jobTracker';

/** WaveSpeed repeats a refused call at least for so long, in milliseconds. */
const MAX_REFUSED_MS = 2_000;

/**
 * @param prepared what to do for each item, or why its check failed
 * @returns the output items; while the execution is stored, what the editor shows of it
 * @throws NodeOperationError | NodeApiError for the first failed item, unless the node continues on fail
 */
export async function waitForJobs(
	run: Run,
	prepared: ReadonlyArray<Result<JobItem>>,
	options: WaitOptions,
): Promise<INodeExecutionData[]> {
	const { waiting } = options;
	const { results, items } = await withMemoryLimit(options.plan, async (plan) => {
		const tracker = new JobTracker(run, prepared, { ...options, plan });
		const isNews = newsOf(run);
		let advance = await tracker.advanceAll(waiting?.items ?? []);
		while (await isNews(advance)) advance = await tracker.advanceAll(advance.items);
		return advance;
	});
	if (waiting) waiting.items = items;
	throwFirstError(run, results);
	const running = items.filter((item): item is RunningItem => item.state === 'running');
	if (running.length === 0) {
		leaveRun(run, waiting, items);
		if (!items.some(({ state }) => state === 'failed')) {
			delete run.state.waiting[run.runIndex];
			run.files.clear();
		}
		const outputs = results.map(toOutput);
		await options.onOutputs?.(outputs);
		return toNodeItems(run, outputs);
	}
	for (const [index, { state }] of items.entries()) {
		const item = prepared[index]!;
		const isNeeded = state === 'pending' && 'value' in item;
		run.files.keep(index, isNeeded ? item.value.files : undefined);
	}
	const until = nextPoll(run, running);
	await storeWaitingRun(run, waiting, items, until);
	run.report.addWaitingHint(awaitedJobs(items, prepared), items.length, until);
	run.report.addHints();
	return showWaiting(run, items, until);
}

function awaitedJobs(
	items: readonly WaitingItem[],
	prepared: ReadonlyArray<Result<JobItem>>,
): AwaitedJob[] {
	return items.flatMap((item, index) => {
		if (item.state !== 'running') return [];
		const { id, key, since, reusedFrom } = item;
		const made = reusedFrom === undefined ? since : Date.parse(reusedFrom);
		const isKnown = key !== undefined && made > 0;
		const result = prepared[index]!;
		const { durationS, usualMs, isReusable = true } = 'value' in result ? result.value : {};
		return [
			{
				id,
				since: isKnown ? made : undefined,
				...(durationS !== undefined && { durationS }),
				...(usualMs !== undefined && { usualMs }),
				isReusable,
			},
		];
	});
}

/**
 * Tells whether a job has ended while the node worked on others: n8n refuses the calls of WaveSpeed
 * meanwhile, and WaveSpeed repeats a call for a few seconds only.
 */
function newsOf(run: Run): (advance: Advance) => Promise<boolean> {
	const noticed = new Set<string>();
	return async ({ results, items }) => {
		const running = items.filter(({ state }) => state === 'running').length;
		const isShort = run.clock.now() - run.startedAt < MAX_REFUSED_MS;
		const isOver = !continuesOnFail(run.context) && results.some((result) => 'error' in result);
		if (running === 0 || isShort || isOver) return false;
		let hasNews = false;
		for (const id of runningIds(items)) {
			const shown = noticed.has(id) ? undefined : await run.roundHistory.find(id);
			if (shown === undefined || shown.state === 'unfinished') continue;
			noticed.add(id);
			hasNews = true;
		}
		return hasNews;
	};
}

function toOutput(result: Result<WaitingItem>): Result<ItemOutput> {
	if ('error' in result) return result;
	const { value } = result;
	if (value.state === 'done') return { value: outputOf(value) };
	return { error: new Error(`The item is ${value.state}, but nothing is waited for`) };
}

/** n8n's own items, which were stored as plain data. */
function outputOf({ json, binary }: Extract<WaitingItem, { state: 'done' }>): ItemOutput {
	const output = { json, ...(binary && { binary }) };
	return output as ItemOutput;
}

/** When to poll again at the latest, milliseconds since 1970. */
function nextPoll({ clock, executionId }: Run, running: readonly RunningItem[]): number {
	const now = clock.now();
	const times = running.map(({ since, webhookExecutionId, deadline }) => {
		// A retry is another execution: its calls go to the first one.
		const isCalled = webhookExecutionId === executionId;
		const delay = storedPollDelayMs(now - since, isCalled);
		return Math.min(now + delay, deadline ?? Number.POSITIVE_INFINITY);
	});
	return Math.min(...times);
}

/** Shown in the editor while the execution is stored. No failed items: n8n would run the node again. */
function showWaiting(run: Run, items: readonly WaitingItem[], until: number): INodeExecutionData[] {
	return items.flatMap((item, index) => {
		const pairedItem = { item: index };
		if (item.state === 'done')
			return [{ ...withInputFields(run, outputOf(item), index), pairedItem }];
		if (item.state !== 'running') return [];
		const json = {
			...unfinishedOutput(undefined, item.id, factsOf(run, item)),
			status: 'processing',
			next_check_at: new Date(until).toISOString(),
		};
		return [{ ...withInputFields(run, { json }, index), pairedItem }];
	});
}
