import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';
import { roundUsd } from './pricing';

export interface Charge {
	uuid: string;
	predictionId: string;
	account: string;
	/** USD. */
	price: number;
	/** Whether the whole price was refunded. */
	refunded: boolean;
	/** USD refunded; less than the price for a partial refund. */
	refundedAmount: number;
	/** Milliseconds since the epoch. */
	createdAt: number;
	updatedAt: number;
}

/** One entry of the account's bill: money taken or given back. */
export interface BillRecord {
	uuid: string;
	predictionId: string;
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
	charges: Charge[];
}

/** Charges every accepted prediction once and refunds failed ones. */
export class Bills {
	private charges: Charge[] = [];

	constructor(private readonly clock: Clock) {}

	charge(predictionId: string, account: string, price: number): void {
		const now = this.clock.now();
		this.charges.push({
			uuid: randomUUID(),
			predictionId,
			account,
			price,
			refunded: false,
			refundedAmount: 0,
			createdAt: now,
			updatedAt: now,
		});
	}

	/** Corrects the price once the length of the media is known. */
	reprice(predictionId: string, price: number): void {
		const charge = this.find(predictionId);
		if (charge) Object.assign(charge, { price, updatedAt: this.clock.now() });
	}

	/** Refunds this share (0 to 1) of the price. */
	refund(predictionId: string, share: number): void {
		const charge = this.find(predictionId);
		if (!charge || share <= 0) return;
		charge.refundedAmount = roundUsd(charge.price * share);
		charge.refunded = share >= 1;
		charge.updatedAt = this.clock.now();
	}

	/** USD charged and not refunded, of one account or of all. */
	spent(account?: string): number {
		const charges = this.charges.filter((one) => account === undefined || one.account === account);
		return roundUsd(charges.reduce((sum, one) => sum + one.price - one.refundedAmount, 0));
	}

	/** All entries of an account's bill, oldest charge first, each refund after its charge. */
	records(account: string): BillRecord[] {
		return this.charges
			.filter((charge) => charge.account === account)
			.flatMap((charge) => {
				const { uuid, predictionId, price, createdAt, updatedAt, refundedAmount } = charge;
				const deduct: BillRecord = {
					uuid,
					predictionId,
					type: 'deduct',
					price,
					createdAt,
					updatedAt,
				};
				const refund: BillRecord = {
					...deduct,
					uuid: `${uuid}-refund`,
					type: 'refund',
					price: refundedAmount,
					createdAt: updatedAt,
				};
				return refundedAmount > 0 ? [deduct, refund] : [deduct];
			});
	}

	summary(submitted: number): BillingSummary {
		const refunded = this.charges.filter((charge) => charge.refunded).length;
		return {
			submitted,
			billed: this.charges.length,
			refunded,
			paid: this.charges.length - refunded,
			spent: this.spent(),
			charges: this.charges.map((charge) => ({ ...charge })),
		};
	}

	clear(): void {
		this.charges = [];
	}

	private find(predictionId: string): Charge | undefined {
		return this.charges.find((charge) => charge.predictionId === predictionId);
	}
}
