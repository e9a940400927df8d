/** The step that costs money: each job is sent once, whatever happens to the response. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import { CancelledError } from '../api/http';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { KeyedLock, Semaphore } from '../shared/semaphore';
import { patienceUntil } from './submissionLock';
import { toResult } from '../shared/result';
import { orJobError, toJobError } from '../errors/errorMessages';
import type { JobError } from '../errors/jobError';
import { jobError } from '../errors/jobError';
import type { JobIdentity } from './jobMemory';
import type { JobStore } from './jobStore';
import { findSubmission, searchSubmission } from './lostJob';
import type { PatientCalls } from '../polling/patientCalls';
import type { UnconfirmedJob } from './storedState';

/** Submissions in flight. Short requests, and the service counts them by the minute. */
const MAX_CONCURRENT_SUBMISSIONS = 4;

export interface SubmittedJob {
	id: string;
	/** What the service said about it, when it was asked in this run. */
	prediction?: Prediction;
	/** How the node came by it: only the first kind is a new bill. */
	origin: 'submitted' | 'resumed' | 'recovered' | 'reused';
	/** When the reused job was created, ISO 8601. */
	reusedFrom?: string;
	/** The execution that WaveSpeed calls when the job has ended. */
	webhookExecutionId?: string;
}

/** Whom WaveSpeed is to call when the job has ended. */
export interface Webhook {
	url: string;
	/** The execution that the call wakes; none for an address of the user's own. */
	executionId?: string;
}

export interface Submission {
	/** Name of the item's job record. */
	key: string;
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	identity: JobIdentity;
	body: SubmitBody;
	/** True when the seed was derived from the inputs, see `derivedSeed`. */
	seedIsDerived: boolean;
	/**
	 * Called right before each sending: another job that makes it needless. Cheap when the last look was
	 * a moment ago.
	 */
	look(): Promise<SubmittedJob | undefined>;
	/** Until when a refusal for too many requests is waited out, milliseconds since 1970. */
	deadline: number;
	webhook?: Webhook;
}

export class Submissions {
	private readonly limit = new Semaphore(MAX_CONCURRENT_SUBMISSIONS);
	private readonly duplicateLock = new KeyedLock();
	private readonly clock: Clock;

	/**
	 * @param onUnconfirmed called before the search for a job whose response was lost, so that a
	 * crash or Stop during the search leaves a trace
	 * @param addNote what to say under the output
	 */
	constructor(
		private readonly client: WaveSpeedClient,
		private readonly jobStore: JobStore,
		private readonly calls: PatientCalls,
		private readonly onUnconfirmed: (cause: string, since: number) => void,
		private readonly addNote: (message: string) => void,
	) {
		this.clock = calls.clock;
	}

	/**
	 * The job that an earlier try submitted for this item, or that may have been submitted for another
	 * item with the same inputs, if there is one.
	 *
	 * @throws JobError when there may be one that cannot be found
	 */
	async resume(
		job: Pick<Submission, 'key' | 'model' | 'identity' | 'seedIsDerived'>,
	): Promise<SubmittedJob | undefined> {
		const record =
			this.jobStore.job(job.key) ??
			(job.seedIsDerived ? this.jobStore.unconfirmedJob(job.identity) : undefined);
		if (record?.state === 'submitted') {
			const { id, recovered, reusedFrom, webhookExecutionId } = record;
			return {
				id,
				origin: reusedFrom ? 'reused' : recovered ? 'recovered' : 'resumed',
				...(reusedFrom && { reusedFrom }),
				...(webhookExecutionId && { webhookExecutionId }),
			};
		}
		if (record?.state !== 'submitting') return undefined;
		return await this.duplicateLock.run(duplicateKey(record.body), async () => {
			return await this.recover(job, record, 'an earlier submission of it got no response');
		});
	}

	/**
	 * Sends the job once. A refusal for too many requests is waited out; nothing else is repeated, and
	 * nothing without a look at what is there by then.
	 *
	 * @throws JobError
	 */
	async submit(job: Submission): Promise<SubmittedJob> {
		const patience = patienceUntil(job.deadline, this.clock);
		// Identical jobs one at a time: after a lost response the history could not tell them apart.
		return await this.duplicateLock.run(
			duplicateKey(job.body),
			async () => await this.limit.run(async () => await this.sendUntilAccepted(job), patience),
			patience,
		);
	}

