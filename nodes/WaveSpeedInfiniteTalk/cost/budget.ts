/** Keeps the jobs of a run within the limits of the user and the balance of the account. */
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Prediction } from '../api/prediction';
import type { Patience } from '../shared/semaphore';
import { Semaphore } from '../shared/semaphore';
import { formatUsd, roundUsd } from '../shared/money';
import { toResult } from '../shared/result';
import type { CostLimits } from './costLimits';
import { COST_LABELS, hasCostLimit } from './costLimits';
import { toJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import type { JobStore } from '../paidOnce/jobStore';
import type { StoredState } from '../paidOnce/storedState';
import type { SubmittedJob } from '../paidOnce/submitJob';
import type { Model } from '../inputs/models';
import { DEFAULT_MODEL } from '../inputs/models';
import type { Prices } from './prices';

/** A job that is about to be submitted. */
export interface PlannedJob {
	/** Name of the item's job record. */
	key: string;
	model: Model;
	body: SubmitBody;
	/** Length of the video to expect, in seconds. */
	durationS?: number;
	limits: CostLimits;
}

const NOT_SUBMITTED = 'Nothing was submitted for this item.';

/** By what n8n stores for the node: the calls of an agent's tool may run at the same time, and share it. */
const orders = new WeakMap<StoredState, Semaphore>();

/** One job at a time, of all runs of the node that share the state. */
export function orderOf(state: StoredState): Semaphore {
	const order = orders.get(state) ?? new Semaphore(1);
	orders.set(state, order);
	return order;
}

export class Budget {
	private balance: Promise<number | undefined> | undefined;
	/** Dollars of the jobs that this run submits, which the balance does not show yet. */
	private reserved = 0;

	/** @param runIndex undefined for an agent's tool: each call of it has another one, and all count */
	constructor(
		private readonly client: WaveSpeedClient,
		private readonly prices: Prices,
		private readonly jobStore: JobStore,
		private readonly runIndex: number | undefined,
		private readonly order = new Semaphore(1),
	) {}

	/**
	 * Gets an item's job. With a limit for the run, one item at a time in order of arrival, which is that
	 * of the input: each knows what those before it cost.
	 */
	async inOrder<T>(
		{ maxCostPerRun }: CostLimits,
		work: () => Promise<T>,
		patience: Patience,
	): Promise<T> {
		return maxCostPerRun === undefined ? await work() : await this.order.run(work, patience);
	}

	/**
	 * Submits a job if its price is within the limits, and keeps the price with the execution.
	 *
	 * @throws JobError when it is not, or there is no price to compare; whatever `submit` throws
	 */
	async submitWithin(job: PlannedJob, submit: () => Promise<SubmittedJob>): Promise<SubmittedJob> {
		if (!hasCostLimit(job.limits)) return await submit();
		const cost = await this.priceOf(job);
		await this.requireBalance(cost);
		this.requireWithinRun(job, cost);
		this.jobStore.writeCost(job.key, cost);
		this.reserved = roundUsd(this.reserved + cost);
		const result = await toResult(submit());
		// After a lost response the job may exist, and cost.
		const costs =
			'value' in result
				? result.value.origin !== 'reused'
				: this.jobStore.job(job.key)?.state === 'submitting';
		if (!costs) {
			this.jobStore.deleteCost(job.key);
			this.reserved = roundUsd(this.reserved - cost);
		}
		if ('value' in result) return result.value;
		throw result.error;
	}

	/**
	 * Counts a job that is paid for already: one that a lost round of the execution has submitted.
	 *
	 * @param prediction with its inputs, as the history shows it
	 */
	async countPaid(
		{ key, model, durationS, limits }: Omit<PlannedJob, 'body'>,
		{ inputs }: Prediction,
	): Promise<void> {
		if (!hasCostLimit(limits)) return;
		const quote = await toResult(
			this.prices.quote(model, inputs as unknown as SubmitBody, durationS),
		);
		if ('value' in quote) this.jobStore.writeCost(key, quote.value.price);
		else if (!(quote.error instanceof ApiError)) throw quote.error;
	}

	/** Dollars on the account, asked for once; undefined when it cannot be read. */
	async readBalance(): Promise<number | undefined> {
		this.balance ??= this.client.balance();
		const result = await toResult(this.balance);
		if ('value' in result) return result.value;
		if (!(result.error instanceof ApiError)) throw result.error;
		return undefined;
	}

	private async priceOf({ model, body, durationS, limits }: PlannedJob): Promise<number> {
		const label = COST_LABELS[limits.maxCost === undefined ? 'maxCostPerRun' : 'maxCost'];
		const quote = await toResult(this.prices.quote(model, body, durationS));
		if ('error' in quote) {
			if (!(quote.error instanceof ApiError)) throw quote.error;
			const { message, advice, details } = toJobError(quote.error, { step: 'price' });
			throw jobError(
				`${label}: could not get the price of the job: ${message}`,
				`${NOT_SUBMITTED} ${advice}`,
				details,
				{ cause: quote.error },
			);
		}
		const { price, currency, isFloor, atMost } = quote.value;
		if (currency !== 'USD') {
			throw jobError(
				`${label}: WaveSpeed's price is in ${currency}, but the limit is in USD`,
				`${NOT_SUBMITTED} Remove the option to submit the job at any price.`,
				{ step: 'price' },
			);
		}
		const { maxCost = Number.POSITIVE_INFINITY, maxCostPerRun = Number.POSITIVE_INFINITY } = limits;
		if (roundUsd(price) > roundUsd(maxCost)) {
			throw jobError(
				`${COST_LABELS.maxCost}: the job would cost ${formatUsd(price)}, but the limit is ${formatUsd(maxCost)}`,
				`${NOT_SUBMITTED} ${adviseCheaper(model)}`,
				{ step: 'price', estimated_cost: price, max_cost: maxCost },
			);
		}
		const limit = Math.min(maxCost, maxCostPerRun);
		// What is too much already needs no other reason.
		if (isFloor && atMost > limit && roundUsd(price) <= roundUsd(limit)) {
			const raise = Number.isFinite(atMost) ? ` Or raise the limit to ${formatUsd(atMost)}.` : '';
			throw jobError(
				`${label}: WaveSpeed returned only its floor price (${formatUsd(price)}), probably because it could not measure the voices`,
				`${NOT_SUBMITTED} Use WAV or MP3 files for the voices.${raise}`,
				{ step: 'price', estimated_cost: price },
			);
		}
		return price;
	}

	private requireWithinRun({ key, limits }: PlannedJob, cost: number): void {
		const { maxCostPerRun } = limits;
		if (maxCostPerRun === undefined) return;
		const before = this.jobStore.costOfRun(this.runIndex, key);
		const sum = roundUsd(before + cost);
		if (sum <= roundUsd(maxCostPerRun)) return;
		throw jobError(
			`${COST_LABELS.maxCostPerRun}: the job would cost ${formatUsd(cost)} and bring the total from ${formatUsd(before)} to ${formatUsd(sum)}, but the limit is ${formatUsd(maxCostPerRun)}`,
			`${NOT_SUBMITTED} Raise the limit or send fewer items.`,
			{ step: 'price', estimated_cost: cost, run_cost: before, max_cost: maxCostPerRun },
		);
	}

	private async requireBalance(cost: number): Promise<void> {
		const balance = await this.readBalance();
		if (balance === undefined) return;
		const left = roundUsd(balance - this.reserved);
		if (left >= cost) return;
		const after = this.reserved > 0 ? ` after the jobs of other items` : '';
		throw jobError(
			`The account has ${formatUsd(Math.max(left, 0))} left${after}, but the job would cost ${formatUsd(cost)}`,
			`${NOT_SUBMITTED} Top up at wavespeed.ai/top-up, then run the workflow again.`,
			{ step: 'price', estimated_cost: cost },
		);
	}
}

/** The default model is the cheapest one. */
function adviseCheaper({ name }: Model): string {
	return name === DEFAULT_MODEL.name
		? 'Raise the limit or use shorter voices.'
		: 'Raise the limit, use shorter voices, or choose a cheaper Model.';
}
