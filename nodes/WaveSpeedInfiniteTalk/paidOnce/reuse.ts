/** Takes a job with the same inputs that was paid for before, instead of paying again. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Http } from '../api/http';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { KeyedLock } from '../shared/limit';
import { toResult } from '../shared/result';
import { isVideoGone } from './videoAvailability';
import { toJobError } from '../errors/errorMessages';
import type { JobHistory, ReuseQuery } from './history';
import type { JobIdentity, KnownJob } from './jobMemory';
import { forgetJob, latestJobOf, noteFound } from './jobMemory';
import type { JobStore } from './jobStore';
import type { SubmittedJob } from './submitJob';

/** Pause between two reads of a job that the service does not find yet. */
const NEW_JOB_POLL_MS = 1_000;

/** One execution at a time looks for a job and submits it, so that the other one finds it. */
const submissionLock = new KeyedLock();

/** @param key equal for what has to wait for each other */
export async function withSubmissionLock<T>(key: string, work: () => Promise<T>): Promise<T> {
	return await submissionLock.run(key, work);
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
	 * @param identity of the job that is asked for
	 * @param key name of the item's job record
	 */
	async find(
		identity: JobIdentity,
		key: string,
		query: ReuseQuery,
	): Promise<SubmittedJob | undefined> {
		const recent = latestJobOf(identity);
		const job = recent && (await this.readRecent(recent));
		if (job) return this.take(key, job);
		if (recent) forgetJob(recent);
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
	private async readRecent(recent: KnownJob): Promise<Prediction | undefined> {
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
