/** What jobs were really charged, for operations with the option Get Charge. */
import type { INodeProperties } from 'n8n-workflow';
import type { BillingRecord } from '../api/account';
import { BILLINGS_BATCH, chargesByJob } from '../api/account';
import { ApiError } from '../api/errors';
import type { ItemOutput } from '../n8n/items';
import type { Run } from '../n8n/run';
import { toResult } from '../shared/result';

/** More than a batch can fill; a service that ignores the page must not keep us for ever. */
const MAX_PAGES = 10;

export const getChargeOption: INodeProperties = {
	displayName: 'Get Charge',
	name: 'getCharge',
	type: 'boolean',
	default: true,
	description:
		'Whether to add the field charged: what WaveSpeed billed for the job in USD, minus refunds',
};

/**
 * Adds `charged` to the outputs: dollars, or null where the bill does not show the job, or cannot be
 * read. A note says why it cannot.
 *
 * @param outputs with the ID of their job; changed in place
 */
export async function addCharges(run: Run, outputs: readonly ItemOutput[]): Promise<void> {
	const ids = [...new Set(outputs.map(({ json }) => String(json.id)))];
	const charges = new Map<string, number>();
	for (let first = 0; first < ids.length; first += BILLINGS_BATCH) {
		const records = await toResult(readBills(run, ids.slice(first, first + BILLINGS_BATCH)));
		if ('value' in records) {
			for (const [id, charge] of chargesByJob(records.value)) charges.set(id, charge);
			continue;
		}
		if (!(records.error instanceof ApiError)) throw records.error;
		// The jobs of other requests keep their charges, and nothing more is asked for nothing.
		run.report.addNote(`Could not get the charges: ${records.error.message}.`);
		break;
	}
	for (const { json } of outputs) json.charged = charges.get(String(json.id)) ?? null;
}

/** All pages, each tried by itself. @throws ApiError */
async function readBills({ client, calls }: Run, ids: readonly string[]): Promise<BillingRecord[]> {
	const records: BillingRecord[] = [];
	for (let page = 1; page <= MAX_PAGES; page++) {
		const found = await calls.repeat(async () => await client.billings(ids, page));
		records.push(...found.records);
		if (!found.more) break;
	}
	return records;
}
