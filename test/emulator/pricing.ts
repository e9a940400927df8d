import type { Order } from './render';
import { speechSeconds } from './render';

export const MODEL = 'wavespeed-ai/infinitetalk-fast/multi';

/** USD per five seconds. */
export const BASE_PRICE = 0.075;
const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 600;

/** USD for two voices of these lengths in seconds; an unknown length costs the floor price. */
export function price(
	left: number | undefined,
	right: number | undefined,
	order: Order = 'meanwhile',
): number {
	if (left === undefined || right === undefined) return BASE_PRICE;
	const length = Math.ceil(speechSeconds(left, right, order));
	const billed = Math.min(Math.max(length, SHORTEST_SECONDS), LONGEST_SECONDS);
	return Math.round((billed / 5) * BASE_PRICE * 1e6) / 1e6;
}
