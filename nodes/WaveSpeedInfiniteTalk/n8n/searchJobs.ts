/** The jobs that the field Job ID offers to choose from. */
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';
import { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import { RETENTION_MS } from '../api/prediction';
import { toJobError } from '../errors/errorMessages';
import { hasWords, jobTitle } from '../output/jobTitle';
import { listJobs } from '../output/listJobs';
import { toResult } from '../shared/result';
import { readAccount } from './account';
import { createHttp } from './http';
import { describeError } from './items';

/** Entries that fill the list, so that it can be scrolled for more. */
const ENTRIES_AT_ONCE = 100;
/** Pages of 100 jobs that one search reads: the service itself cannot search. */
const MAX_PAGES = 10;

/**
 * Jobs of the account, newest first, with age, status and prompt.
 *
 * @param words that an entry must have, in any order
 * @param page to begin with, as this function gave it before
 * @throws NodeApiError with a sentence for the user, and what to do
 */
export async function searchJobs(
	this: ILoadOptionsFunctions,
	words = '',
	page?: string,
): Promise<INodeListSearchResult> {
	const result = await toResult(search(this, words, page));
	if ('value' in result) return result.value;
	throw listError(this, result.error);
}

/** n8n shows what to do, and a link to the credential for 401 and 403, for this kind of error only. */
function listError(context: ILoadOptionsFunctions, error: unknown): NodeApiError {
	const known = error instanceof ApiError ? toJobError(error, { step: 'check' }) : error;
	const { message, advice, details } = describeError(known);
	const { http_status: status } = details;
	const shown = new NodeApiError(
		context.getNode(),
		{ message },
		{
			message,
			description: advice,
			...(status !== undefined && { httpCode: String(status) }),
		},
	);
	// n8n replaces the message when it finds a code such as ECONNRESET in it.
	shown.message = message;
	return shown;
}

async function search(
	context: ILoadOptionsFunctions,
	words: string,
	page: string | undefined,
): Promise<INodeListSearchResult> {
	const { baseUrl } = await readAccount(context);
	const http = createHttp(context, new AbortController().signal);
	const client = new WaveSpeedClient(http, baseUrl, () => Date.now());
	const now = Date.now();
	const { jobs, nextPage } = await listJobs(
		async (query) => await client.listPredictions(query),
		{ createdAfter: client.toServerTime(Date.now()) - RETENTION_MS },
		{
			page: Math.max(Number(page) || 1, 1),
			maxPages: MAX_PAGES,
			limit: ENTRIES_AT_ONCE,
			keep: (job) => hasWords(job, words, now),
		},
	);
	return {
		results: jobs.map((job) => ({ name: jobTitle(job, now), value: job.id })),
		...(nextPage !== undefined && { paginationToken: String(nextPage) }),
	};
}
