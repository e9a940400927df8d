/** What jobs were really charged, for operations with the option Get Charge. */
import type { INodeProperties } from 'n8n-workflow';
import { chargesByJob } from '../api/account';
import { ApiError } from '../api/errors';
import { callWithRetries } from '../polling/callWithRetries';
import type { ItemOutput } from '../n8n/items';
import type { Run } from '../n8n/run';
import { toResult } from '../shared/result';

export const getChargeOption: INodeProperties = {
	displayName: 'Get Charge',
	name: 'getCharge',
	type: 'boolean',
	default: true,
	description:
		'Whether to add what WaveSpeed charged for the job in USD, less refunds, as the field charged',
};

/**
 * Adds `charged` to the outputs: dollars, or null where the bill does not show the job, or cannot be
 * read. A hint says why it cannot.
 *
 * @param outputs with the ID of their job; changed in place
 */
export async function addCharges(run: Run, outputs: readonly ItemOutput[]): Promise<void> {
	if (outputs.length === 0) return;
	const ids = new Set(outputs.map(({ json }) => String(json.id)));
	const reading = callWithRetries(async () => await run.client.billings([...ids]), run.clock);
	const records = await toResult(reading);
	if ('error' in records) {
		if (!(records.error instanceof ApiError)) throw records.error;
		run.report.addHint(`The charges could not be read: ${records.error.message}.`);
	}
	const charges = chargesByJob('value' in records ? records.value : []);
	for (const { json } of outputs) json.charged = charges.get(String(json.id)) ?? null;
}
