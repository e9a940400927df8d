/** The step that costs money: each job is sent once, whatever happens to the answer. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import { CancelledError } from '../api/http';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toJobError } from './errorMessages';
import { findInHistory } from './history';
import type { JobRecord, JobStore } from './jobStore';
import { KeyedLock, Limit } from '../shared/limit';
import type { JobError } from './jobError';
import { jobError } from './jobError';
import { backoffMs } from './pollDelay';
import { toResult } from '../shared/result';

/** Submissions in flight. Short calls, and the service counts them by the minute. */
const SUBMISSIONS_AT_ONCE = 4;

export interface Submitted {
	id: string;
	/** What the service said about it, when it was asked in this try. */
	prediction?: Prediction;
	/** Found instead of sent: by an earlier try, or in the history after a lost answer. */
	origin: 'sent' | 'resumed' | 'recovered';
	/** The execution that WaveSpeed calls back when the job has ended. */
	webhookExecutionId?: string;
}

/** Whom WaveSpeed is to call when the job has ended. */
export interface Callback {
	url: string;
	/** The execution that the call wakes; none for an address of the user's own. */
	execution?: string;
}

type Sent = Extract<JobRecord, { state: 'submitting' }>;

export class Submissions {
	private readonly limit = new Limit(SUBMISSIONS_AT_ONCE);
	private readonly duplicateLock = new KeyedLock();
	/** The account's limit holds for all items: all wait until then (milliseconds since 1970). */
	private rateLimit: { until: number; by: ApiError } | undefined;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly jobStore: JobStore,
		private readonly clock: Clock,
	) {}

	/**
	 * The job that an earlier try submitted for this item, if there is one.
	 *
	 * @throws JobProblem when an earlier try may have submitted one that cannot be found
	 */
	async resume(key: string): Promise<Submitted | undefined> {
		const record = this.jobStore.job(key);
		if (record?.state === 'submitted') {
			const { id, webhookExecutionId } = record;
			return {
				id,
				origin: record.recovered ? 'recovered' : 'resumed',
				...(webhookExecutionId && { webhookExecutionId }),
			};
		}
		if (record?.state !== 'submitting') return undefined;
		return await this.duplicateLock.run(duplicateKey(record.body), async () => {
			return await this.recover(key, record, 'an earlier try got no answer');
		});
	}

	/**
	 * Sends the job once. A refusal for too many requests is waited out; nothing else is repeated.
	 *
	 * @param deadline milliseconds since 1970 until which a refusal for too many requests is waited out
	 * @throws JobProblem
	 */
	async submit(
		key: string,
		body: SubmitBody,
		deadline: number,
		callback?: Callback,
	): Promise<Submitted> {
		// Jobs alike one after the other: after a lost answer the history could not tell them apart.
		return await this.duplicateLock.run(duplicateKey(body), async () => {
			return await this.limit.run(async () => {
				return await this.sendUntilTaken(key, body, deadline, callback);
			});
		});
	}

	private async sendUntilTaken(
		key: string,
		body: SubmitBody,
		deadline: number,
		callback?: Callback,
	): Promise<Submitted> {
		for (let refusals = 1; ; refusals++) {
			await this.waitForTurn(deadline);
			const since = this.clock.now();
			const webhookExecutionId = callback?.execution && { webhookExecutionId: callback.execution };
			const sent: Sent = { state: 'submitting', body, since, ...webhookExecutionId };
			this.jobStore.writeJob(key, sent);
			const result = await toResult(this.client.submit(body, callback?.url));
			if ('value' in result) {
				const { id } = result.value;
				this.jobStore.writeJob(key, { state: 'submitted', id, ...webhookExecutionId });
				return { id, prediction: result.value, origin: 'sent', ...webhookExecutionId };
			}
			const { error } = result;
			if (!(error instanceof ApiError)) {
				// Stopped means that it never left; after anything else a job may exist.
				if (error instanceof CancelledError) this.jobStore.deleteJob(key);
				throw error;
			}
			if (!error.details.notProcessed) {
				return await this.recover(key, sent, error.message);
			}
			this.jobStore.deleteJob(key);
			const pause = backoffMs(refusals, this.clock.random(), error.details.retryAfterMs);
			if (error.kind !== 'rateLimit' || this.clock.now() + pause >= deadline) {
				throw toJobError(error, { step: 'submit' });
			}
			const until = Math.max(this.rateLimit?.until ?? 0, this.clock.now() + pause);
			this.rateLimit = { until, by: error };
		}
	}

	/** @throws JobProblem when the turn comes too late for this item: it is not submitted then */
	private async waitForTurn(deadline: number): Promise<void> {
		while (this.rateLimit && this.rateLimit.until > this.clock.now()) {
			if (this.rateLimit.until >= deadline) throw toJobError(this.rateLimit.by, { step: 'submit' });
			await this.clock.sleep(this.rateLimit.until - this.clock.now());
		}
	}

	/** After a lost answer: the job is in the history, or nobody can say whether it exists. */
	private async recover(key: string, sent: Sent, cause: string): Promise<Submitted> {
		const { body, since } = sent;
		const search = { body, since, known: () => this.jobStore.knownIds() };
		const look = await toResult(findInHistory(this.client, search, this.clock));
		if ('error' in look) {
			if (!(look.error instanceof ApiError)) throw look.error;
			throw unconfirmedJobError(cause, sent, `The history cannot be read (${look.error.message}).`);
		}
		const [prediction, ...others] = look.value;
		if (!prediction) throw unconfirmedJobError(cause, sent, 'The history shows no such job yet.');
		if (others.length > 0) {
			throw unconfirmedJobError(
				cause,
				sent,
				`The history shows ${look.value.length} jobs like it.`,
			);
		}
		const { id } = prediction;
		const webhookExecutionId = sent.webhookExecutionId && {
			webhookExecutionId: sent.webhookExecutionId,
		};
		this.jobStore.writeJob(key, { state: 'submitted', id, recovered: true, ...webhookExecutionId });
		return { id, prediction, origin: 'recovered', ...webhookExecutionId };
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
function unconfirmedJobError(cause: string, { body, since }: Sent, seen: string): JobError {
	const time = new Date(since).toISOString();
	return jobError(
		`WaveSpeed's answer to the submission was lost, and a job may exist: ${cause}`,
		`${seen} Look at wavespeed.ai/history for a job of ${time} with the image ${fileNameOf(body.image)}. If it is there, read it with Get Result. The node does not submit it again in this execution, so that you never pay twice; run the workflow anew to submit a new job.`,
		{ step: 'submit', may_exist: true },
	);
}

/** The file name in an address: enough to recognise it, without any signature it may carry. */
function fileNameOf(address: string): string {
	return (
		address
			.replace(/[?#].*$/, '')
			.split('/')
			.at(-1) ?? address
	);
}
