/**
 * What the node has already done in this execution, written down at once. n8n keeps the place it is
 * written to (the node's context) across the tries of Retry On Fail and across "Retry execution", so
 * that a retry resumes a paid job instead of paying for another one.
 */
import { createHash } from 'crypto';
import type { SubmitBody } from '../api/client';
import { RETENTION_MS } from '../api/prediction';
import type { CheckedMedia, CheckedRequest } from './request';
import { INPUT_NAMES } from './request';

export type JobRecord =
	/** Sent at `since` (milliseconds since 1970), and the answer is not known: a job may exist. */
	| { state: 'submitting'; body: SubmitBody; since: number; webhookExecutionId?: string }
	| {
			state: 'submitted';
			id: string;
			recovered?: boolean;
			/** The execution that WaveSpeed calls back when the job has ended. */
			webhookExecutionId?: string;
	  }
	/** WaveSpeed reported that the job failed, and gives the money back. */
	| { state: 'failed'; id: string };

interface UploadRecord {
	url: string;
	/** Milliseconds since 1970. */
	at: number;
}

/** The object that n8n stores. */
export interface StoredJobs {
	jobs?: Record<string, JobRecord>;
	uploads?: Record<string, UploadRecord>;
}

/** An upload is used again for this long: the API deletes it after 7 days, a job may queue for one. */
const UPLOAD_REUSE_MS = RETENTION_MS - 24 * 60 * 60 * 1000;

export class JobStore {
	constructor(
		private readonly store: StoredJobs,
		private readonly now: () => number,
	) {}

	job(key: string): JobRecord | undefined {
		return this.store.jobs?.[key];
	}

	writeJob(key: string, record: JobRecord): void {
		this.store.jobs = { ...this.store.jobs, [key]: record };
	}

	/** The submission certainly created nothing. */
	deleteJob(key: string): void {
		const others = { ...this.store.jobs };
		delete others[key];
		this.store.jobs = others;
	}

	/** IDs of all jobs that belong to some item already. */
	knownIds(): Set<string> {
		const records = Object.values(this.store.jobs ?? {});
		return new Set(records.flatMap((record) => ('id' in record ? [record.id] : [])));
	}

	upload(identity: string): string | undefined {
		const record = this.store.uploads?.[identity];
		return record && this.now() - record.at < UPLOAD_REUSE_MS ? record.url : undefined;
	}

	writeUpload(identity: string, url: string): void {
		this.store.uploads = { ...this.store.uploads, [identity]: { url, at: this.now() } };
	}
}

/**
 * The name under which an item's job is written down: a node can run many times in one execution
 * (loops), has many items, and its inputs may be changed before a retry.
 *
 * @param place run of the node, item, and account
 */
export function jobKey(
	place: { runIndex: number; itemIndex: number; account: string },
	request: CheckedRequest,
): string {
	const inputs = INPUT_NAMES.map((input) => mediaIdentity(request.media[input]));
	const facts = [place.account, ...inputs, request.order, request.prompt, request.seed];
	const print = createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
	return `${place.runIndex}.${place.itemIndex}.${print}`;
}

function mediaIdentity(media: CheckedMedia): string {
	return 'url' in media ? media.url : media.file.identity;
}
