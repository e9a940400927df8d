/** How the pass makes a job, waits for it and reads about it: by the node's own steps. */
import type { SubmitBody } from '../../../nodes/WaveSpeedInfiniteTalk/api/client';
import type { Prediction } from '../../../nodes/WaveSpeedInfiniteTalk/api/prediction';
import {
	derivedSeed,
	inputsDigestOf,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/inputsDigest';
import { DEFAULT_MODEL } from '../../../nodes/WaveSpeedInfiniteTalk/inputs/models';
import { waitForPrediction } from '../../../nodes/WaveSpeedInfiniteTalk/polling/waitForPrediction';
import { Different, need } from '../findings';
import type { Session } from '../session';
import type { MediaUrls } from './files';

/** A clip of 5 s takes a few minutes at most; the queue may be long. */
const LONGEST_WAIT_MS = 30 * 60_000;
/** How long a refusal for too many requests is waited out. */
const RATE_LIMIT_MS = 5 * 60_000;

/** The body of the first job, with a seed of its own for these addresses. */
export function bodyOf(urls: MediaUrls): SubmitBody {
	const media = {
		image: urls.image,
		leftAudio: urls.left_audio,
		rightAudio: urls.right_audio,
	};
	const order = 'meanwhile';
	const inputsDigest = inputsDigestOf({ model: DEFAULT_MODEL, media, order, prompt: '' });
	return { ...urls, order, seed: derivedSeed(inputsDigest) };
}

/**
 * Submits a job, once.
 *
 * @param key tells the jobs of the pass apart
 * @throws Different when the job had to be searched for, for want of a readable answer
 */
export async function submitJob(
	session: Session,
	key: string,
	body: SubmitBody,
): Promise<Prediction> {
	const { submissions, clock, ownJobs } = session;
	const job = await submissions.submit({
		key,
		model: DEFAULT_MODEL.id,
		body,
		seedIsDerived: false,
		deadline: clock.now() + RATE_LIMIT_MS,
	});
	ownJobs.push(job.id);
	if (job.origin === 'submitted' && job.prediction) return job.prediction;
	throw new Different(`the answer was lost; the history shows the job ${job.id}`);
}

/** Waits for the end of a job, whatever it is. */
export async function waitForEnd(session: Session, job: Prediction): Promise<Prediction> {
	const { client, clock } = session;
	const until = clock.now() + LONGEST_WAIT_MS;
	const last = await waitForPrediction(client, { id: job.id, prediction: job }, until, clock);
	if (last && last.state !== 'unfinished') return last;
	throw new Different(
		`after 30 minutes the job ${job.id} is still "${last?.status ?? job.status}"`,
	);
}

/** The job as the history shows it, or undefined. */
export async function inHistory(
	{ client, clock }: Session,
	id: string,
): Promise<Prediction | undefined> {
	const createdAfter = client.toServerTime(clock.now()) - 2 * LONGEST_WAIT_MS;
	const { items } = await client.history({ model: DEFAULT_MODEL.id, page: 1, createdAfter });
	return items.find((item) => item.id === id);
}

/** @throws NotSeen when the history does not show the job, or not its inputs */
export function inputsIn(entry: Prediction | undefined): Record<string, unknown> {
	return need(need(entry, 'the history does not show the job').inputs, 'there are no inputs');
}

/** Seconds with one decimal. */
export function secondsSince(clock: Session['clock'], since: number): string {
	return `${((clock.now() - since) / 1000).toFixed(1)} s`;
}
