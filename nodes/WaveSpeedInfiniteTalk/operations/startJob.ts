/** From an item's checked fields to a job with an ID: resumed, used again, or submitted. */
import { derivedSeed, inputsDigestOf } from '../paidOnce/inputsDigest';
import { jobKey } from '../paidOnce/jobStore';
import { jobError } from '../errors/jobError';
import type { Model } from '../inputs/models';
import type { InputName } from '../errors/inputNames';
import { INPUT_NAMES } from '../errors/inputNames';
import type { JobIdentity } from '../paidOnce/jobMemory';
import { rememberJob } from '../paidOnce/jobMemory';
import { withSubmissionLock } from '../paidOnce/reuse';
import type { FittedRequest } from '../inputs/request';
import { fromStoredError } from '../errors/storedError';
import { toSubmitBody } from '../paidOnce/submitBody';
import type { Submission, SubmittedJob, Webhook } from '../paidOnce/submitJob';
import type { Run } from '../n8n/run';
import { isTool } from '../n8n/tool';
import type { PreparedRequest } from './prepareRequests';

/** n8n's own limit of tries, and what it takes when none is given. */
const MAX_TRIES = 5;
const DEFAULT_TRIES = 3;

/** A job, and the name of its record, if it has one. */
export type StartedJob = SubmittedJob & { key?: string };

/** Names under which the API takes the inputs. */
const BODY_KEYS = { image: 'image', leftAudio: 'left_audio', rightAudio: 'right_audio' } as const;

/**
 * The item's job: the one an earlier try submitted, one with the same inputs, or a new one.
 *
 * @param deadline milliseconds since 1970 until which the service may refuse for too many requests
 * @throws JobError
 */
export async function startJob(
	run: Run,
	itemIndex: number,
	request: PreparedRequest,
	deadline: number,
	webhook?: Webhook,
): Promise<StartedJob> {
	const identity = identify(run, itemIndex, request);
	const { key } = identity;
	// A later try finds the job by its inputs, also when an address gives the file no more.
	if (Object.keys(request.files.fetched).length > 0) run.files.keep(itemIndex, request.files);
	// The slot in the order first, then the lock: the other way round, two items could block each other.
	const job = await run.budget.inOrder(request.limits, async () => {
		return await withSubmissionLock(identity.lock, async () => {
			const resumed = await run.submissions.resume({ ...identity, body: { seed: identity.seed } });
			if (resumed) return resumed;
			const reused = await reuse(run, request, identity);
			if (reused) return reused;
			requireTryLeft(run, identity.place);
			const submitted = await send(run, request, identity, deadline, webhook);
			run.jobStore.countSubmission(identity.place, run.executionId);
			const { prediction, origin } = submitted;
			if (prediction) {
				const { executionId } = run;
				const submittedAt = origin === 'submitted' ? run.clock.now() : undefined;
				rememberJob({ ...identity.inputs, prediction, executionId }, submittedAt);
			}
			return submitted;
		});
	});
	run.paidJobs.set(itemIndex, job.id);
	run.report.jobStarted(itemIndex, job);
	return { ...job, key };
}

interface Identity {
	key: string;
	/** Counts the submissions of an item within an execution. */
	place: string;
	inputs: JobIdentity;
	/** Executions with the same inputs go one after the other; those with a seed of the user's need not. */
	lock: string;
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	resolution: Model['resolution'];
	seed: number;
	seedIsDerived: boolean;
}

/** What tells the item's job apart. */
export function identify(run: Run, itemIndex: number, request: FittedRequest): Identity {
	const { model, order, prompt, seed } = request;
	const media = {} as Record<InputName, string>;
	for (const input of INPUT_NAMES) {
		media[input] = request.media[input].file.identity;
	}
	const { accountId } = run;
	const inputsDigest = inputsDigestOf({ model, media, order, prompt });
	const seedIsDerived = seed === undefined;
	const sentSeed = seed ?? derivedSeed(inputsDigest);
	const key = jobKey(run.runIndex, itemIndex, [accountId, inputsDigest, seed ?? 'derived']);
	return {
		key,
		place: submissionPlace(run, itemIndex, key),
		inputs: { accountId, inputsDigest, seed: sentSeed },
		lock: seedIsDerived ? `${accountId} ${inputsDigest}` : `${run.executionId} ${key}`,
		model: model.id,
		resolution: model.resolution,
		seed: sentSeed,
		seedIsDerived,
	};
}

/** Where the submissions of an item are counted. */
export function submissionPlace(run: Run, itemIndex: number, key: string): string {
	// An agent may use its tool many times within one run of the node.
	return isTool(run.context) ? key : `${run.runIndex}.${itemIndex}`;
}

async function reuse(
	run: Run,
	request: PreparedRequest,
	{ key, inputs, model, resolution, seed, seedIsDerived }: Identity,
): Promise<SubmittedJob | undefined> {
	// The first retry of the same failed execution may have paid: n8n keeps that in its copy only.
	const isRetry = run.context.getMode() === 'retry' && seed >= 0;
	if (!seedIsDerived && !isRetry) return undefined;
	const urls = Object.fromEntries(
		INPUT_NAMES.flatMap((input) => {
			// A derived seed already identifies the content. Other items may have the same seed of the
			// user's, so the addresses of the uploads are compared as well.
			const uploaded = seedIsDerived
				? undefined
				: run.jobStore.upload(request.media[input].file.identity);
			return uploaded === undefined ? [] : [[BODY_KEYS[input], uploaded]];
		}),
	);
	if (!seedIsDerived && Object.keys(urls).length < INPUT_NAMES.length) return undefined;
	const { order, prompt } = request;
	const query = { model, resolution, seed, order, prompt, urls };
	const found = await run.reusable.find(inputs, key, query);
	const { historyGap } = run.reusable;
	if (historyGap) {
		run.report.addHint(
			`WaveSpeed's history ${historyGap}, so the node could not look for a job with the same inputs.`,
		);
	}
	return found;
}

/**
 * n8n begins its tries anew after each stored wait, so the node counts for itself.
 *
 * @throws JobError why the last job failed, when no more may be submitted
 */
function requireTryLeft(run: Run, place: string): void {
	const { retryOnFail, maxTries = DEFAULT_TRIES } = run.context.getNode();
	const allowed = retryOnFail ? Math.min(Math.max(maxTries, 1), MAX_TRIES) : 1;
	const { count, lastError } = run.jobStore.submissions(place, run.executionId);
	if (count < allowed) return;
	if (lastError) throw fromStoredError(lastError);
	throw jobError(
		`The item's job was submitted ${count} times in this execution, and no more are allowed`,
		'Run the workflow again.',
		{ step: 'submit' },
	);
}

async function send(
	run: Run,
	request: PreparedRequest,
	{ key, model, seed, seedIsDerived }: Identity,
	deadline: number,
	webhook: Webhook | undefined,
): Promise<SubmittedJob> {
	const body = toSubmitBody(await run.uploads.mediaUrls(request), request, seed);
	const submission: Submission = { key, model, body, seedIsDerived, deadline };
	return await run.budget.submitWithin({ ...request, key, body }, async () => {
		return await run.submissions.submit({ ...submission, ...(webhook && { webhook }) });
	});
}
