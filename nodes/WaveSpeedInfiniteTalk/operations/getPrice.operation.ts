import { updateDisplayOptions } from 'n8n-workflow';
import { orJobError } from '../errors/errorMessages';
import type { Quote } from '../cost/prices';
import { toSubmitBody } from '../paidOnce/submitBody';
import type { ItemOutput } from '../n8n/items';
import { settleItems, toNodeItems } from '../n8n/items';
import type { Run } from '../n8n/run';
import { formatUsd } from '../shared/money';
import { includeInputFieldsOption, optionsField } from './fields';
import { mediaFields } from './mediaFields';
import type { Operation } from './operation';
import { noteInputFields } from './parameters';
import { prepareItems, requirePrepared } from './prepareItems';
import type { PreparedRequest } from './prepareRequests';
import { prepareRequests, readRequest } from './prepareRequests';
import { modelOption } from './videoOptions';

/** The price does not depend on it. */
const ANY_SEED = -1;

export const getPrice: Operation = {
	resource: 'video',
	option: {
		name: 'Get Price',
		value: 'getPrice',
		action: 'Get the price of a video',
		description:
			'Get the price of a job with these inputs. Files are uploaded, but no job is submitted.',
	},
	fields: updateDisplayOptions({ show: { resource: ['video'], operation: ['getPrice'] } }, [
		...mediaFields,
		optionsField(includeInputFieldsOption, modelOption),
	]),

	async execute(run) {
		const read = await prepareItems(run, async (item) => {
			noteInputFields(run, item);
			return { request: await readRequest(run, item) };
		});
		const prepared = await prepareRequests(run, read);
		const results = await settleItems(run, async (index) => {
			return await getItemPrice(run, requirePrepared(prepared, index));
		});
		return toNodeItems(run, results);
	},
};

/** @throws JobError */
async function getItemPrice(run: Run, request: PreparedRequest): Promise<ItemOutput> {
	const { model, durationS } = request;
	const body = toSubmitBody(await run.uploads.mediaUrls(request), request, ANY_SEED);
	const quote = await orJobError(run.prices.quote(model, body, durationS), { step: 'price' });
	const balance = await run.budget.readBalance();
	addHints(run, quote, balance);
	const { price, currency, isFloor } = quote;
	return {
		json: {
			estimated_cost: price,
			currency,
			is_floor_price: isFloor,
			duration_s: durationS ?? null,
			model: model.id,
			resolution: model.resolution ?? null,
			balance: balance ?? null,
		},
	};
}

function addHints(
	run: Run,
	{ price, currency, isFloor }: Quote,
	balance: number | undefined,
): void {
	if (isFloor) {
		run.report.addNote(
			'is_floor_price: this is the lowest price of any job. WaveSpeed may not have been able to measure the voices, so the job may cost more.',
		);
	}
	if (currency === 'USD' && balance !== undefined && balance < price) {
		run.report.addNote(
			`The account has ${formatUsd(balance)} left, which is less than the price. Top up at wavespeed.ai/top-up.`,
		);
	}
}
