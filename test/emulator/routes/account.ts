import type { FastifyInstance } from 'fastify';
import { startBalance } from '../auth';
import type { BillRecord } from '../bills';
import { catalog } from '../catalog';
import type { EmulatorContext } from '../context';
import { ApiError, success } from '../envelope';
import { realStatus, type Job } from '../job';
import { checkEnums } from '../job-inputs';
import { findModel } from '../models';
import { discounted, price, roundUsd } from '../pricing';
import {
	bodyOf,
	invalid,
	isObject,
	optionalText,
	pageOf,
	rfc3339,
	slicePage,
	text,
	type Fields,
} from '../validate';

/** Balance, models, prices, bills and the webhook secret. */
export function accountRoutes(app: FastifyInstance, context: EmulatorContext): void {
	const { settings } = context;
	app.get('/api/v3/balance', { config: { name: 'balance' } }, async ({ account }) => {
		const left = startBalance(settings, account) - context.bills.spent(account);
		return success({ balance: roundUsd(left) });
	});
	app.get('/api/v3/models', { config: { name: 'models' } }, async () => {
		return success(catalog(context.origins.api));
	});
	app.get('/api/v3/webhook/secret', { config: { name: 'webhookSecret' } }, async () => {
		return success({ secret: settings.webhookSecret });
	});
	app.post('/api/v3/model/price', { config: { name: 'price' } }, async (request) => {
		return success(await quote(context, bodyOf(request.body)));
	});
	app.post('/api/v3/billings/search', { config: { name: 'billings' } }, async (request) => {
		return success(billings(context, request.account, bodyOf(request.body)));
	});
}

/** A quote by the real length of the voices; unknown inputs are ignored. */
async function quote(context: EmulatorContext, body: Fields): Promise<object> {
	const { unknownModelPriceStatus, discountRate, priceCurrency } = context.settings;
	const id = text(body, 'model_id');
	const model = findModel(id);
	if (!model) throw new ApiError(unknownModelPriceStatus, `Model not found: ${id}`);
	const inputs = body['inputs'] ?? {};
	if (!isObject(inputs)) throw invalid('inputs', 'an object is required');
	checkEnums(inputs, model);
	const left = await context.reader.audioSeconds(inputs['left_audio']);
	const right = await context.reader.audioSeconds(inputs['right_audio']);
	const { order, resolution } = inputs;
	const full = price(model, { left, right, order, resolution });
	return {
		model_id: id,
		price: full,
		discounted_price: discounted(full, discountRate),
		...(discountRate === null ? {} : { discount_rate: discountRate }),
		...(priceCurrency === null ? {} : { currency: priceCurrency }),
	};
}

/** The account's bill, newest first, in USD (WaveSpeedAI/wavespeed-cli, commands/billings). */
function billings(context: EmulatorContext, account: string, body: Fields): object {
	const query = pageOf(body);
	const from = rfc3339(body, 'start_time') ?? -Infinity;
	const to = rfc3339(body, 'end_time') ?? Infinity;
	const type = optionalText(body, 'billing_type');
	if (type !== undefined && type !== 'deduct' && type !== 'refund') {
		throw invalid('billing_type', 'deduct or refund is required');
	}
	const ids = body['prediction_uuids'];
	if (ids !== undefined && !Array.isArray(ids)) {
		throw invalid('prediction_uuids', 'an array of ids is required');
	}
	const records = context.bills
		.records(account)
		.filter((record) => ids === undefined || ids.includes(record.predictionId))
		.filter((record) => record.createdAt >= from && record.createdAt <= to)
		.filter((record) => type === undefined || record.type === type);
	if (!String(body['sort'] ?? '').includes('asc')) records.reverse();
	const jobs = new Map(context.jobs.newestFirst().map((job) => [job.id, job]));
	const items = slicePage(records, query).map((one) => billItem(one, jobs.get(one.predictionId)));
	return { page: query.page, has_more: records.length > query.page * query.pageSize, items };
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
			model_uuid: job?.model.id ?? '',
			status: job && !job.deleted ? realStatus(job).status : 'deleted',
		},
		access_key_name: 'emulator',
	};
}
