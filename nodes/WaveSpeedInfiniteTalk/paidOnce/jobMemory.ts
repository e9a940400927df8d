/** The jobs that this n8n process knows: those that it submitted, and those whose inputs it has compared. */
import type { Prediction } from '../api/prediction';
import { READ_AFTER_WRITE_MS } from '../api/prediction';

/** Each takes about a kilobyte. */
const MAX_JOBS = 5_000;

/** Equal for jobs that are made of the same things, for the same account. */
export interface JobIdentity {
	/** Digest of base URL and key. */
	accountId: string;
	/** SHA-256 of all inputs. */
	inputsDigest: string;
	/** As it was sent; -1 for a random one. */
	seed: number;
}

export interface KnownJob extends JobIdentity {
	/** What the service said about it last. */
	prediction: Prediction;
	/** The execution that submitted it; absent for a job of another process. */
	executionId?: string;
	/** Until when the service may not find it yet, milliseconds since 1970. */
	newUntil: number;
}

/** Of all executions in this process, by account and job ID, the latest last. */
const jobs = new Map<string, KnownJob>();

/** @param submittedAt milliseconds since 1970; undefined for a job that the service has found already */
export function rememberJob(job: Omit<KnownJob, 'newUntil'>, submittedAt?: number): void {
	const { accountId, prediction } = job;
	const mayBeNew = prediction.state === 'unfinished' && submittedAt !== undefined;
	const key = keyOf(accountId, prediction.id);
	jobs.delete(key);
	jobs.set(key, { ...job, newUntil: mayBeNew ? submittedAt + READ_AFTER_WRITE_MS : 0 });
	for (const oldest of jobs.keys()) {
		if (jobs.size <= MAX_JOBS) break;
		jobs.delete(oldest);
	}
}

/** What this process knows of a job; undefined when it knows nothing. */
export function knownJob(accountId: string, id: string): KnownJob | undefined {
	return jobs.get(keyOf(accountId, id));
}

/** The latest job that this process knows to be made of these inputs: the history may show it late. */
export function latestJobOf({ accountId, inputsDigest, seed }: JobIdentity): KnownJob | undefined {
	const isSame = (job: KnownJob) =>
		job.inputsDigest === inputsDigest && job.accountId === accountId && job.seed === seed;
	return [...jobs.values()].reverse().find(isSame);
}

/** The job is gone, or has failed: nothing is to be taken from it. */
export function forgetJob({ accountId, prediction }: KnownJob): void {
	jobs.delete(keyOf(accountId, prediction.id));
}

/** The service has found the job: when it does not any more, the job was deleted. */
export function noteFound(id: string): void {
	for (const job of jobs.values()) if (job.prediction.id === id) job.newUntil = 0;
}

function keyOf(accountId: string, id: string): string {
	return `${accountId} ${id}`;
}
