/** How a job is shown in a list to choose from. */
import type { Prediction } from '../api/prediction';
import { shorten } from '../shared/characters';
import { createdAtMs } from '../paidOnce/history';
import { promptOf } from './listJobs';

/**
 * Time, status and prompt; the ID where there is no prompt.
 *
 * @param timeZone IANA name; UTC when it is none
 */
export function jobTitle(job: Prediction, timeZone: string): string {
	const made = createdAtMs(job);
	const time = Number.isNaN(made) ? '' : localTime(made, timeZone);
	return [time, job.status, shorten(promptOf(job)) || job.id].filter(Boolean).join(' · ');
}

/** True when the job's title and whole prompt have all the words, in any order, or its ID begins so. */
export function hasWords(job: Prediction, words: string, timeZone: string): boolean {
	const text = `${jobTitle(job, timeZone)} ${promptOf(job)}`.toLowerCase();
	const id = job.id.toLowerCase();
	return words
		.toLowerCase()
		.split(/\s+/)
		.every((word) => text.includes(word) || id.startsWith(word));
}

function localTime(ms: number, timeZone: string): string {
	const format = (zone: string) =>
		// Swedish dates are those of ISO 8601.
		new Intl.DateTimeFormat('sv-SE', {
			timeZone: zone,
			dateStyle: 'short',
			timeStyle: 'short',
		}).format(ms);
	try {
		return format(timeZone);
	} catch {
		return format('UTC');
	}
}
