import { updateDisplayOptions } from 'n8n-workflow';
import type { Prediction } from '../api/prediction';
import { RETENTION_MS } from '../api/prediction';
import { orJobError } from '../errors/errorMessages';
import { isOfModel } from '../paidOnce/matching';
import { listJobs } from '../output/listJobs';
import type { OutputForm } from '../output/output';
import { listedOutput } from '../output/output';
import type { Item } from '../n8n/item';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { Semaphore } from '../shared/semaphore';
import { addCharges, getChargeOption } from './charges';
import { optionsField } from './fields';
import type { ReadFilters } from './jobFilters';
import { filtersField, limitFields, readFilters, readLimit } from './jobFilters';
import type { Operation } from './operation';
import { listedFields, outputForms, readOutputForm } from './outputFields';
import { prepareItems, requirePrepared } from './prepareItems';
import { readSwitchOption } from './readField';

/** Lists read at the same time. */
const MAX_CONCURRENT_LISTS = 2;

interface ListItem extends ReadFilters {
	/** Infinite for all jobs. */
	maxResults: number;
	form: OutputForm;
	getCharge: boolean;
}

export const getMany: Operation = {
	resource: 'video',
	option: {
		name: 'Get Many',
		value: 'getMany',
		action: 'Get many videos',
		description: 'List the jobs of the account, newest first',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['getMany'] } }, [
		...limitFields,
		filtersField,
		...outputForms(listedFields),
		optionsField(getChargeOption),
	]),

	async execute(run) {
		const prepared = await prepareItems(run, async (item) => readItem(item));
		const lists = new Semaphore(MAX_CONCURRENT_LISTS);
		const results = await settleItems(run, async (index) => {
			return await lists.run(async () => await list(run, requirePrepared(prepared, index)));
		});
		return toNodeItems(run, results);
	},
};

function readItem(item: Item): ListItem {
	return {
		...readFilters(item),
		maxResults: readLimit(item),
		form: readOutputForm(item),
		getCharge: readSwitchOption(item, getChargeOption),
	};
}

/** @throws JobError */
async function list(run: Run, { form, getCharge, ...wanted }: ListItem): Promise<ItemOutput[]> {
	const jobs = await readJobs(run, wanted);
	const outputs = jobs.map((job) => ({ json: listedOutput(job, form) }));
	if (getCharge) await addCharges(run, outputs);
	return outputs;
}

async function readJobs(
	{ client, clock, calls }: Run,
	{ filters, model, maxResults }: Pick<ListItem, 'filters' | 'model' | 'maxResults'>,
): Promise<Prediction[]> {
	// WaveSpeed deletes older jobs; without a time, a client of it lists those of one day only.
	const since = { createdAfter: client.toServerTime(clock.now()) - RETENTION_MS };
	const reading = listJobs(
		async (query) => await calls.repeat(async () => await client.listPredictions(query)),
		{ ...since, ...filters },
		{ limit: maxResults, ...(model && { keep: (job) => isOfModel(job, model) }) },
	);
	const { jobs } = await orJobError(reading, { step: 'list' });
	return jobs.slice(0, maxResults);
}
