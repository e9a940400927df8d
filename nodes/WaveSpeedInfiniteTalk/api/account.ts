/** Prices, bills and other responses about the account (wavespeed.ai/docs/docs-common-api). */
import { roundUsd } from '../shared/money';
import { isPlainObject } from './prediction';
import { toSentence } from './sentence';

/** Entries of the bill asked for in one page; the API's own upper limit. */
export const BILLINGS_PAGE_SIZE = 100;

/** More is no amount of money: it could not be counted in millionths of a dollar. */
const MAX_USD = 1e9;

/** What a job would cost. */
export interface Price {
	/** What is really paid: less the account's discount. */
	price: number;
	/** ISO 4217; the API's own default is `USD`. */
	currency: string;
}

/** One entry of the account's bill: money taken or given back. */
export interface BillingRecord {
	predictionId: string;
	type: 'deduct' | 'refund';
	/** Dollars, never negative (WaveSpeedAI/wavespeed-cli, commands/billings). */
	amount: number;
}

/** Jobs whose bills are asked for at once: each has a charge and perhaps a refund. */
export const BILLINGS_BATCH = 50;

export interface BillingsPage {
	records: BillingRecord[];
	/** True when there is another page. */
	more: boolean;
}

/** The quote of `model/price`, or undefined when it has no price. */
export function parsePrice(data: unknown): Price | undefined {
	if (!isPlainObject(data)) return undefined;
	// A discounted price of 0 stands for no discount, not for a free job.
	const price =
		isAmount(data.discounted_price) && data.discounted_price > 0
			? data.discounted_price
			: data.price;
	if (!isAmount(price)) return undefined;
	const { currency } = data;
	const named = typeof currency === 'string' ? toSentence(currency.toUpperCase()) : '';
	return { price, currency: named || 'USD' };
}

/** One page of the bill; entries that cannot be read are left out. */
export function parseBillings(data: unknown): BillingsPage {
	if (!isPlainObject(data)) return { records: [], more: false };
	const items: unknown[] = Array.isArray(data.items) ? data.items : [];
	return {
		records: items.map(parseBillingRecord).filter((record) => record !== undefined),
		// Older responses have no such field.
		more: data.has_more === undefined ? items.length >= BILLINGS_PAGE_SIZE : data.has_more === true,
	};
}

function parseBillingRecord(item: unknown): BillingRecord | undefined {
	if (!isPlainObject(item) || !isPlainObject(item.prediction)) return undefined;
	const { billing_type: type, price } = item;
	const { uuid } = item.prediction;
	const amount = typeof price === 'number' ? Math.abs(price) : undefined;
	if (typeof uuid !== 'string' || !isAmount(amount)) return undefined;
	if (type !== 'deduct' && type !== 'refund') return undefined;
	return { predictionId: uuid, type, amount };
}

/**
 * What each job was really charged: deducts less refunds, in dollars.
 *
 * @returns by the job's ID; a job without any deduct is not in it
 */
export function chargesByJob(records: readonly BillingRecord[]): Map<string, number> {
	const charges = new Map<string, number>();
	for (const { predictionId, type, amount } of records) {
		if (type === 'deduct') charges.set(predictionId, (charges.get(predictionId) ?? 0) + amount);
	}
	for (const { predictionId, type, amount } of records) {
		const charge = charges.get(predictionId);
		if (type !== 'refund' || charge === undefined) continue;
		charges.set(predictionId, charge - amount);
	}
	return new Map([...charges].map(([id, charge]) => [id, roundUsd(charge)] as const));
}

function isAmount(value: unknown): value is number {
	return typeof value === 'number' && value >= 0 && value <= MAX_USD;
}
