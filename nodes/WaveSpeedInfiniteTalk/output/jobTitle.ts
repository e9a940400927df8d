/** How a job is shown in a list to choose from. */
import type { Prediction } from '../api/prediction';
import { shorten } from '../shared/characters';
import { timeAgo } from '../shared/localTime';
import { createdAtMs } from '../paidOnce/matching';
import { promptOf } from './listJobs';

/**
 * Age, status and prompt; the ID where there is no prompt.
 *
 * @param now milliseconds since 1970
 */
export function jobTitle(job: Prediction, now: number): string {
	const made = createdAtMs(job);
	const age = Number.isNaN(made) ? '' : timeAgo(made, now);
	return [age, job.status, shorten(promptOf(job)) || job.id].filter(Boolean).join(' · ');
}

/** True when the job's title and whole prompt have all the words, in any order, or its ID begins so. */
export function hasWords(job: Prediction, words: string, now: number): boolean {
	const text = `${jobTitle(job, now)} ${promptOf(job)}`.toLowerCase();
	const id = job.id.toLowerCase();
	return words
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word) || id.startsWith(word));
}
