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
			'The most that one job may cost. The node asks for the price before it submits the job. A job that costs more fails, and you pay nothing. Fractions of a cent work by expression.',
	},
	{
		...AMOUNT,
		displayName: COST_LABELS.maxCostPerRun,
		name: 'maxCostPerRun',
		description:
			'The most that all jobs of one run of this node may cost; as a tool of an AI agent, those of all calls in one execution. Items are submitted in the order of the input. An item that would exceed the limit fails, and you do not pay for it.',
	},
];

/** @throws JobError when an option is added and is no amount */
export function readCostLimits(item: Item): CostLimits {
	const read = (name: keyof CostLimits) =>
		item.hasOption(name) ? { [name]: checkCostLimit(name, item.option(name)) } : {};
	return { ...read('maxCost'), ...read('maxCostPerRun') };
}
