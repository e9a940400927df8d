/** What a job, and all jobs of a run, may cost at most. */
import { shortenValue } from '../shared/characters';
import { jobError } from '../errors/jobError';

/** Dollars; absent where the user sets no limit. */
export interface CostLimits {
	/** For one job. */
	maxCost?: number;
	/** For all jobs that a run of the node submits. */
	maxCostPerRun?: number;
}

/** As the options are called in the editor. */
export const COST_LABELS: Record<keyof CostLimits, string> = {
	maxCost: 'Max Cost',
	maxCostPerRun: 'Max Cost per Run',
};

/**
 * @param value as entered; an empty value is a mistake, not a limit of 0
 * @throws JobError when it is no amount
 */
export function checkCostLimit(name: keyof CostLimits, value: unknown): number {
	const isText = typeof value === 'string' && value.trim() !== '';
	const amount = isText ? Number(value) : value;
	if (typeof amount === 'number' && Number.isFinite(amount) && amount >= 0) return amount;
	const isEmpty = value === undefined || value === null || (typeof value === 'string' && !isText);
	const label = COST_LABELS[name];
	throw jobError(
		isEmpty ? `${label} is empty` : `${label}: ${shortenValue(value)} is not an amount of money`,
		'Enter US dollars as a number, such as 0.5, or remove the option.',
		{ step: 'check' },
	);
}

export function hasCostLimit({ maxCost, maxCostPerRun }: CostLimits): boolean {
	return maxCost !== undefined || maxCostPerRun !== undefined;
}
