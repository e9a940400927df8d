import { defaultSettings } from '../../emulator/options';
import { media } from '../../testbed/video-node';
import type { Mistake } from './user-mistakes';

/** Mistakes and mishaps about money and rights. */
export const COST_MISTAKES: readonly Mistake[] = [
	{
		name: 'Max Cost is no amount',
		title: 'Max Cost: "a dollar" is not an amount of money',
		advice: /US dollars/,
		parameters: { options: { maxCost: '={{ "a dollar" }}' } },
	},
	{
		name: 'The job is dearer than Max Cost',
		title: 'Max Cost: the job would cost $…, and the limit is $0.01',
		advice: /Raise the option/,
		parameters: { options: { maxCost: 0.01 } },
	},
	{
		name: 'The run is dearer than Max Cost per Run',
		title:
			'Max Cost per Run: the job would cost $…, and bring the sum from $0.00 to $…; the limit is $0.01',
		advice: /fewer items/,
		parameters: { options: { maxCostPerRun: 0.01 } },
	},
	{
		name: 'No price for Max Cost',
		title: 'Max Cost: the price of the job cannot be had: …',
		advice: /Nothing was submitted/,
		parameters: { options: { maxCost: 1 } },
		fault: { on: 'price', do: { respond: { status: 400 } } },
	},
	{
		name: 'Only the floor price for Max Cost',
		title:
			'Max Cost: WaveSpeed gives only its floor price ($…), as if it could not read how long the voices are',
		advice: /as files/,
		parameters: {
			leftAudio: media('url', 'https://example.com/left.mp3'),
			options: { maxCost: 1 },
		},
		settings: { readInputs: false },
	},
	{
		name: 'The balance is below the price',
		title: 'The account has $0.01 left, and the job would cost $…',
		advice: /top-up/,
		parameters: { options: { maxCost: 1 } },
		settings: { balance: 0.01 },
	},
	{
		name: 'The key lacks a right',
		title: 'Permission denied: this API key has no right to submit',
		advice: /lacks the right/,
		settings: { keys: { [defaultSettings.apiKey]: { denied: ['submit'] } } },
	},
];
