/**
 * What the node keeps in the execution that n8n stores: one versioned object. n8n gives it back on
 * Retry On Fail, on Retry execution and after each stored wait.
 */
import type { SubmitBody } from '../api/client';
import type { KeptFiles } from '../inputs/keptFiles';
import { isPlainObject } from '../api/prediction';
import type { StoredError } from '../errors/storedError';
import type { JobIdentity } from './jobMemory';

/** Version of the format below. Another version counts as absent: an update may meet a waiting execution. */
export const STATE_VERSION = 1;

/** Sent at `since` (milliseconds since 1970), and the response is not known: a job may exist. */
export interface UnconfirmedJob {
	state: 'submitting';
	identity: JobIdentity;
	body: SubmitBody;
	since: number;
	/** The execution that WaveSpeed calls when the job has ended. */
	webhookExecutionId?: string;
}

export type JobRecord =
	| UnconfirmedJob
	| {
			state: 'submitted';
			id: string;
			/** Found in the history after a lost response. */
			recovered?: boolean;
			/** When the reused job was created, ISO 8601; absent for a job that this execution paid for. */
			reusedFrom?: string;
			/** The execution that WaveSpeed calls when the job has ended. */
			webhookExecutionId?: string;
	  }
	/** WaveSpeed reported that the job failed, and gives the money back. */
	| { state: 'failed'; id: string };

export interface UploadRecord {
	url: string;
	/** Milliseconds since 1970. */
	at: number;
}

/** How often an item's job was submitted in one execution. */
export interface SubmissionCount {
	executionId: string;
	count: number;
	/** Why the last of them failed. */
	lastError?: StoredError;
}

/** A job that is waited for. */
export interface WaitingJob {
	id: string;
	/** Name of its record in `jobs`; none for a job that Get Result waits for. */
	key?: string;
	/** When the wait for it began, milliseconds since 1970. */
	since: number;
	/** The execution that WaveSpeed calls when the job has ended. */
	webhookExecutionId?: string;
	/** When the reused job was created, ISO 8601. */
	reusedFrom?: string;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
}

/** One item of a run whose execution is stored until its jobs have ended. */
export type WaitingItem =
	/** Not submitted yet: Max Parallel Jobs keeps it back. */
	| { state: 'pending' }
	| (WaitingJob & {
			state: 'running';
			/** When its Timeout passes, milliseconds since 1970; null to start it over. */
			deadline: number | null;
			/** The ended prediction, when the webhook has read it. */
			ended?: Record<string, unknown>;
	  })
	/** Its output item, as n8n keeps items. */
	| { state: 'done'; json: Record<string, unknown>; binary?: Record<string, unknown> }
	| {
			state: 'failed';
			error: StoredError;
			/** The job, when it may still be waited for. */
			job?: WaitingJob;
	  };

/** What there is to know about the items of a run beside their output. */
export interface RunNotes {
	/** In sentences, each once. */
	notes: string[];
	/** When each job was created that was used again, ISO 8601 or `unknown`. */
	reusedFrom: string[];
	/** Jobs found in the history after a lost response. */
	recovered: number;
	/** Results that may not be safe for work. */
	flagged: number;
	/** Videos whose files are in the output. */
	videos: number;
}

/** A run of the node whose execution is stored. */
export interface WaitingRun {
	/** Counts the stored waits of this run, from 1. */
	round: number;
	/** The round that was begun last: the same one again is a retry, not a wake. */
	begun: number;
	/** When it was stored, by the service's clock, milliseconds since 1970. */
	storedAt: number;
	/** The execution that stored it; a retry is another one. */
	executionId: string;
	items: WaitingItem[];
	notes: RunNotes;
}

export interface StoredState {
	version: typeof STATE_VERSION;
	jobs: Record<string, JobRecord>;
	/** By account and content. */
	uploads: Record<string, UploadRecord>;
	/** By run index and item index. */
	submissions: Record<string, SubmissionCount>;
	/** Price of each submitted job in USD, where it was asked for, by the name of its record. */
	costs: Record<string, number>;
	/** By run index: a node in a loop runs many times in one execution. */
	waiting: Record<string, WaitingRun>;
	/** By run index and item index: of items that wait for their turn, or gave a URL. */
	files: Record<string, KeptFiles>;
}

/**
 * The state in an object that n8n stores; a new one where there is none of this version.
 *
 * @param container the node's context; changed in place
 */
export function openState(container: { state?: unknown }): StoredState {
	const stored = container.state;
	if (isCurrent(stored)) return stored;
	const state: StoredState = {
		version: STATE_VERSION,
		jobs: {},
		uploads: {},
		submissions: {},
		costs: {},
		waiting: {},
		files: {},
	};
	container.state = state;
	return state;
}

function isCurrent(value: unknown): value is StoredState {
	if (!isPlainObject(value)) return false;
	const { version, jobs, uploads, submissions, costs, waiting, files } = value;
	// No arrays: JSON drops the named properties of one.
	return (
		version === STATE_VERSION &&
		[jobs, uploads, submissions, costs, waiting, files].every((part) => isPlainObject(part))
	);
}
