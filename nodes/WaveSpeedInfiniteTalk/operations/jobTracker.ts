/** Moves the items of a run from their jobs to output items, as far as one run of the node can. */
import { CancelledError } from '../api/http';
import type { Prediction } from '../api/prediction';
import { isRefunded, parsePrediction } from '../api/prediction';
import { JobSlots } from '../polling/jobSlots';
import { noteFound } from '../paidOnce/jobMemory';
import type { Webhook } from '../paidOnce/submitJob';
import { fromStoredError, toStoredError } from '../errors/storedError';
import type { WaitingItem, WaitingRun } from '../paidOnce/storedState';
import { waitForPrediction } from '../polling/waitForPrediction';
import type { ItemOutput } from '../n8n/items';
import { describeError } from '../n8n/items';
import type { Run } from '../n8n/run';
import { Limit } from '../shared/limit';
import type { Result } from '../shared/result';
import type { WaitPlan } from '../webhook/waitPlan';
import type { KnownWait } from './finishJob';
import {
	factsOf,
	finishAtTimeout,
	finishJob,
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

/** What to do for one item. */
export interface JobItem {
	output: OutputParameters;
	wait: KnownWait;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
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

export type RunningItem = Extract<WaitingItem, { state: 'running' }>;

/** Moves each item as far as it gets in this run of the node. */
export class JobTracker {
	private readonly downloads = new Limit(MAX_CONCURRENT_DOWNLOADS);
	private readonly slots: JobSlots;
	/** The jobs of this run, by item, unless WaveSpeed has ended them without a bill. */
	private readonly jobs = new Map<number, RunningItem>();

	constructor(
		private readonly run: Run,
		private readonly prepared: ReadonlyArray<Result<JobItem>>,
		private readonly options: WaitOptions,
	) {
		const stored = options.waiting?.items ?? [];
		const running = stored.filter(({ state }) => state === 'running').length;
		this.slots = new JobSlots(options.maxParallelJobs, running);
	}

	/** @throws JobError */
	async advance(index: number): Promise<WaitingItem> {
		const stored: WaitingItem = this.options.waiting?.items[index] ?? { state: 'pending' };
		if (stored.state === 'done') {
			const { id } = stored.json;
			if (typeof id === 'string') this.run.paidJobs.set(index, id);
			return stored;
		}
		if (stored.state === 'failed') throw fromStoredError(stored.error);
		const isRunning = stored.state === 'running';
		if (!isRunning && !(await this.slots.take())) return stored;
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

	/** What is stored of an item until the execution goes on. */
	toStored(result: Result<WaitingItem>, index: number): WaitingItem {
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
		this.jobs.set(index, stored);
		const { id, reusedFrom } = stored;
		if (reusedFrom !== undefined) this.run.report.jobReused(reusedFrom);
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
		const isFresh = run.clock.now() - since < FRESH_MS;
		if (isFresh && prediction && until <= run.clock.now()) return prediction;
		const known = { id, since, ...(prediction && { prediction }) };
		return await waitForPrediction(run.client, known, until, run.clock, (changed) => {
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
		return await finishJob(this.run, last, item.output, this.downloads, facts);
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
