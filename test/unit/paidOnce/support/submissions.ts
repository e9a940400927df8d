/** Items that submit the same job over a scripted service, and what is stored of them. */
import type { JobRecord } from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import type {
	Submission,
	SubmittedJob,
} from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { Submissions } from '../../../../nodes/WaveSpeedInfiniteTalk/paidOnce/submitJob';
import { MODEL, createBody, createJob, freshApi } from '../../support/api';
import { START } from '../../support/clock';
import { fresh } from '../../support/fresh';
import { createIdentity } from '../../support/records';

export const { calls, client, clock, notes, http, jobStore, state } = freshApi();

export const MINUTE = 60_000;
export const KEY = '0.0.print';
export const BODY = createBody();
/** The job of {@link BODY}, as the history shows it. */
export const FITTING = createJob({ inputs: { ...BODY } });

const ITEM = { key: KEY, model: MODEL, identity: createIdentity(), seedIsDerived: false };

/** What a try of the node has: new objects over the same store. */
const newTry = (): Submissions =>
	new Submissions(
		client,
		jobStore,
		calls,
		() => {},
		(note) => notes.push(note),
	);

const submissions = fresh(newTry);

/** Submits the job of an item: the same job each time, unless more is given. */
export async function submit(more: Partial<Submission> = {}): Promise<SubmittedJob> {
	const look = async () => await Promise.resolve(undefined);
	const item = { ...ITEM, body: BODY, look, deadline: START + 60 * MINUTE };
	return await submissions.submit({ ...item, ...more });
}

/** An item that differs from others in more than its seed. */
export async function submitSeed(seed: number): Promise<SubmittedJob> {
	return await submit({ key: `0.${seed}.x`, body: createBody({ seed, prompt: `video ${seed}` }) });
}

/** What a later try finds of the item. */
export async function resume(): Promise<SubmittedJob | undefined> {
	return await newTry().resume(ITEM);
}

/** What is stored of the item. */
export function record(): JobRecord | undefined {
	return state.jobs[KEY];
}
