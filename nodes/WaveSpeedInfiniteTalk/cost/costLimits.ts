/** What a job, and all jobs of a run, may cost at most. */
import { toNumber } from '../inputs/values';

/** Dollars; absent where the user sets no limit. */
export interface CostLimits {
	/** For one job. */
	maxCost?: number;
	/** For all jobs that a run of the node submits. */
	maxCostPerRun?: number;
}

/** As the options are called in the editor. */
export const COST_LABELS: Record<keyof CostLimits, string> = {
	maxCost: 'Max Cost (USD)',
	maxCostPerRun: 'Max Cost per Run (USD)',
};

/**
 * @param value as entered; an empty value is a mistake, not a limit of 0
 * @throws JobError when it is no amount
 */
export function checkCostLimit(name: keyof CostLimits, value: unknown): number {
	return toNumber(COST_LABELS[name], value, {
		what: 'an amount of money',
		accepts: (number) => number >= 0,
		advice: 'Enter a number of US dollars, such as 0.5, or remove the option.',
	});
}

export function hasCostLimit({ maxCost, maxCostPerRun }: CostLimits): boolean {
	return maxCost !== undefined || maxCostPerRun !== undefined;
}
