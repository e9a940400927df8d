/** Takes a job with the same inputs that was paid for before, instead of paying again. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Http } from '../api/http';
import type { Prediction } from '../api/prediction';
import { READ_AFTER_WRITE_MS } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { KeyedLock } from '../shared/limit';
import { toResult } from '../shared/result';
import { isVideoGone } from './videoAvailability';
import { toJobError } from '../errors/errorMessages';
import type { JobHistory, ReuseQuery } from './history';
import type { JobStore } from './jobStore';
import type { SubmittedJob } from './submitJob';

/** Jobs submitted by this process that are remembered: the history may show them late. */
const MAX_RECENT_JOBS = 1_000;

/** Pause between two reads of a job that the service does not find yet. */
const NEW_JOB_POLL_MS = 1_000;

/** By account and fingerprint, of all executions in this process. */
const recentJobs = new Map<string, RecentJob>();

interface RecentJob {
	/** What the service said when it was submitted. */
	prediction: Prediction;
	/** Until when the service may not find it yet, milliseconds since 1970. */
	newUntil: number;
}

/** One execution at a time looks for a job and submits it, so that the other one finds it. */
const submissionLock = new KeyedLock();

/** @param fingerprint account and inputs */
export async function withSubmissionLock<T>(
	fingerprint: string,
	work: () => Promise<T>,
): Promise<T> {
	return await submissionLock.run(fingerprint, work);
}

/**
 * @param fingerprint account and inputs
 * @param submittedAt milliseconds since 1970; undefined for a job that the service has found already
 */
export function rememberJob(
	fingerprint: string,
	prediction: Prediction,
	submittedAt: number | undefined,
): void {
	const mayBeNew = prediction.state === 'unfinished' && submittedAt !== undefined;
	recentJobs.delete(fingerprint);
	recentJobs.set(fingerprint, {
		prediction,
		newUntil: mayBeNew ? submittedAt + READ_AFTER_WRITE_MS : 0,
	});
	for (const oldest of recentJobs.keys()) {
		if (recentJobs.size <= MAX_RECENT_JOBS) break;
		recentJobs.delete(oldest);
	}
}

/** The service has found the job: when it does not any more, the job was deleted. */
export function noteFound(id: string): void {
	for (const job of recentJobs.values()) if (job.prediction.id === id) job.newUntil = 0;
}

export class ReusableJobs {
	/** Why the history cannot tell of jobs with the same inputs, as the end of a sentence about it. */
	historyGap: string | undefined;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly http: Http,
		private readonly history: JobHistory,
		private readonly jobStore: JobStore,
		private readonly clock: Pick<Clock, 'now' | 'sleep'>,
	) {}

	/**
	 * A running or completed job with the same inputs, or undefined when there is none. A history that
	 * cannot be read counts as empty: it saves money, but nothing depends on it.
	 *
	 * @param fingerprint account and inputs
	 * @param key name of the item's job record
	 */
	async find(
		fingerprint: string,
		key: string,
		query: ReuseQuery,
	): Promise<SubmittedJob | undefined> {
		const recent = recentJobs.get(fingerprint);
		const job = recent && (await this.readRecent(recent));
		if (job) return this.take(key, job);
		recentJobs.delete(fingerprint);
		const found = await toResult(this.history.find(query));
		if ('error' in found) {
			if (!(found.error instanceof ApiError)) throw found.error;
			this.historyGap = `could not be read (${found.error.message})`;
			return undefined;
		}
		for (const candidate of found.value) {
			if (candidate.id === recent?.prediction.id) continue;
			const usable = await this.readIfUsable(candidate);
			if (usable) return this.take(key, usable);
		}
		if (!(await this.history.showsInputs(query.model))) this.historyGap = 'shows no inputs of jobs';
		return undefined;
	}

	private take(key: string, prediction: Prediction): SubmittedJob {
		const reusedFrom = prediction.createdAt ?? 'unknown';
		this.jobStore.writeJob(key, { state: 'submitted', id: prediction.id, reusedFrom });
		return { id: prediction.id, prediction, origin: 'reused', reusedFrom };
	}

	/** As {@link readIfUsable}, and again while the service may not find the job yet. */
	private async readRecent(recent: RecentJob): Promise<Prediction | undefined> {
		for (;;) {
			const usable = await this.readIfUsable(recent.prediction);
			if (usable || this.clock.now() >= recent.newUntil) return usable;
			await this.clock.sleep(NEW_JOB_POLL_MS);
		}
	}

	/** @param known what the service said about the job before, good enough while it cannot be read */
	private async readIfUsable(known: Prediction): Promise<Prediction | undefined> {
		const { id } = known;
		const result = await toResult(this.client.result(id));
		if ('error' in result) {
			const { error } = result;
			if (!(error instanceof ApiError)) throw error;
			if (error.kind === 'notFound') return undefined;
			if (error.transient) return known;
			// A new submission here would pay twice for a job that is known to exist.
			throw toJobError(error, { step: 'submit', id });
		}
		const prediction = result.value;
		noteFound(id);
		if (prediction.state === 'failed') return undefined;
		if (prediction.state === 'unfinished') return prediction;
		const url = prediction.outputs[0];
		if (!url || (await isVideoGone(this.http, url, this.client.baseUrl))) return undefined;
		return prediction;
	}
}
