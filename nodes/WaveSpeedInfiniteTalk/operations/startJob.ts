/**
 * From an item's checked fields to a job with an ID: resumed, used again, or submitted.
 *
 * Rules that must not regress, since each job costs money:
 *
 * 1. **Slot, then lock.** An item takes its place in the order of the run first (Max Cost per Run), then the lock
 *    of its inputs. The other way round, two items could wait for each other.
 * 2. **Resume before all else.** A record of this execution wins: what it names is paid for, or may be.
 * 3. **Then what a lost round has submitted**: the state of a stored wait does not know of it.
 * 4. **Look before uploading**: in this process' memory, then in the history. The seed only finds a candidate; it
 *    is taken when its three files are proved to be ours.
 * 5. **Count the tries**, since n8n begins its own again after each stored wait.
 * 6. **Upload, then price.** WaveSpeed measures the voices at the addresses that the job will have.
 * 7. **Look right before paying**: the upload, a slot, and waiting out a refusal take time, in which another process
 *    may have submitted the same. Before a repeated submission also for what the refused one created.
 * 8. **Record, then send**, with nothing in between: whatever happens to the response, a later try knows of it.
 * 9. **Send once.** Only a refusal for too many requests is repeated; anything unclear is looked up.
 * 10. **Remember** what came of it before the lock is released: the next one with the same inputs finds it, although
 *    the history may show it late.
 */
import { derivedSeed, inputsDigestOf } from '../paidOnce/inputsDigest';
import { jobError } from '../errors/jobError';
import type { ByInput, InputKey } from '../errors/inputNames';
import { INPUT_KEYS, inputEntries } from '../errors/inputNames';
import { fromStoredError } from '../errors/storedError';
import type { FittedRequest } from '../inputs/request';
import type { Run } from '../n8n/run';
import { isTool } from '../n8n/tool';
import { rememberJob } from '../paidOnce/jobMemory';
import { jobKey } from '../paidOnce/jobStore';
import type { InputFiles } from '../paidOnce/proof';
import { rememberContent } from '../paidOnce/proof';
import type { WantedJob } from '../paidOnce/reuse';
import { patienceUntil, withSubmissionLock } from '../paidOnce/submissionLock';
import { toSubmitBody } from '../paidOnce/submitBody';
import type { SubmittedJob, Webhook } from '../paidOnce/submitJob';
import type { PreparedRequest } from './prepareRequests';

/** n8n's own limit of tries, and what it takes when none is given. */
const MAX_TRIES = 5;
const DEFAULT_TRIES = 3;

/** A job, and the name of its record, if it has one. */
export type StartedJob = SubmittedJob & { key?: string };

export interface JobStart {
	itemIndex: number;
	request: PreparedRequest;
	/** Milliseconds since 1970 until which the item waits for others, and the service may refuse it. */
	deadline: number;
	webhook?: Webhook | undefined;
}

/**
 * The item's job: the one that an earlier try submitted, one with the same inputs, or a new one.
 *
 * @throws JobError
 */
export async function startJob(run: Run, start: JobStart): Promise<StartedJob> {
	const { itemIndex, request, deadline } = start;
	const job = identify(run, itemIndex, request);
	// A later try finds the job by its inputs, also when an address gives the file no more.
	if (Object.keys(request.files.fetched).length > 0) run.files.keep(itemIndex, request.files);
	const patience = patienceUntil(deadline, run.clock);
	const getJob = async () => await resumeOrSubmit(run, start, job);
	const started = await run.budget.inOrder(
		request.limits,
		async () => await withSubmissionLock(job.lock, getJob, patience),
		patience,
	);
	run.paidJobs.set(itemIndex, started.id);
	run.report.jobStarted(itemIndex, started);
	return { ...started, key: job.key };
}

interface Job extends WantedJob {
	/** Counts the submissions of an item within an execution. */
	counterKey: string;
	/** Executions with the same inputs wait for each other; those with a seed of the user's need not. */
	lock: string;
	seedIsDerived: boolean;
	/** Whether a job that exists may be the item's. */
	isLookedFor: boolean;
}

