/** The options that cap what jobs cost, and how they are read. */
import type { INodeProperties } from 'n8n-workflow';
import type { CostLimits } from '../cost/costLimits';
import { checkCostLimit, COST_LABELS } from '../cost/costLimits';
import type { Item } from '../n8n/item';

const AMOUNT = {
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 2 },
	default: 1,
} as const;

/** In alphabetical order, as n8n's lint asks for. */
export const costOptions: INodeProperties[] = [
	{
		...AMOUNT,
		displayName: COST_LABELS.maxCost,
		name: 'maxCost',
		description:
			'The most that one job may cost. The node gets the price before it submits the job. An item whose job would cost more fails, and you pay nothing. For fractions of a cent, use an expression.',
	},
	{
		...AMOUNT,
		displayName: COST_LABELS.maxCostPerRun,
		name: 'maxCostPerRun',
		description:
			'The most that all jobs of one run of this node may cost together. As a tool of an AI agent, all calls in one execution count. Items are submitted in input order. An item that would exceed the limit fails, and you pay nothing for it.',
	},
];

/** @throws JobError when an option is added and is no amount */
export function readCostLimits(item: Item): CostLimits {
	const read = (name: keyof CostLimits) =>
		item.hasOption(name) ? { [name]: checkCostLimit(name, item.option(name)) } : {};
	return { ...read('maxCost'), ...read('maxCostPerRun') };
}
