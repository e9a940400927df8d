/** The step that costs money: each job is sent once, whatever happens to the answer. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiFailure } from '../api/failure';
import { Stopped } from '../api/http';
import type { Prediction } from '../api/prediction';
import type { Clock } from './clock';
import { explain } from './explain';
import { findSubmitted } from './history';
import type { JobRecord, Ledger } from './ledger';
import { KeyedLock, Limit } from './limits';
import type { JobProblem } from './problem';
import { problem } from './problem';
import { backOffMs } from './schedule';
import { settle } from './settle';

/** Submissions in flight. Short calls, and the service counts them by the minute. */
const SUBMISSIONS_AT_ONCE = 4;

export interface Submitted {
	id: string;
	/** What the service said about it, when it was asked in this try. */
	prediction?: Prediction;
	/** Found instead of sent: by an earlier try, or in the history after a lost answer. */
	how: 'sent' | 'resumed' | 'adopted';
	/** The execution that WaveSpeed calls back when the job has ended. */
	callsBack?: string;
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
	private readonly sameJob = new KeyedLock();
	/** The account's limit holds for all items: all wait until then (milliseconds since 1970). */
	private held: { until: number; by: ApiFailure } | undefined;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly ledger: Ledger,
		private readonly clock: Clock,
	) {}

	/**
	 * The job that an earlier try submitted for this item, if there is one.
	 *
	 * @throws JobProblem when an earlier try may have submitted one that cannot be found
	 */
	async resume(key: string): Promise<Submitted | undefined> {
		const record = this.ledger.job(key);
		if (record?.state === 'submitted') {
			const { id, callsBack } = record;
			return { id, how: record.adopted ? 'adopted' : 'resumed', ...(callsBack && { callsBack }) };
		}
		if (record?.state !== 'submitting') return undefined;
		return await this.sameJob.run(likeness(record.body), async () => {
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
		return await this.sameJob.run(likeness(body), async () => {
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
			const callsBack = callback?.execution && { callsBack: callback.execution };
			const sent: Sent = { state: 'submitting', body, since, ...callsBack };
			this.ledger.writeJob(key, sent);
			const result = await settle(this.client.submit(body, callback?.url));
			if ('value' in result) {
				const { id } = result.value;
				this.ledger.writeJob(key, { state: 'submitted', id, ...callsBack });
				return { id, prediction: result.value, how: 'sent', ...callsBack };
			}
			const { error } = result;
			if (!(error instanceof ApiFailure)) {
				// Stopped means that it never left; after anything else a job may exist.
				if (error instanceof Stopped) this.ledger.forgetJob(key);
				throw error;
			}
			if (!error.facts.nothingHappened) {
				return await this.recover(key, sent, error.message);
			}
			this.ledger.forgetJob(key);
			const pause = backOffMs(refusals, this.clock.random(), error.facts.retryAfterMs);
			if (error.kind !== 'rateLimit' || this.clock.now() + pause >= deadline) {
				throw explain(error, { step: 'submit' });
			}
			const until = Math.max(this.held?.until ?? 0, this.clock.now() + pause);
			this.held = { until, by: error };
		}
	}

	/** @throws JobProblem when the turn comes too late for this item: it is not submitted then */
	private async waitForTurn(deadline: number): Promise<void> {
		while (this.held && this.held.until > this.clock.now()) {
			if (this.held.until >= deadline) throw explain(this.held.by, { step: 'submit' });
			await this.clock.sleep(this.held.until - this.clock.now());
		}
	}

	/** After a lost answer: the job is in the history, or nobody can say whether it exists. */
	private async recover(key: string, sent: Sent, cause: string): Promise<Submitted> {
		const { body, since } = sent;
		const search = { body, since, known: () => this.ledger.knownIds() };
		const look = await settle(findSubmitted(this.client, search, this.clock));
		if ('error' in look) {
			if (!(look.error instanceof ApiFailure)) throw look.error;
			throw mayExist(cause, sent, `The history cannot be read (${look.error.message}).`);
		}
		const [prediction, ...others] = look.value;
		if (!prediction) throw mayExist(cause, sent, 'The history shows no such job yet.');
		if (others.length > 0) {
			throw mayExist(cause, sent, `The history shows ${look.value.length} jobs like it.`);
		}
		const { id } = prediction;
		const callsBack = sent.callsBack && { callsBack: sent.callsBack };
		this.ledger.writeJob(key, { state: 'submitted', id, adopted: true, ...callsBack });
		return { id, prediction, how: 'adopted', ...callsBack };
	}
}

/**
 * What the history tells jobs apart by. Not the seed: of a job with a random one it may show the one
 * that was drawn.
 */
function likeness(body: SubmitBody): string {
	return JSON.stringify({ ...body, seed: null });
}

/** @param seen what the history says, in a sentence */
function mayExist(cause: string, { body, since }: Sent, seen: string): JobProblem {
	const time = new Date(since).toISOString();
	return problem(
		`WaveSpeed's answer to the submission was lost, and a job may exist: ${cause}`,
		`${seen} Look at wavespeed.ai/history for a job of ${time} with the image ${lastPart(body.image)}. If it is there, read it with Get Result. The node does not submit it again in this execution, so that you never pay twice; run the workflow anew to submit a new job.`,
		{ step: 'submit', may_exist: true },
	);
}

/** The file name in an address: enough to recognise it, without any signature it may carry. */
function lastPart(address: string): string {
	return (
		address
			.replace(/[?#].*$/, '')
			.split('/')
			.at(-1) ?? address
	);
}
