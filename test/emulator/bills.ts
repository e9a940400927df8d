import { randomUUID } from 'node:crypto';
import { serverTime, type Settings } from './options';
import { roundUsd } from './pricing';

/** Share of the price that a job gives back when it ends so; any other end gives back nothing. */
const REFUND_SHARES: Readonly<Record<string, number>> = {
	failed: 1,
	error: 1,
	timeout: 1,
	expired: 1,
	cancelled: 0.5,
	canceled: 0.5,
};

/** One entry of an account's bill: money taken or given back. */
export interface BillRecord {
	uuid: string;
	predictionId: string;
	account: string;
	type: 'deduct' | 'refund';
	/** USD, never negative. */
	price: number;
	/** Milliseconds since the epoch. */
	createdAt: number;
	updatedAt: number;
}

/** Shows whether each job was paid exactly once. */
export interface BillingSummary {
	/** Submit requests received, including refused ones. */
	submitted: number;
	/** Predictions charged, including those refunded later. */
	billed: number;
	/** Predictions refunded in full. */
	refunded: number;
	/** Predictions that stay paid, in full or in part: billed minus refunded. */
	paid: number;
	/** USD charged minus USD refunded. */
	spent: number;
}

/** Charges every accepted prediction once and refunds failed ones. */
export class Bills {
	private records: BillRecord[] = [];

	constructor(private readonly settings: Settings) {}

	charge(predictionId: string, account: string, price: number): void {
		this.add(predictionId, account, 'deduct', price);
	}

	/** Corrects the price once the length of the media is known. */
	reprice(predictionId: string, price: number): void {
		const charge = this.find(predictionId, 'deduct');
		if (charge) Object.assign(charge, { price, updatedAt: serverTime(this.settings) });
	}

	/** Gives back, once, what a job with this end gives back. */
	refund(predictionId: string, status: string): void {
		const charge = this.find(predictionId, 'deduct');
		const share = REFUND_SHARES[status];
		if (!charge || share === undefined || this.find(predictionId, 'refund')) return;
		this.add(predictionId, charge.account, 'refund', roundUsd(charge.price * share));
	}

	/** USD charged and not refunded, of one account or of all. */
	spent(account?: string): number {
		const amounts = this.of(account).map(({ type, price }) => (type === 'deduct' ? price : -price));
		return roundUsd(amounts.reduce((sum, each) => sum + each, 0));
	}

	/** All entries of an account's bill, or of all, oldest first. */
	of(account?: string): BillRecord[] {
		return this.records.filter((record) => account === undefined || record.account === account);
	}

	summary(submitted: number): BillingSummary {
		const charges = this.records.filter(({ type }) => type === 'deduct');
		const refunded = charges.filter(({ predictionId, price }) => {
			return this.find(predictionId, 'refund')?.price === roundUsd(price);
		}).length;
		const billed = charges.length;
		return { submitted, billed, refunded, paid: billed - refunded, spent: this.spent() };
	}

	clear(): void {
		this.records = [];
	}

	private add(predictionId: string, account: string, type: BillRecord['type'], price: number) {
		const now = serverTime(this.settings);
		const times = { createdAt: now, updatedAt: now };
		this.records.push({ uuid: randomUUID(), predictionId, account, type, price, ...times });
	}

	private find(predictionId: string, type: BillRecord['type']): BillRecord | undefined {
		return this.records.find((one) => one.predictionId === predictionId && one.type === type);
	}
}
