/** Moves the items of a run from their jobs to output items, as far as one run of the node can. */
import { CancelledError } from '../api/http';
import type { Prediction } from '../api/prediction';
import { isRefunded, parsePrediction } from '../api/prediction';
import { JobSlots } from '../polling/jobSlots';
import { noteFound } from '../paidOnce/jobMemory';
import type { KeptFiles } from '../inputs/keptFiles';
import type { Webhook } from '../paidOnce/submitJob';
import { fromStoredError, toStoredError } from '../errors/storedError';
import type { WaitingItem, WaitingRun } from '../paidOnce/storedState';
import { waitForPrediction } from '../polling/waitForPrediction';
import type { ItemOutput } from '../n8n/items';
import { describeError, settleItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { Semaphore } from '../shared/semaphore';
import type { Result } from '../shared/result';
import { toResult } from '../shared/result';
import type { WaitPlan } from '../webhook/waitPlan';
import type { KnownWait } from './finishJob';
import {
	factsOf,
	finishAtTimeout,
	finishJob,
	forgetIfGone,
	MAX_CONCURRENT_DOWNLOADS,
	noteRefund,
	withJobContext,
} from './finishJob';
import type { OutputParameters } from './parameters';
import { requirePrepared } from './prepareItems';
import type { StartedJob } from './startJob';

/**
 * A younger job cannot have ended, so its poll is skipped. An older one is polled once more before the
 * execution is stored: n8n refuses calls that arrive while the node runs.
 */
const FRESH_MS = 2_000;

/** Up to so many jobs are read one by one, which the service knows best. */
const MAX_SINGLE_READS = 4;

/** What to do for one item. */
export interface JobItem {
	output: OutputParameters;
	wait: KnownWait;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	/** How long such a video usually takes at most, in milliseconds. */
	usualMs?: number;
	/** True when a run with the same inputs would use the job again. */
	isReusable: boolean;
	/** What is known of its files; none for a job that exists. */
	files?: KeptFiles;
	/**
	 * Gets the item's job.
	 *
	 * @param deadline milliseconds since 1970 at which the item's Timeout passes
	 * @param webhook whom WaveSpeed is to call; none where it cannot reach this n8n
	 */
	start(deadline: number, webhook: Webhook | undefined): Promise<StartedJob>;
}

export interface WaitOptions {
	plan: WaitPlan;
	maxParallelJobs: number;
	/** The wait that this run goes on with after the execution was stored. */
	waiting: WaitingRun | undefined;
	/** Completes the outputs when all jobs have ended; may change them in place. */
	onOutputs?(outputs: ReadonlyArray<Result<ItemOutput>>): Promise<void>;
}

export interface Advance {
	results: Array<Result<WaitingItem>>;
	items: WaitingItem[];
}

export type RunningItem = Extract<WaitingItem, { state: 'running' }>;

/** Moves each item as far as it gets in this run of the node. */
export class JobTracker {
	private readonly downloads = new Semaphore(MAX_CONCURRENT_DOWNLOADS);
	private slots: JobSlots;
	/** Many jobs are looked up in the history first: one request for a hundred of them. */
	private looksInHistory = false;
	/** The jobs of this run, by item, unless WaveSpeed has ended them without a bill. */
	private readonly jobs = new Map<number, RunningItem>();

	constructor(
		private readonly run: Run,
		private readonly prepared: ReadonlyArray<Result<JobItem>>,
		private readonly options: WaitOptions,
	) {
		this.slots = new JobSlots(options.maxParallelJobs, 0);
	}

	/**
	 * Moves all items together.
	 *
	 * @param stored where they are; none has been submitted when it is empty
	 * @returns the outcome of each item, and what to store of it until the execution goes on
	 * @throws NodeOperationError when the user stopped the execution
	 */
	async advanceAll(stored: readonly WaitingItem[]): Promise<Advance> {
		const running = stored.filter((item) => item.state === 'running');
		this.slots = new JobSlots(this.options.maxParallelJobs, running.length);
		this.looksInHistory = running.filter(({ ended }) => !ended).length > MAX_SINGLE_READS;
		const results = await settleItems(this.run, async (index) => {
			return await this.advance(index, stored[index] ?? { state: 'pending' });
		});
		return { results, items: results.map((result, index) => this.toStored(result, index)) };
	}

	private async advance(index: number, stored: WaitingItem): Promise<WaitingItem> {
		if (stored.state === 'done') {
			const { id } = stored.json;
			if (typeof id === 'string') this.run.paidJobs.set(index, id);
			return stored;
		}
		if (stored.state === 'failed') throw fromStoredError(stored.error);
		const isRunning = stored.state === 'running';
		if (!isRunning && !(await this.slots.acquire())) return stored;
		let isUnfinished = false;
		let hasSlot = true;
		try {
			const { job, item, prediction } = isRunning
				? await this.goOn(index, stored)
				: await this.start(index);
			return await withJobContext(this.run, index, job.id, async () => {
				const last = await this.wait(index, job, prediction);
				const hasEnded = last !== undefined && last.state !== 'unfinished';
				isUnfinished = !hasEnded && this.run.clock.now() < this.deadlineOf(job);
				if (isUnfinished) return job;
				// The next job need not wait for the download of this one's video.
				if (last?.state === 'completed') {
					this.slots.release();
					hasSlot = false;
				}
				return { state: 'done', ...(await this.finish(index, item, job, last)) };
			});
		} finally {
			if (isUnfinished) this.slots.keep();
			else if (hasSlot) this.slots.release();
		}
	}

	private toStored(result: Result<WaitingItem>, index: number): WaitingItem {
		if ('value' in result) return result.value;
		const job = this.jobs.get(index);
		// Cancelled because another item failed.
		if (result.error instanceof CancelledError) return job ?? { state: 'pending' };
		const error = toStoredError(describeError(result.error));
		return { state: 'failed', error, ...(job && { job }) };
	}

	private async start(index: number): Promise<KnownJob> {
		const item = requirePrepared(this.prepared, index);
		const since = this.run.clock.now();
		const deadline = since + item.wait.timeoutMs;
		const started = await item.start(deadline, this.options.plan.webhook);
		const { id, key, prediction, reusedFrom, webhookExecutionId } = started;
		const job: RunningItem = {
			state: 'running',
			id,
			...(key !== undefined && { key }),
			since: this.run.clock.now(),
			deadline: this.run.clock.now() + item.wait.timeoutMs,
			...(webhookExecutionId !== undefined && { webhookExecutionId }),
			...(reusedFrom !== undefined && { reusedFrom }),
			...(item.durationS !== undefined && { durationS: item.durationS }),
		};
		this.jobs.set(index, job);
		return { job, item, ...(prediction && { prediction }) };
	}

	private async goOn(index: number, { ended, ...stored }: RunningItem): Promise<KnownJob> {
		const { id } = stored;
		this.jobs.set(index, stored);
		const item = await withJobContext(this.run, index, id, async () => {
			return requirePrepared(this.prepared, index);
		});
		const deadline = stored.deadline ?? this.run.clock.now() + item.wait.timeoutMs;
		const job = { ...stored, deadline };
		this.jobs.set(index, job);
		const prediction = parsePrediction(ended);
		return { job, item, ...(prediction && { prediction }) };
	}

	private async wait(
		index: number,
		job: RunningItem,
		prediction: Prediction | undefined,
	): Promise<Prediction | undefined> {
		const { run } = this;
		const { isStored, memoryMs } = this.options.plan;
		const { id, since } = job;
		const deadline = this.deadlineOf(job);
		const until = isStored ? Math.min(deadline, since + memoryMs) : deadline;
		const now = run.clock.now();
		if (until <= now && now < deadline) {
			if (prediction && now - since < FRESH_MS) return prediction;
			const isRead = prediction !== undefined || !this.looksInHistory;
			const shown = isRead ? undefined : await run.roundHistory.find(id);
			if (shown?.state === 'unfinished') return shown;
		}
		const known = { id, since, ...(prediction && { prediction }) };
		return await waitForPrediction(run.client, known, until, run.calls, (changed) => {
			noteFound(id);
			run.report.jobChanged(index, changed);
		});
	}

	private async finish(
		index: number,
		item: JobItem,
		job: RunningItem,
		last: Prediction | undefined,
	): Promise<ItemOutput> {
		if (!last || last.state === 'unfinished') {
			const { form } = item.output;
			return finishAtTimeout(job.id, last, item.wait, form, factsOf(this.run, job));
		}
		if (isRefunded(last)) {
			noteRefund(this.run, index, job.key, last);
			this.jobs.delete(index);
		}
		const facts = factsOf(this.run, job);
		const finished = await toResult(finishJob(this.run, last, item.output, this.downloads, facts));
		if ('value' in finished) return finished.value;
		const error = forgetIfGone(this.run, job, finished.error);
		if (error !== finished.error) this.jobs.delete(index);
		throw error;
	}

	private deadlineOf({ deadline }: RunningItem): number {
		return deadline ?? Number.POSITIVE_INFINITY;
	}
}

interface KnownJob {
	job: RunningItem;
	item: JobItem;
	prediction?: Prediction;
}
