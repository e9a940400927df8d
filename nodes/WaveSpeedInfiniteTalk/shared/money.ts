/** Amounts of US dollars. */

/** To millionths of a dollar, the smallest unit of the service's prices, without binary fractions' tails. */
export function roundUsd(usd: number): number {
	return Math.round(usd * 1e6) / 1e6;
}

/** Such as `$0.30`, with more digits only where there are any. */
export function formatUsd(usd: number): string {
	const [whole, cents = ''] = String(roundUsd(usd)).split('.');
	return `$${whole}.${cents.padEnd(2, '0')}`;
}
