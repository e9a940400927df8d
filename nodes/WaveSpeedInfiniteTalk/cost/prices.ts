/** Asks the service what a job would cost. It measures the voices itself; nothing is charged. */
import type { Price } from '../api/account';
import type { SubmitBody, WaveSpeedClient } from '../api/client';
import { ApiError } from '../api/errors';
import { roundUsd } from '../shared/money';
import { toResult } from '../shared/result';
import type { Model } from '../inputs/models';
import type { PatientCalls } from '../polling/patientCalls';

export interface Quote extends Price {
	/**
	 * True when it is what a job without voices would cost, perhaps because the service could not read
	 * them. How many seconds that price stands for is on no page, and has changed.
	 */
	isFloor: boolean;
	/** The most that the job may cost: for a floor, as if it stood for a single second. */
	atMost: number;
}

/** The prices of one run. */
export class Prices {
	private readonly floors = new Map<string, Promise<Price | undefined>>();

	constructor(
		private readonly client: WaveSpeedClient,
		private readonly calls: PatientCalls,
	) {}

	/**
	 * @param seconds length of the video to expect; undefined when it is not known
	 * @throws ApiError when there is no price to be had
	 */
	async quote(model: Model, body: SubmitBody, seconds: number | undefined): Promise<Quote> {
		const price = await this.ask(model, body);
		const floor = await this.floorOf(model);
		const isFloor = floor !== undefined && roundUsd(price.price) === roundUsd(floor.price);
		const longest = seconds === undefined ? Number.POSITIVE_INFINITY : Math.ceil(seconds);
		return { ...price, isFloor, atMost: isFloor ? roundUsd(price.price * longest) : price.price };
	}

	private async floorOf(model: Model): Promise<Price | undefined> {
		const key = `${model.id} ${model.resolution}`;
		const asking = this.floors.get(key) ?? this.askFloor(model);
		this.floors.set(key, asking);
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
		return await this.calls.repeat(async () => await this.client.price(id, inputs));
	}
}
