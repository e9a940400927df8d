import { orJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import type { Operation } from './operation';

export const getBalance: Operation = {
	resource: 'account',
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get the balance',
		description: 'Get the balance of the account in USD',
	},
	fields: [],

	async execute(run) {
		const reading = readBalance(run);
		const results = await settleItems(run, async () => ({
			json: { balance: await reading, currency: 'USD' },
		}));
		return toNodeItems(run, results);
	},
};

/** @throws JobError */
async function readBalance({ client, calls }: Run): Promise<number> {
	const reading = calls.repeat(async () => await client.balance());
	const balance = await orJobError(reading, { step: 'balance' });
	if (balance !== undefined) return balance;
	throw jobError('WaveSpeed returned no readable balance', 'Try again later.', {
		step: 'balance',
	});
}
