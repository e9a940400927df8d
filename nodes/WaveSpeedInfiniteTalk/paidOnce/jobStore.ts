/** Records of what this execution has already paid for and uploaded, so that a retry resumes it. */
import { createHash } from 'crypto';
import { RETENTION_MS } from '../api/prediction';
import { roundUsd } from '../shared/money';
import type { StoredError } from '../errors/storedError';
import type { JobIdentity } from './jobMemory';
import type { JobRecord, StoredState, UnconfirmedJob } from './storedState';

/** An upload is used again for this long: the API deletes it after 7 days, a job may queue for one. */
const UPLOAD_REUSE_MS = RETENTION_MS - 24 * 60 * 60 * 1000;

export class JobStore {
	/**
	 * @param now milliseconds since 1970
	 * @param accountId digest of base URL and key
	 */
	constructor(
		private readonly state: StoredState,
		private readonly now: () => number,
		private readonly accountId: string,
	) {}

	job(key: string): JobRecord | undefined {
		return this.state.jobs[key];
	}

	writeJob(key: string, record: JobRecord): void {
		this.state.jobs[key] = record;
	}

	/** The submission certainly created nothing. */
	deleteJob(key: string): void {
		delete this.state.jobs[key];
	}

	/** A submission of the same job, for whatever item, whose job may exist. */
	unconfirmedJob(asked: JobIdentity): UnconfirmedJob | undefined {
		const records = Object.values(this.state.jobs);
		return records.find((record): record is UnconfirmedJob => {
			if (record.state !== 'submitting') return false;
			const { accountId, inputsDigest, seed } = record.identity;
			return (
				inputsDigest === asked.inputsDigest && accountId === asked.accountId && seed === asked.seed
			);
		});
	}

	/** IDs of all jobs that belong to some item of this execution already. */
	knownIds(): Set<string> {
		const records = Object.values(this.state.jobs);
		return new Set(records.flatMap((record) => ('id' in record ? [record.id] : [])));
	}

	/** Submissions of an item so far in this execution; a Retry execution starts over. */
	submissions(item: string, executionId: string): { count: number; lastError?: StoredError } {
		const stored = this.state.submissions[item];
		return stored?.executionId === executionId ? stored : { count: 0 };
	}

	countSubmission(item: string, executionId: string): void {
		const count = this.submissions(item, executionId).count + 1;
		this.state.submissions[item] = { executionId, count };
	}

	/** Stores why the last submission of an item failed, to say so when no more are allowed. */
	writeLastError(item: string, executionId: string, lastError: StoredError): void {
		const { count } = this.submissions(item, executionId);
		if (count > 0) this.state.submissions[item] = { executionId, count, lastError };
	}

	/** Price of a submitted job in USD; undefined when it was not asked for. */
	cost(key: string): number | undefined {
		return this.state.costs[key];
	}

	writeCost(key: string, usd: number): void {
		this.state.costs[key] = usd;
	}

	deleteCost(key: string): void {
		delete this.state.costs[key];
	}

	/** What the other jobs of a run, or of all runs, cost, in USD, also those of earlier tries. */
	costOfRun(runIndex: number | undefined, exceptKey: string): number {
		const costs = Object.entries(this.state.costs).filter(
			([key]) => (runIndex === undefined || key.startsWith(`${runIndex}.`)) && key !== exceptKey,
		);
		return roundUsd(costs.reduce((sum, [, usd]) => sum + usd, 0));
	}

	/** @param content digest of a file's content */
	upload(content: string): string | undefined {
		const record = this.state.uploads[this.uploadKey(content)];
		return record && this.now() - record.at < UPLOAD_REUSE_MS ? record.url : undefined;
	}

	writeUpload(content: string, url: string): void {
		this.state.uploads[this.uploadKey(content)] = { url, at: this.now() };
	}

	private uploadKey(content: string): string {
		return shortDigest([this.accountId, content]);
	}
}

/**
 * The name of an item's job record: a node can run many times in one execution (loops), has many
 * items, and its inputs may be changed before a retry.
 *
 * @param inputs whatever the job depends on: account, media, order, prompt, seed, model
 */
export function jobKey(
	runIndex: number,
	itemIndex: number,
	inputs: ReadonlyArray<string | number>,
): string {
	return `${runIndex}.${itemIndex}.${shortDigest(inputs)}`;
}

function shortDigest(parts: ReadonlyArray<string | number>): string {
	return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}
