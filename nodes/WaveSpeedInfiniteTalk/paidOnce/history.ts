/** The account's jobs of the last seven days, as far back as one run needs them. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { RETENTION_MS } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { Semaphore } from '../shared/semaphore';
import { toResult } from '../shared/result';
import type { JobQuery } from './matching';
import { createdAtMs, matchesQuery } from './matching';

/** A look that began so long ago still counts as one right before paying, in milliseconds. */
const FRESH_MS = 3_000;
/** The history saves money, but must not delay an item by more than a few seconds at each look. */
const LOOK_MS = 6_000;
/** Pages of 100 jobs that are read in all, newest first. */
const MAX_PAGES = 100;
/** A job this close to its deletion is not worth reusing: its video must still be downloaded. */
const REUSE_MARGIN_MS = 60 * 60 * 1000;

/** What is known of one model's jobs. */
interface Reading {
	/** One look at a time; the others find what it has read. */
	lock: Semaphore;
	/** By ID, since jobs created meanwhile push others to the next page. */
	jobs: Map<string, Prediction>;
	/** When the last look began, and until when it may go on, milliseconds since 1970. */
	lookedAt: number;
	end: number;
	/** Pages read, counted from the newest; the next one down is behind them. */
	pages: number;
	/** True when nothing older is left. */
	isComplete: boolean;
	/** Why the last look broke off. */
	failure?: string;
}

export class JobHistory {
	private readonly readings = new Map<string, Reading>();

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly clock: Clock,
	) {}

	/**
	 * The jobs that match and have not failed, newest first. The first page is read when the last look
	 * is more than three seconds ago, older ones as the caller goes on, each look for six seconds at most.
	 */
	async *candidates(query: JobQuery): AsyncGenerator<Prediction> {
		const reading = this.readingOf(query.model);
		const freshSince = this.clock.now() - FRESH_MS;
		await reading.lock.run(async () => await this.look(query.model, reading, freshSince));
		const given = new Set<string>();
		for (let hasMore = true; hasMore; ) {
			const { pages } = reading;
			for (const job of this.matches(reading, query)) {
				if (given.has(job.id)) continue;
				given.add(job.id);
				yield job;
			}
			hasMore = await reading.lock.run(async () => {
				return reading.pages > pages || (await this.readOlder(query.model, reading));
			});
		}
	}

	/** Why the last look may have missed a job, in a sentence; undefined when it has seen all there are. */
	gap(model: string): string | undefined {
		const { failure, jobs, isComplete } = this.readingOf(model);
		const shown = [...jobs.values()];
		if (shown.length === 0 && failure !== undefined) {
			return `WaveSpeed's history could not be read (${failure}), so the node could not look for a job with the same inputs.`;
		}
		if (shown.length > 0 && shown.every(({ inputs }) => inputs === undefined)) {
			return "WaveSpeed's history does not show the inputs of jobs, so the node could not look for a job with the same inputs.";
		}
		if (isComplete && failure === undefined) return undefined;
		const reason = failure === undefined ? '' : ` (${failure})`;
		return `Only the latest ${shown.length} jobs of WaveSpeed's history could be searched${reason}. An older job with the same inputs may have been missed.`;
	}

	private readingOf(model: string): Reading {
		const reading = this.readings.get(model) ?? {
			lock: new Semaphore(1),
			jobs: new Map<string, Prediction>(),
			lookedAt: Number.NEGATIVE_INFINITY,
			end: 0,
			pages: 0,
			isComplete: false,
		};
		this.readings.set(model, reading);
		return reading;
	}

	private *matches({ jobs }: Reading, query: JobQuery): Generator<Prediction> {
		// Only now: the responses have told how far the two clocks are apart.
		const oldest = this.oldest();
		yield* [...jobs.values()]
			.filter((job) => job.state !== 'failed' && matchesQuery(job, query))
			.filter((job) => !(createdAtMs(job) < oldest))
			.sort((a, b) => (createdAtMs(b) || 0) - (createdAtMs(a) || 0));
	}

	/** Reads what is new since the last look. */
	private async look(model: string, reading: Reading, freshSince: number): Promise<void> {
		if (reading.lookedAt >= freshSince) return;
		reading.lookedAt = this.clock.now();
		reading.end = reading.lookedAt + LOOK_MS;
		delete reading.failure;
		const before = new Set(reading.jobs.keys());
		for (let page = 1; page <= MAX_PAGES; page++) {
			const read = await this.readPage(model, reading, page);
			const meetsKnown = read?.items.some(({ id }) => before.has(id));
			if (read && !read.full) reading.isComplete = true;
			// What lies between here and the jobs known before is read with the older ones.
			if (!read && page > 1) Object.assign(reading, { pages: page - 1, isComplete: false });
			if (!read?.full || meetsKnown || before.size === 0) return;
		}
	}

	/** @returns false when there are none, or none that may be read in this look */
	private async readOlder(model: string, reading: Reading): Promise<boolean> {
		if (reading.isComplete || reading.failure !== undefined || reading.pages >= MAX_PAGES) {
			return false;
		}
		const read = await this.readPage(model, reading, reading.pages + 1);
		if (read && !read.full) reading.isComplete = true;
		return read !== undefined;
	}

	/** @returns undefined when it cannot be read in time */
	private async readPage(model: string, reading: Reading, page: number) {
		const withinMs = reading.end - this.clock.now();
		if (withinMs <= 0) return undefined;
		const query = { createdAfter: this.oldest(), page, model, withinMs };
		const result = await toResult(this.client.history(query));
		if ('error' in result) {
			if (!(result.error instanceof ApiError)) throw result.error;
			reading.failure = result.error.message;
			return undefined;
		}
		for (const item of result.value.items) reading.jobs.set(item.id, item);
		reading.pages = Math.max(reading.pages, page);
		return result.value;
	}

	private oldest(): number {
		return this.client.toServerTime(this.clock.now()) - RETENTION_MS + REUSE_MARGIN_MS;
	}
}
