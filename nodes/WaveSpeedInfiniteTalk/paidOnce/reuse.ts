/** Takes a job with the same inputs that was paid for before, instead of paying again. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Http } from '../api/http';
import type { Prediction } from '../api/prediction';
import { toJobError } from '../errors/errorMessages';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import type { JobHistory } from './history';
import type { JobIdentity, KnownJob } from './jobMemory';
import { forgetJob, latestJobOf, noteFound } from './jobMemory';
import type { JobStore } from './jobStore';
import type { JobQuery } from './matching';
import type { InputFiles, Proof } from './proof';
import type { SubmittedJob } from './submitJob';
import { isVideoGone } from './videoAvailability';

/** Pause between two reads of a job that the service does not find yet. */
const NEW_JOB_POLL_MS = 1_000;
/** Jobs of one seed whose inputs are compared: somebody may have typed it many times. */
const MAX_CANDIDATES = 20;

/** A job that would be submitted, unless it is there already. */
export interface WantedJob {
	/** Name of the item's job record. */
	key: string;
	query: JobQuery;
	identity: JobIdentity;
	files: InputFiles;
	/** False where each item is to have a job of its own: one of another item is not taken. */
	isShared: boolean;
}

export interface Found {
	job?: SubmittedJob;
	/** Where the look was blind, in sentences; worth saying when the job is paid for after it. */
	notes: string[];
}

export class ReusableJobs {
	constructor(
		private readonly client: WaveSpeedClient,
		private readonly http: Http,
		private readonly history: JobHistory,
		private readonly proof: Proof,
		private readonly jobStore: JobStore,
		private readonly clock: Pick<Clock, 'now' | 'sleep'>,
	) {}

	/**
	 * A running or completed job that is proved to be made of the same inputs. A history that cannot be read
	 * counts as empty: it saves money, but nothing depends on it.
	 *
	 * @throws JobError when a job that is known cannot be read, such as for a key that is refused
	 */
	async find(wanted: WantedJob): Promise<Found> {
		const notes: string[] = [];
		const recent = latestJobOf(wanted.identity);
		const known = recent && this.mayReuse(recent.prediction, wanted) ? recent : undefined;
		const job = known && (await this.readRecent(known, wanted, notes));
		if (job) return { job: this.reuse(wanted, job), notes };
		if (known) forgetJob(known);
		let compared = 0;
		for await (const candidate of this.history.candidates(wanted.query)) {
			if (candidate.id === known?.prediction.id || !this.mayReuse(candidate, wanted)) continue;
			if (++compared > MAX_CANDIDATES) {
				notes.push(
					`More than ${MAX_CANDIDATES} jobs in WaveSpeed's history have the same seed. Only the latest were compared.`,
				);
				break;
			}
			const usable = await this.readIfUsable(candidate, wanted, notes);
			if (usable) return { job: this.reuse(wanted, usable), notes };
		}
		const gap = this.history.gap(wanted.query.model);
		return { notes: gap === undefined ? notes : [gap, ...notes] };
	}

	private mayReuse({ id }: Prediction, { isShared }: WantedJob): boolean {
		return isShared || !this.jobStore.knownIds().has(id);
	}

	private reuse({ key }: WantedJob, prediction: Prediction): SubmittedJob {
		const { id, createdAt: reusedFrom = 'unknown' } = prediction;
		this.jobStore.writeJob(key, { state: 'submitted', id, reusedFrom });
		return { id, prediction, origin: 'reused', reusedFrom };
	}

	/** As {@link readIfUsable}, and again while the service may not find the job yet. */
	private async readRecent(
		recent: KnownJob,
		wanted: WantedJob,
		notes: string[],
	): Promise<Prediction | undefined> {
		for (;;) {
			const usable = await this.readIfUsable(recent.prediction, wanted, notes);
			if (usable || this.clock.now() >= recent.newUntil) return usable;
			await this.clock.sleep(NEW_JOB_POLL_MS);
		}
	}

	/** @param shown what the service said about the job before, good enough while it cannot be read */
	private async readIfUsable(
		shown: Prediction,
		wanted: WantedJob,
		notes: string[],
	): Promise<Prediction | undefined> {
		const { id } = shown;
		const result = await toResult(this.client.result(id));
		if ('error' in result) {
			const { error } = result;
			if (!(error instanceof ApiError)) throw error;
			if (error.kind === 'notFound') return undefined;
			if (error.kind === 'forbidden') {
				notes.push(
					`Job ${id} may have the same inputs, but WaveSpeed does not show it (${error.message}).`,
				);
				return undefined;
			}
			// A new submission here would pay twice for a job that is known to exist.
			if (!error.transient) throw toJobError(error, { step: 'submit', id });
		} else {
			noteFound(id);
		}
		const prediction = 'value' in result ? result.value : shown;
		if (prediction.state === 'failed') return undefined;
		const verdict = await this.proof.check(shown, wanted.identity, wanted.files);
		if (verdict.is === 'notProvable') {
			notes.push(
				`Job ${id} has the same seed, but was not reused: ${verdict.reason}, so its inputs could not be compared.`,
			);
		}
		if (verdict.is !== 'equal') return undefined;
		if ('error' in result || prediction.state === 'unfinished') return prediction;
		const url = prediction.outputs[0];
		if (!url || (await isVideoGone(this.http, url, this.client.baseUrl))) return undefined;
		return prediction;
	}
}
