import { ApiError } from '../api/errors';
import { toJobError } from '../errors/errorMessages';
import { jobError } from '../errors/jobError';
import { callWithRetries } from '../polling/callWithRetries';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { toResult } from '../shared/result';
import type { Operation } from './operation';

export const getBalance: Operation = {
	resource: 'account',
	option: {
		name: 'Get Balance',
		value: 'getBalance',
		action: 'Get the balance of the account',
		description: 'Read how much money is left on the account, in USD',
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
async function readBalance({ client, clock }: Run): Promise<number> {
	const result = await toResult(callWithRetries(async () => await client.balance(), clock));
	if ('error' in result) {
		const { error } = result;
		throw error instanceof ApiError ? toJobError(error, { step: 'balance' }) : error;
	}
	if (result.value !== undefined) return result.value;
	throw jobError('WaveSpeed answered without a readable balance', 'Try again later.', {
		step: 'balance',
	});
}
