/** Looks for a job whose submission got no readable answer. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { MODEL } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';

/** Pauses before the looks at the history, in milliseconds: a gateway may give up before the job exists. */
const POLL_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Pages looked through, of 100 jobs each, newest first. */
const PAGES = 5;
/** How much earlier than our submission a job may be dated: clocks differ, and dates are rounded. */
const CLOCK_MARGIN_MS = 30_000;

export interface Search {
	body: SubmitBody;
	/** When it was submitted by this machine's clock, milliseconds since 1970. */
	since: number;
	/** Jobs that belong to other items of this run. */
	known: () => Set<string>;
}

/**
 * The jobs in the history that can be the one that was submitted; looked up until there is one, or
 * for about a minute.
 *
 * @returns more than one when the inputs are not unique, none when there is no such job (yet)
 */
export async function findInHistory(
	client: WaveSpeedClient,
	search: Search,
	clock: Clock,
): Promise<Prediction[]> {
	for (const pause of POLL_DELAYS_MS) {
		await clock.sleep(pause);
		const result = await toResult(searchHistory(client, search));
		if ('value' in result) {
			if (result.value.length > 0) return result.value;
		} else if (!(result.error instanceof ApiError) || !result.error.transient) {
			throw result.error;
		}
	}
	return [];
}

async function searchHistory(client: WaveSpeedClient, search: Search): Promise<Prediction[]> {
	// By ID: jobs made meanwhile push others from one page to the next.
	const found = new Map<string, Prediction>();
	const createdAfter = client.toServerTime(search.since) - CLOCK_MARGIN_MS;
	for (let page = 1; page <= PAGES; page++) {
		const { items, full } = await client.history({ createdAfter, page });
		for (const item of items) {
			const old = Date.parse(item.createdAt ?? '') < createdAfter;
			if (!old && matchesSubmission(item, search.body)) found.set(item.id, item);
		}
		if (!full) break;
	}
	const known = search.known();
	return [...found.values()].filter((item) => !known.has(item.id));
}

/** True when a job of the history has the model and the inputs that were sent. */
export function matchesSubmission(item: Prediction, body: SubmitBody): boolean {
	const { inputs, model = MODEL } = item;
	if (!inputs || model !== MODEL) return false;
	const same = (key: keyof SubmitBody) => inputs[key] === body[key];
	// Servers may leave defaults out, and may turn the random seed -1 into the one they drew.
	const sameOrAbsent = (key: keyof SubmitBody) => inputs[key] === undefined || same(key);
	return (
		same('image') &&
		same('left_audio') &&
		same('right_audio') &&
		(inputs.order ?? 'meanwhile') === body.order &&
		(inputs.prompt ?? '') === (body.prompt ?? '') &&
		(body.seed === -1 || sameOrAbsent('seed'))
	);
}
