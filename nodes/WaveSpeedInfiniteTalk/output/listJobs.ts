/** Reads the account's list of jobs, newest first. */
import type { ListQuery, PredictionPage } from '../api/client';
import { HISTORY_PAGE_SIZE } from '../api/client';
import type { Prediction } from '../api/prediction';

/** Which jobs to list. */
export type JobFilters = Pick<ListQuery, 'createdAfter' | 'createdBefore' | 'model' | 'status'>;

/** What is read of a long list. */
export interface ListRange {
	/** Page to begin with, from 1. */
	page?: number;
	/** Pages to read at most. */
	maxPages?: number;
	/** The list ends with the page that brings as many jobs as this. */
	limit: number;
	/** False for a job to leave out. */
	keep?: (job: Prediction) => boolean;
}

export interface JobList {
	/** May be more than the limit: a page is not cut. */
	jobs: Prediction[];
	/** The page to go on with; undefined at the end of the list. */
	nextPage: number | undefined;
}

/**
 * @param read gets one page
 * @throws whatever `read` throws
 */
export async function listJobs(
	read: (query: ListQuery) => Promise<PredictionPage>,
	filters: JobFilters,
	{ page = 1, maxPages = Number.POSITIVE_INFINITY, limit, keep }: ListRange,
): Promise<JobList> {
	// Of the jobs of a page, `keep` may leave none.
	const wanted = keep ? HISTORY_PAGE_SIZE : Math.ceil(limit);
	const pageSize = Math.min(Math.max(wanted, 1), HISTORY_PAGE_SIZE);
	// By ID, since jobs created meanwhile push others to the next page.
	const seen = new Map<string, Prediction>();
	for (let next = page; ; next++) {
		const { items, full } = await read({ ...filters, page: next, pageSize });
		const before = seen.size;
		for (const item of items) seen.set(item.id, item);
		const jobs = keep ? [...seen.values()].filter(keep) : [...seen.values()];
		// A page of nothing new is the end as well, or comes from a service that ignores the page.
		if (!full || seen.size === before) return { jobs, nextPage: undefined };
		if (jobs.length >= limit || next - page + 1 >= maxPages) return { jobs, nextPage: next + 1 };
	}
}

/** The prompt that a job was submitted with; empty when there was none, or it is not shown. */
export function promptOf({ inputs }: Prediction): string {
	return typeof inputs?.prompt === 'string' ? inputs.prompt.trim() : '';
}
