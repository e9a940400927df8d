import type { ModelSpec } from './models';

const MAX_SECONDS = 600;

/** What a price depends on. */
export interface PriceInputs {
	/** Lengths of the voices in seconds; undefined where the audio could not be read. */
	seconds: ReadonlyArray<number | undefined>;
	/** As written; only the text `meanwhile` means that both speak at the same time. */
	order?: unknown;
	resolution?: unknown;
}

/**
 * USD for one job, as the service's formula has it: each track is rounded up to whole seconds, then
 * the longer one (`meanwhile`) or the sum counts. Unreadable audio costs the base price, the floor.
 * Source: WaveSpeedAI/mcp-server, src/lib/pricing-vars.test.ts.
 */
export function price(model: ModelSpec, { seconds, order, resolution }: PriceInputs): number {
	const basePrice = model.resolutions?.[String(resolution)] ?? model.basePrice;
	const whole = seconds.map((each) => Math.ceil(each ?? Number.NaN));
	if (whole.some(Number.isNaN)) return basePrice;
	const speech =
		order === 'meanwhile' ? Math.max(...whole) : whole.reduce((sum, each) => sum + each);
	const length = Math.min(speech, model.maxSeconds);
	const billed = Math.min(Math.max(length, model.minSeconds), MAX_SECONDS);
	return roundUsd((billed / 5) * basePrice);
}

/** The price to pay when `rate` percent of it are paid; `null`: no discount. */
export function discounted(usd: number, rate: number | null): number {
	return rate === null ? usd : roundUsd((usd * rate) / 100);
}

/** To millionths of a dollar, without binary fractions' tails. */
export function roundUsd(usd: number): number {
	return Math.round(usd * 1e6) / 1e6;
}
