/** Asks the service what a job would cost. It measures the voices itself; nothing is charged. */
import type { Price } from '../api/account';
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import type { Clock } from '../shared/clock';
import { toResult } from '../shared/result';
import type { Model } from '../inputs/models';
import { callWithRetries } from '../polling/callWithRetries';
import { RateLimitHold } from '../polling/rateLimitHold';

/** Videos up to this length cost the same (WaveSpeedAI/mcp-server, src/lib/pricing-vars.ts). */
const FLOOR_S = 5;

export interface Quote extends Price {
	/**
	 * True when it is no more than what a job without voices would cost, and may be because the service
	 * could not read them.
	 */
	isFloor: boolean;
}

/** The prices of one run. */
export class Prices {
	private readonly floors = new Map<string, Promise<Price | undefined>>();
	private readonly hold: RateLimitHold;

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly clock: Clock,
	) {
		this.hold = new RateLimitHold(clock);
	}

	/**
	 * @param seconds length of the video to expect; undefined when it is not known
	 * @throws ApiError when there is no price to be had
	 */
	async quote(model: Model, body: SubmitBody, seconds: number | undefined): Promise<Quote> {
		const price = await this.ask(model, body);
		if (seconds !== undefined && seconds <= FLOOR_S) return { ...price, isFloor: false };
		const floor = await this.floorOf(model);
		return { ...price, isFloor: floor !== undefined && price.price <= floor.price };
	}

	private async floorOf(model: Model): Promise<Price | undefined> {
		const asking = this.floors.get(model.name) ?? this.askFloor(model);
		this.floors.set(model.name, asking);
		return await asking;
	}

	private async askFloor(model: Model): Promise<Price | undefined> {
		const { resolution } = model;
		const result = await toResult(this.ask(model, resolution ? { resolution } : {}));
		if ('value' in result) return result.value;
		if (!(result.error instanceof ApiError)) throw result.error;
		return undefined;
	}

	private async ask({ id }: Model, inputs: object): Promise<Price> {
		return await callWithRetries(
			async () => await this.client.price(id, inputs),
			this.clock,
			this.hold,
		);
	}
}
