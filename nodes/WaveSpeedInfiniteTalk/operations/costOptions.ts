/** The options that cap what jobs cost, and how they are read. */
import type { INodeProperties } from 'n8n-workflow';
import type { CostLimits } from '../cost/costLimits';
import { checkCostLimit, COST_LABELS } from '../cost/costLimits';
import type { Item } from '../n8n/item';

const AMOUNT = {
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 6 },
	default: 1,
} as const;

/** In alphabetical order, as n8n's lint asks for. */
export const costOptions: INodeProperties[] = [
	{
		...AMOUNT,
		displayName: COST_LABELS.maxCost,
		name: 'maxCost',
		description:
			'In USD, for one job. WaveSpeed is asked for the price before the job is submitted; a dearer job fails, and costs nothing. A job that is used again costs nothing and passes.',
	},
	{
		...AMOUNT,
		displayName: COST_LABELS.maxCostPerRun,
		name: 'maxCostPerRun',
		description:
			'In USD, for all jobs that a run of this node submits; as a tool of an AI agent, for all calls in one execution. Items are submitted one after the other in the order of the input; one that would bring the sum above it fails.',
	},
];

/** @throws JobError when an option is added and is no amount */
export function readCostLimits(item: Item): CostLimits {
	const read = (name: keyof CostLimits) =>
		item.hasOption(name) ? { [name]: checkCostLimit(name, item.option(name)) } : {};
	return { ...read('maxCost'), ...read('maxCostPerRun') };
}
