import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { BillRecord } from '../bills';
import type { Emulator } from '../emulator';
import { success } from '../envelope';
import type { Job } from '../job';
import { choices, inputSchema } from '../job-inputs';
import { MODELS, requireModel, type ModelSpec } from '../models';
import { discounted, price, roundUsd } from '../pricing';
import { pageFields, parse, slicePage, timeField } from '../validate';

const priceQuery = z.object({
	model_id: z.string().min(1),
	inputs: z.record(z.string(), z.unknown()).default({}),
});

const billingsQuery = z.object({
	...pageFields,
	billing_type: z.enum(['deduct', 'refund']).optional(),
	prediction_uuids: z.array(z.string()).optional(),
	start_time: timeField,
	end_time: timeField,
	sort: z.string().optional(),
});

/** Balance, models, prices, bills and the webhook secret. */
export function accountRoutes(app: FastifyInstance, emulator: Emulator): void {
	const { settings } = emulator;
	app.get('/api/v3/balance', { config: { name: 'balance' } }, async ({ account }) => {
		return success({ balance: roundUsd(settings.balance - emulator.bills.spent(account)) });
	});
	app.get('/api/v3/models', { config: { name: 'models' } }, async () => {
		return success(MODELS.map((model) => catalogEntry(model, emulator.baseUrl)));
	});
	app.get('/api/v3/webhook/secret', { config: { name: 'webhookSecret' } }, async () => {
		return success({ secret: settings.webhookSecret });
	});
	app.post('/api/v3/model/price', { config: { name: 'price' } }, async ({ body }) => {
		return success(await quote(emulator, body));
	});
	app.post('/api/v3/billings/search', { config: { name: 'billings' } }, async (request) => {
		return success(billings(emulator, request.account, request.body));
	});
}

/** A model as the models list has it. */
function catalogEntry(model: ModelSpec, server: string): object {
	const run = { type: 'model_run', method: 'POST', server, api_path: `/api/v3/${model.id}` };
	const request_schema = z.toJSONSchema(inputSchema(model));
	return {
		model_id: model.id,
		name: model.id,
		description: 'Local preview without lip sync',
		type: 'digital-human',
		base_price: model.basePrice,
		sort_order: 0,
		formula: '',
		api_schema: { api_schemas: [{ ...run, request_schema }] },
	};
}

/** A quote by the real length of the voices; unknown inputs are ignored. */
async function quote({ reader, settings }: Emulator, body: unknown): Promise<object> {
	const { discountRate } = settings;
	const { model_id: id, inputs } = parse(priceQuery, body);
	const model = requireModel(id);
	const { order, resolution } = parse(z.object(choices(model)), inputs);
	const reading = model.voices.map(async (key) => await reader.audioSeconds(inputs[key]));
	const full = price(model, { seconds: await Promise.all(reading), order, resolution });
	return {
		model_id: id,
		price: full,
		discounted_price: discounted(full, discountRate),
		...(discountRate === null ? {} : { discount_rate: discountRate }),
		currency: 'USD',
	};
}

/** The account's bill, newest first, in USD (WaveSpeedAI/wavespeed-cli, commands/billings). */
function billings({ bills, jobs }: Emulator, account: string, body: unknown): object {
	const query = parse(billingsQuery, body);
	const { billing_type: type, prediction_uuids: ids } = query;
	const { start_time: from = -Infinity, end_time: to = Infinity } = query;
	const records = bills
		.of(account)
		.filter((record) => ids === undefined || ids.includes(record.predictionId))
		.filter((record) => record.createdAt >= from && record.createdAt <= to)
		.filter((record) => type === undefined || record.type === type);
	if (!query.sort?.includes('asc')) records.reverse();
	const known = new Map(jobs.all().map((job) => [job.id, job]));
	const items = slicePage(records, query).map((one) => billItem(one, known.get(one.predictionId)));
	return { page: query.page, has_more: records.length > query.page * query.page_size, items };
}

function billItem(record: BillRecord, job: Job | undefined): object {
	return {
		uuid: record.uuid,
		billing_type: record.type,
		price: record.price,
		created_at: new Date(record.createdAt).toISOString(),
		updated_at: new Date(record.updatedAt).toISOString(),
		order: null,
		prediction: {
			uuid: record.predictionId,
			model_uuid: job?.model ?? '',
			status: job && !job.deleted ? job.status : 'deleted',
		},
		access_key_name: 'emulator',
	};
}
