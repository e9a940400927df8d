/** What the account's history shows of the jobs of a stored wait, with one request for a hundred of them. */
import type { WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import { HISTORY_PAGE_SIZE } from '../api/requests';
import type { Clock } from '../shared/clock';
import { Limit } from '../shared/limit';
import { toResult } from '../shared/result';

/** A look so long ago still shows what runs, in milliseconds. */
const FRESH_MS = 2_000;
/** A look must not delay a round by more than a few seconds. */
const LOOK_MS = 6_000;

export class RoundHistory {
	private jobs = new Map<string, Prediction>();
	private lookedAt = Number.NEGATIVE_INFINITY;
	/** One look at a time: the others find what it has read. */
	private readonly order = new Limit(1);

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly clock: Clock,
	) {}

	/** What the latest page shows of a job; undefined when it does not show it, or cannot be read. */
	async find(id: string): Promise<Prediction | undefined> {
		await this.order.run(async () => await this.look());
		return this.jobs.get(id);
	}

	/** Reads the latest page, unless that was done a moment ago. */
	private async look(): Promise<void> {
		const now = this.clock.now();
		if (now - this.lookedAt <= FRESH_MS) return;
		this.lookedAt = now;
		this.jobs = new Map();
		const query = { page: 1, pageSize: HISTORY_PAGE_SIZE, includeInputs: false, withinMs: LOOK_MS };
		const result = await toResult(this.client.listPredictions(query));
		if ('value' in result) this.jobs = new Map(result.value.items.map((job) => [job.id, job]));
		else if (!(result.error instanceof ApiError)) throw result.error;
	}
}
