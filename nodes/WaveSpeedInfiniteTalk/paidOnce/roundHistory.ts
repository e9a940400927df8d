/**
 * What the account's history shows in a round of a stored wait, with one request for a hundred jobs: which of
 * the running ones have ended, and what a lost round has submitted. The stored state does not know of such a
 * job, when the round was stopped, crashed, or was carried out by another process on the same data.
 */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { HISTORY_PAGE_SIZE } from '../api/requests';
import { jobError } from '../errors/jobError';
import type { Clock } from '../shared/clock';
import { Semaphore } from '../shared/semaphore';
import { toResult } from '../shared/result';
import { knownJob } from './jobMemory';
import type { JobStore } from './jobStore';
import { createdAtMs, matchesQuery } from './matching';
import type { Proof } from './proof';
import type { WantedJob } from './reuse';
import type { SubmittedJob } from './submitJob';

/** A look so long ago still shows what runs, in milliseconds. */
const FRESH_MS = 2_000;
/** A look must not delay a round by more than a few seconds. */
const LOOK_MS = 6_000;
/** Pages of 100 jobs, newest first, that are searched for those of a lost round. */
const MAX_PAGES = 5;
/** How much earlier than its round was stored a job may be dated: dates are rounded. */
const DATE_MARGIN_MS = 5_000;

/** The stored wait that a round began with. */
export interface RoundStart {
	/** When it was stored, by the service's clock, milliseconds since 1970. */
	storedAt: number;
	/** The execution that stored it; a retry is another one. */
	executionId: string;
	/** True when the round was begun before, and what it did is not known. */
	isRepeated: boolean;
}

export class RoundHistory {
	private start: RoundStart | undefined;
	private jobs = new Map<string, Prediction>();
	private lookedAt = Number.NEGATIVE_INFINITY;
	private failure: ApiError | undefined;
	/** What a lost round may have submitted: read once in a round. */
	private search: Promise<Prediction[]> | undefined;
	/** One at a time: the next one finds what the one before has read, and not what it has taken. */
	private readonly order = new Semaphore(1);

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly proof: Proof,
		private readonly jobStore: JobStore,
		private readonly clock: Clock,
		private readonly executionId: string,
		private readonly addNote: (message: string) => void = () => {},
	) {}

	/** Call this when a round begins that may have been begun before. */
	begin(start: RoundStart): void {
		this.start = start;
	}

	/** What the latest page shows of a job; undefined when it does not show it, or cannot be read. */
	async find(id: string): Promise<Prediction | undefined> {
		await this.order.run(async () => await this.look());
		return this.failure ? undefined : this.jobs.get(id);
	}

	/**
	 * A job that is proved to be made of the item's inputs, was created since the round was stored, and
	 * belongs to no other item, and to no other execution that is known. It counts as submitted by the item.
	 *
	 * @param isCalled whether WaveSpeed calls executions of this workflow when their jobs have ended
	 * @throws JobError when the history cannot be read although a round is known to be lost
	 */
	async takeLost(wanted: WantedJob, isCalled: boolean): Promise<SubmittedJob | undefined> {
		const { start } = this;
		if (!start) return undefined;
		return await this.order.run(async () => {
			this.search ??= this.readSince(start.storedAt);
			const found = await this.search;
			if (this.failure) {
				this.search = undefined;
				this.addNote(unreadable(start, this.failure));
			}
			for (const job of found) {
				if (!this.mayBelongTo(wanted, job, start)) continue;
				const verdict = await this.proof.check(job, wanted.identity, wanted.files);
				if (verdict.is === 'notProvable') {
					this.addNote(
						`Job ${job.id} may belong to this execution but was not used: ${verdict.reason}, so its inputs could not be compared.`,
					);
				}
				if (verdict.is !== 'equal') continue;
				const { id } = job;
				const called = isCalled && { webhookExecutionId: start.executionId };
				this.jobStore.writeJob(wanted.key, { state: 'submitted', id, recovered: true, ...called });
				return { id, prediction: job, origin: 'recovered', ...called };
			}
			return undefined;
		});
	}

	private mayBelongTo({ query, identity }: WantedJob, job: Prediction, start: RoundStart): boolean {
		const owner = knownJob(identity.accountId, job.id)?.executionId;
		return (
			job.state !== 'failed' &&
			!(createdAtMs(job) < start.storedAt - DATE_MARGIN_MS) &&
			matchesQuery(job, query) &&
			!this.jobStore.knownIds().has(job.id) &&
			(owner === undefined || owner === this.executionId || owner === start.executionId)
		);
	}

	/** Reads the latest page, unless that was done a moment ago. @returns whether there is an older one */
	private async look(): Promise<boolean> {
		const now = this.clock.now();
		if (now - this.lookedAt <= FRESH_MS) return this.jobs.size >= HISTORY_PAGE_SIZE;
		this.lookedAt = now;
		this.jobs = new Map();
		return await this.readPage(1, now + LOOK_MS);
	}

	private async readSince(storedAt: number): Promise<Prediction[]> {
		const end = this.clock.now() + LOOK_MS;
		let hasMore = await this.look();
		const isOlder = (job: Prediction) => createdAtMs(job) < storedAt - DATE_MARGIN_MS;
		for (let page = 2; page <= MAX_PAGES && hasMore; page++) {
			if ([...this.jobs.values()].some(isOlder)) break;
			hasMore = await this.readPage(page, end);
		}
		return [...this.jobs.values()];
	}

	/** @returns whether there may be another page behind it */
	private async readPage(page: number, end: number): Promise<boolean> {
		const withinMs = Math.max(end - this.clock.now(), 1);
		const query = { page, pageSize: HISTORY_PAGE_SIZE, withinMs };
		const result = await toResult(this.client.listPredictions(query));
		this.failure = undefined;
		if ('error' in result) {
			if (!(result.error instanceof ApiError)) throw result.error;
			this.failure = result.error;
			return false;
		}
		for (const job of result.value.items) this.jobs.set(job.id, job);
		return result.value.full;
	}
}

/**
 * @returns what to say
 * @throws JobError when the item's job may have been paid for
 */
function unreadable({ isRepeated, storedAt }: RoundStart, error: ApiError): string {
	if (!isRepeated) {
		return `WaveSpeed's history could not be read (${error.message}), so the node could not look for lost jobs of this execution.`;
	}
	throw jobError(
		`The item's job may already exist, but WaveSpeed's history could not be read: ${error.message}`,
		`Nothing was submitted for this item. Retry this execution later, or look for jobs since ${new Date(storedAt).toISOString()} at wavespeed.ai/history and fetch them with Get Result.`,
		{ step: 'submit', may_exist: true },
		{ cause: error },
	);
}