/** What tells the item's job apart. */
export function identify(run: Run, itemIndex: number, request: FittedRequest): Job {
	const { model, order, prompt } = request;
	const { accountId } = run;
	const files: InputFiles = {};
	const media: ByInput<string> = {};
	for (const [input, { file }] of inputEntries(request.media)) {
		const { fileId: sha256, size } = file;
		files[INPUT_KEYS[input]] = { sha256, size };
		media[input] = sha256;
	}
	const inputsDigest = inputsDigestOf({ model, media, order, prompt });
	const seedIsDerived = request.seed === undefined;
	const seed = request.seed ?? derivedSeed(inputsDigest);
	const key = jobKey(run.runIndex, itemIndex, [accountId, inputsDigest, request.seed ?? 'derived']);
	return {
		key,
		counterKey: submissionCounterKey(run, itemIndex, key),
		lock: seedIsDerived ? `${accountId} ${inputsDigest}` : `${run.executionId} ${key}`,
		query: { model: model.id, resolution: model.resolution, order, prompt, seed },
		identity: { accountId, inputsDigest, seed },
		files,
		seedIsDerived,
		isShared: seedIsDerived,
		// The first retry of the same failed execution may have paid: n8n keeps that in its copy only.
		isLookedFor: seedIsDerived || (run.context.getMode() === 'retry' && seed >= 0),
	};
}

/** Where the submissions of an item are counted. */
export function submissionCounterKey(run: Run, itemIndex: number, key: string): string {
	// An agent may use its tool many times within one run of the node.
	return isTool(run.context) ? key : `${run.runIndex}.${itemIndex}`;
}

async function resumeOrSubmit(run: Run, start: JobStart, job: Job): Promise<SubmittedJob> {
	const resumed = await run.submissions.resume({ ...job, model: job.query.model });
	if (resumed) return resumed;
	const lost = await takeLost(run, start, job);
	if (lost) return lost;
	let notes: string[] = [];
	const look = async () => {
		if (!job.isLookedFor) return undefined;
		const found = await run.reusable.find(job);
		notes = found.notes;
		return found.job;
	};
	const reused = await look();
	if (reused) return reused;
	requireTryLeft(run, job.counterKey);
	const submitted = await send(run, start, job, look);
	if (submitted.origin === 'reused') return submitted;
	run.jobStore.countSubmission(job.counterKey, run.executionId);
	for (const note of notes) run.report.addNote(note);
	const { prediction, origin } = submitted;
	if (prediction) {
		const { executionId, clock } = run;
		const submittedAt = origin === 'submitted' ? clock.now() : undefined;
		rememberJob({ ...job.identity, prediction, executionId }, submittedAt);
	}
	return submitted;
}

/** A job that a lost round of this execution has submitted for these inputs. */
async function takeLost(
	run: Run,
	{ request, webhook }: JobStart,
	job: Job,
): Promise<SubmittedJob | undefined> {
	const lost = await run.roundHistory.takeLost(job, webhook?.executionId !== undefined);
	if (!lost) return undefined;
	const { prediction, ...rest } = lost;
	if (!prediction) return rest;
	const { executionId } = run;
	rememberJob({ ...job.identity, prediction, executionId });
	run.jobStore.countSubmission(job.counterKey, executionId);
	await run.budget.countPaid({ ...request, key: job.key }, prediction);
	// The history may leave out what an ended job has brought: it is read.
	return prediction.state === 'unfinished' ? lost : rest;
}

/**
 * n8n starts its tries over after each stored wait, so the node counts for itself.
 *
 * @throws JobError why the last job failed, when no more may be submitted
 */
function requireTryLeft(run: Run, counterKey: string): void {
	const { retryOnFail, maxTries = DEFAULT_TRIES } = run.context.getNode();
	const allowed = retryOnFail ? Math.min(Math.max(maxTries, 1), MAX_TRIES) : 1;
	const { count, lastError } = run.jobStore.submissions(counterKey, run.executionId);
	if (count < allowed) return;
	if (lastError) throw fromStoredError(lastError);
	throw jobError(
		`The item's job was submitted ${count} times in this execution, which is the limit`,
		'Run the workflow again.',
		{ step: 'submit' },
	);
}

async function send(
	run: Run,
	{ request, deadline, webhook }: JobStart,
	{ key, query, identity, files, seedIsDerived }: Job,
	look: () => Promise<SubmittedJob | undefined>,
): Promise<SubmittedJob> {
	const media = await run.uploads.mediaUrls(request);
	for (const [key, file] of Object.entries(files)) {
		const address = media[key as InputKey];
		if (address !== undefined) rememberContent(address, file);
	}
	const body = toSubmitBody(media, request, query.seed);
	const submission = { key, model: query.model, identity, body, seedIsDerived, deadline, look };
	return await run.budget.submitWithin({ ...request, key, body }, async () => {
		return await run.submissions.submit({ ...submission, ...(webhook && { webhook }) });
	});
}