	private async sendUntilAccepted(job: Submission): Promise<SubmittedJob> {
		const { key, model, identity, body, deadline, webhook } = job;
		let first: number | undefined;
		for (let refusals = 1; ; refusals++) {
			await orJobError(this.calls.hold.waitUntil(deadline), { step: 'submit' });
			const refused = first === undefined ? undefined : await this.findRefused(job, first);
			const existing = refused ?? (await job.look());
			if (existing) return existing;
			const { executionId } = webhook ?? {};
			const webhookExecutionId = executionId && { webhookExecutionId: executionId };
			const since = this.clock.now();
			first ??= since;
			const record: UnconfirmedJob = {
				state: 'submitting',
				identity,
				body,
				since,
				...webhookExecutionId,
			};
			this.jobStore.writeJob(key, record);
			const result = await toResult(this.client.submit(model, body, webhook?.url));
			if ('value' in result) {
				this.calls.hold.passed();
				const { id } = result.value;
				this.jobStore.writeJob(key, { state: 'submitted', id, ...webhookExecutionId });
				return { id, prediction: result.value, origin: 'submitted', ...webhookExecutionId };
			}
			const { error } = result;
			if (!(error instanceof ApiError)) {
				// A cancelled request never left; after anything else a job may exist.
				if (error instanceof CancelledError) this.jobStore.deleteJob(key);
				throw error;
			}
			if (!error.details.notProcessed) {
				return await this.recover(job, record, error.message, error.details.possibleId);
			}
			this.jobStore.deleteJob(key);
			if (error.kind !== 'rateLimit') throw toJobError(error, { step: 'submit' });
			this.calls.hold.refused(error, refusals);
		}
	}

	/**
	 * A job that a refused submission has created all the same: the official clients count a refusal for
	 * too many requests as unclear. Where the history cannot be read, it counts as what it says.
	 *
	 * @param since when it was sent first, milliseconds since 1970
	 */
	private async findRefused(job: Submission, since: number): Promise<SubmittedJob | undefined> {
		const search = { ...job, since, known: () => this.jobStore.knownIds() };
		const found = await toResult(searchSubmission(this.client, search));
		if ('value' in found) {
			const [prediction] = found.value;
			return prediction && this.takeFound(job.key, prediction, job.webhook?.executionId);
		}
		if (!(found.error instanceof ApiError)) throw found.error;
		this.addNote(
			`WaveSpeed rejected a job because of too many requests, and its history could not be read before the next try (${found.error.message}). If WaveSpeed accepted the first try after all, you pay twice.`,
		);
		return undefined;
	}

	private takeFound(
		key: string,
		prediction: Prediction,
		webhookExecutionId: string | undefined,
	): SubmittedJob {
		const { id } = prediction;
		const called = webhookExecutionId !== undefined && { webhookExecutionId };
		this.jobStore.writeJob(key, { state: 'submitted', id, recovered: true, ...called });
		return { id, prediction, origin: 'recovered', ...called };
	}

	/** After a lost response: the job is in the history, or nobody can say whether it exists. */
	private async recover(
		{ key, model, seedIsDerived }: Pick<Submission, 'key' | 'model' | 'seedIsDerived'>,
		record: UnconfirmedJob,
		cause: string,
		possibleId?: string,
	): Promise<SubmittedJob> {
		const { body, since } = record;
		const seen = possibleId ? `${cause} (the response names ${possibleId})` : cause;
		this.onUnconfirmed(seen, since);
		const search = { model, body, since, seedIsDerived, known: () => this.jobStore.knownIds() };
		const found = await toResult(findSubmission(this.client, search, this.clock));
		if ('error' in found) {
			if (!(found.error instanceof ApiError)) throw found.error;
			throw unconfirmedError(
				seen,
				since,
				`The history could not be read (${found.error.message}).`,
			);
		}
		const [prediction, ...others] = found.value;
		if (!prediction)
			throw unconfirmedError(seen, since, 'The history does not show such a job yet.');
		if (others.length > 0) {
			const count = found.value.length;
			throw unconfirmedError(seen, since, `The history shows ${count} jobs like it.`);
		}
		return this.takeFound(key, prediction, record.webhookExecutionId);
	}
}

/**
 * What the history tells jobs apart by. Not the seed: of a job with a random one it may show the one
 * that was drawn.
 */
function duplicateKey(body: SubmitBody): string {
	return JSON.stringify({ ...body, seed: null });
}

/** @param seen what the history says, in a sentence */
function unconfirmedError(cause: string, since: number, seen: string): JobError {
	const time = new Date(since).toISOString();
	return jobError(
		`WaveSpeed's response to the submission was lost, and a job may exist: ${cause}`,
		`${seen} Look for a job from ${time} at wavespeed.ai/history. If it is there, fetch it with Get Result. If not, run the workflow again to submit a new job. To keep you from paying twice, the node does not submit the item again in this execution.`,
		{ step: 'submit', may_exist: true },
	);
}
