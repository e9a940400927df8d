/** Finds the job of a submission whose response was lost. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import { createdAtMs, matchesSubmission } from './matching';

/** Delays before each search, in milliseconds: a gateway may give up before the job exists. */
const SEARCH_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Pages of 100 jobs searched, newest first. */
const MAX_PAGES = 5;
/** How much earlier than our submission a job may be dated: dates are rounded, responses take time. */
const CLOCK_MARGIN_MS = 30_000;

export interface SubmissionSearch {
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	body: SubmitBody;
	/** When it was submitted first by this machine's clock, milliseconds since 1970. */
	since: number;
	/** True when the seed stands for these very inputs, so that any job with it will do. */
	seedIsDerived: boolean;
	/** Jobs that belong to other items of this execution. */
	known: () => Set<string>;
}

/**
 * The jobs in the history that can be the one that was submitted; searched for until there is one, or
 * for about a minute.
 *
 * @returns more than one when the inputs are not unique, none when there is no such job (yet)
 * @throws ApiError when the history cannot be read for a reason that does not pass
 */
export async function findSubmission(
	client: WaveSpeedClient,
	search: SubmissionSearch,
	clock: Clock,
): Promise<Prediction[]> {
	for (const delay of SEARCH_DELAYS_MS) {
		await clock.sleep(delay);
		const result = await toResult(searchSubmission(client, search));
		if ('value' in result) {
			if (result.value.length > 0) return result.value;
		} else if (!(result.error instanceof ApiError) || !result.error.transient) {
			throw result.error;
		}
	}
	return [];
}

/**
 * As {@link findSubmission}, with one look.
 *
 * @throws ApiError when the history cannot be read
 */
export async function searchSubmission(
	client: WaveSpeedClient,
	search: SubmissionSearch,
): Promise<Prediction[]> {
	const { model, body, since, seedIsDerived } = search;
	// By ID, since jobs created meanwhile push others to the next page.
	const found = new Map<string, Prediction>();
	for (let page = 1; page <= MAX_PAGES; page++) {
		const createdAfter = client.toServerTime(since) - CLOCK_MARGIN_MS;
		const { items, full } = await client.history({ createdAfter, page, model });
		// Computed again, since the response shows how far the two clocks are apart.
		const earliest = client.toServerTime(since) - CLOCK_MARGIN_MS;
		for (const item of items) {
			const isOlder = !(createdAtMs(item) >= earliest);
			if (matchesSubmission(item, model, body) && (!isOlder || seedIsDerived)) {
				found.set(item.id, item);
			}
		}
		if (!full) break;
	}
	const matches = [...found.values()];
	if (seedIsDerived) return matches.filter(({ state }) => state !== 'failed').slice(0, 1);
	const known = search.known();
	return matches.filter(({ id }) => !known.has(id));
}
