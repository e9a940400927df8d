/** Finds jobs in the account's history: one whose response was lost, or one with the same inputs. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { RETENTION_MS } from '../api/prediction';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import type { Model } from '../inputs/models';
import { DEFAULT_RESOLUTION } from '../inputs/models';

/** Delays before each search for a lost job, in milliseconds: a gateway may give up before the job exists. */
const SEARCH_DELAYS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** Pages of 100 jobs searched for a lost job, newest first. */
const MAX_SEARCH_PAGES = 5;
/** How much earlier than our submission a job may be dated: dates are rounded, responses take time. */
const CLOCK_MARGIN_MS = 30_000;
/** Pages of 100 jobs read to find jobs with the same inputs. */
const MAX_REUSE_PAGES = 10;
/** The history saves money, but must not delay a run by more than a few seconds. */
const REUSE_BUDGET_MS = 6_000;
/** A job this close to its deletion is not worth reusing: its video must still be downloaded. */
const REUSE_MARGIN_MS = 60 * 60 * 1000;

export interface SubmissionSearch {
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	body: SubmitBody;
	/** When it was submitted by this machine's clock, milliseconds since 1970. */
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
		const result = await toResult(searchOnce(client, search));
		if ('value' in result) {
			if (result.value.length > 0) return result.value;
		} else if (!(result.error instanceof ApiError) || !result.error.transient) {
			throw result.error;
		}
	}
	return [];
}

async function searchOnce(
	client: WaveSpeedClient,
	search: SubmissionSearch,
): Promise<Prediction[]> {
	const { model, body, since, seedIsDerived } = search;
	// By ID, since jobs created meanwhile push others to the next page.
	const found = new Map<string, Prediction>();
	for (let page = 1; page <= MAX_SEARCH_PAGES; page++) {
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

/** Milliseconds since 1970; NaN when the job has no date. The API's nanoseconds are cut off. */
export function createdAtMs({ createdAt = '' }: Pick<Prediction, 'createdAt'>): number {
	return Date.parse(createdAt.replace(/(\.\d{3})\d+/, '$1'));
}

/** True when a job of the history has the model and the inputs that were sent. */
export function matchesSubmission(item: Prediction, model: string, body: SubmitBody): boolean {
	const { inputs } = item;
	if (!inputs || (item.model ?? model) !== model) return false;
	const same = (key: keyof SubmitBody) => inputs[key] === body[key];
	// The history may leave defaults out, and may show the seed that was drawn instead of -1.
	const sameOrAbsent = (key: keyof SubmitBody) => inputs[key] === undefined || same(key);
	return (
		same('image') &&
		same('left_audio') &&
		same('right_audio') &&
		hasResolution(inputs, body.resolution) &&
		(inputs.order ?? 'meanwhile') === body.order &&
		(inputs.prompt ?? '') === (body.prompt ?? '') &&
		(body.seed === -1 || sameOrAbsent('seed'))
	);
}

/** The history may leave a default out. */
function hasResolution(inputs: Record<string, unknown>, resolution: string | undefined): boolean {
	return (inputs.resolution ?? DEFAULT_RESOLUTION) === (resolution ?? DEFAULT_RESOLUTION);
}

/** True when a job has the model's resolution as well, or does not show which it has. */
export function isOfModel(item: Prediction, { id, resolution }: Model): boolean {
	if (item.model !== undefined && item.model !== id) return false;
	return item.inputs === undefined || hasResolution(item.inputs, resolution);
}

/** What a job with the same inputs looks like in the history. */
export interface ReuseQuery {
	/** WaveSpeed's ID of the model, such as `wavespeed-ai/infinitetalk-fast/multi`. */
	model: string;
	/** As it was sent; undefined for a model that has none. */
	resolution: string | undefined;
	seed: number;
	order: string;
	prompt: string;
	/** URLs that the job must have, by the API's key; a file gets a new one at each upload. */
	urls: Partial<Record<'image' | 'left_audio' | 'right_audio', string>>;
}

/** The jobs of the last seven days, read once per run and only as far as needed. */
export class JobHistory {
	private readonly pages = new Map<string, Promise<Prediction[]>>();

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly clock: Clock,
	) {}

	/**
	 * Jobs with the same inputs that have not failed, newest first.
	 *
	 * @throws ApiError when the history cannot be read in a few seconds
	 */
	async find(query: ReuseQuery): Promise<Prediction[]> {
		const items = await this.jobsOf(query.model);
		// Only now: the responses have told how far the two clocks are apart.
		const oldest = this.oldest();
		const matches = items.filter(
			(item) => matchesReuse(item, query) && !(createdAtMs(item) < oldest),
		);
		return matches.sort((a, b) => (createdAtMs(b) || 0) - (createdAtMs(a) || 0));
	}

	/**
	 * False when there are jobs, and the service shows the inputs of none.
	 *
	 * @throws ApiError as `find` does
	 */
	async showsInputs(model: string): Promise<boolean> {
		const items = await this.jobsOf(model);
		return items.length === 0 || items.some(({ inputs }) => inputs !== undefined);
	}

	private async jobsOf(model: string): Promise<Prediction[]> {
		const reading = this.pages.get(model) ?? this.read(model);
		this.pages.set(model, reading);
		return await reading;
	}

	private oldest(): number {
		return this.client.toServerTime(this.clock.now()) - RETENTION_MS + REUSE_MARGIN_MS;
	}

	private async read(model: string): Promise<Prediction[]> {
		const found = new Map<string, Prediction>();
		const end = this.clock.now() + REUSE_BUDGET_MS;
		for (let page = 1; page <= MAX_REUSE_PAGES; page++) {
			const withinMs = Math.max(end - this.clock.now(), 1);
			const query = { createdAfter: this.oldest(), page, model, withinMs };
			const { items, full } = await this.client.history(query);
			for (const item of items) found.set(item.id, item);
			if (!full || this.clock.now() >= end) break;
		}
		return [...found.values()];
	}
}

function matchesReuse(item: Prediction, query: ReuseQuery): boolean {
	const { inputs } = item;
	if (!inputs || item.state === 'failed' || (item.model ?? query.model) !== query.model) {
		return false;
	}
	const urlsFit = Object.entries(query.urls).every(([key, url]) => inputs[key] === url);
	return (
		urlsFit &&
		hasResolution(inputs, query.resolution) &&
		inputs.seed === query.seed &&
		(inputs.order ?? 'meanwhile') === query.order &&
		(inputs.prompt ?? '') === query.prompt
	);
}
