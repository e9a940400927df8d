import { randomUUID } from 'node:crypto';
import type { Clock } from './clock';

export interface Charge {
	uuid: string;
	predictionId: string;
	/** USD. */
	price: number;
	refunded: boolean;
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
	refunded: number;
	/** Predictions that stay paid: billed minus refunded. */
	paid: number;
	/** USD paid for them. */
	spent: number;
	charges: Charge[];
}

/** Charges every accepted prediction once and refunds failed ones. */
export class Bills {
	private charges: Charge[] = [];

	constructor(private readonly clock: Clock) {}

	charge(predictionId: string, price: number): void {
		const now = this.clock.now();
		const uuid = randomUUID();
		this.charges.push({
			uuid,
			predictionId,
			price,
			refunded: false,
			createdAt: now,
			updatedAt: now,
		});
	}

	/** Corrects the price once the length of the media is known. */
	reprice(predictionId: string, price: number): void {
		const charge = this.find(predictionId);
		if (charge) Object.assign(charge, { price, updatedAt: this.clock.now() });
	}

	refund(predictionId: string): void {
		const charge = this.find(predictionId);
		if (charge) Object.assign(charge, { refunded: true, updatedAt: this.clock.now() });
	}

	find(predictionId: string): Charge | undefined {
		return this.charges.find((charge) => charge.predictionId === predictionId);
	}

	/** USD charged and not refunded. */
	get spent(): number {
		const paid = this.charges.filter((charge) => !charge.refunded);
		return Math.round(paid.reduce((sum, charge) => sum + charge.price, 0) * 1e6) / 1e6;
	}

	summary(submitted: number): BillingSummary {
		const refunded = this.charges.filter((charge) => charge.refunded).length;
		return {
			submitted,
			billed: this.charges.length,
			refunded,
			paid: this.charges.length - refunded,
			spent: this.spent,
			charges: this.charges.map((charge) => ({ ...charge })),
		};
	}

	clear(): void {
		this.charges = [];
	}
}
