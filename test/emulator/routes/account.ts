import type { FastifyInstance } from 'fastify';
import { ApiError, success } from '../envelope';
import { realStatus } from '../job';
import { catalog } from '../catalog';
import { MODEL, price } from '../pricing';
import type { Order } from '../render';
import { bodyOf, integer, invalid, isObject, text, type Fields } from '../validate';
import type { EmulatorContext } from '../context';

/** Balance, catalogue, prices, bills and the webhook secret. */
export function accountRoutes(app: FastifyInstance, context: EmulatorContext): void {
	app.get('/api/v3/balance', { config: { name: 'balance' } }, async () => {
		const left = context.settings.balance - context.bills.spent;
		return success({ balance: Math.round(left * 1e6) / 1e6 });
	});
	app.get('/api/v3/models', { config: { name: 'models' } }, async () => {
		return success(catalog(context.origins.api));
	});
	app.get('/api/v3/webhook/secret', { config: { name: 'webhookSecret' } }, async () => {
		return success({ secret: context.settings.webhookSecret });
	});
	app.post('/api/v3/model/price', { config: { name: 'price' } }, async (request) => {
		return success(quote(context, bodyOf(request.body)));
	});
	app.post('/api/v3/billings/search', { config: { name: 'billings' } }, async (request) => {
		return success(billings(context, bodyOf(request.body)));
	});
}

function quote(context: EmulatorContext, body: Fields): object {
	const model = text(body, 'model_id');
	if (model !== MODEL) throw new ApiError(404, `Model not found: ${model}`);
	const inputs = body['inputs'] ?? {};
	if (!isObject(inputs)) throw invalid('inputs', 'an object is required');
	const left = context.uploads.findByUrl(String(inputs['left_audio']))?.seconds;
	const right = context.uploads.findByUrl(String(inputs['right_audio']))?.seconds;
	const cost = price(left, right, inputs['order'] as Order | undefined);
	return { model_id: model, price: cost, discounted_price: cost, currency: 'USD' };
}

/** Epoch milliseconds written as text, as this endpoint wants them. */
function epochText(body: Fields, field: string): number | undefined {
	if (body[field] === undefined) return undefined;
	const value = text(body, field);
	if (!/^\d+$/.test(value)) throw invalid(field, 'epoch milliseconds as a text are required');
	return Number(value);
}

function billings(context: EmulatorContext, body: Fields): object {
	const page = integer(body, 'page', 1, 1_000_000);
	const pageSize = integer(body, 'page_size', 1, 100);
	const from = epochText(body, 'start_time') ?? -Infinity;
	const to = epochText(body, 'end_time') ?? Infinity;
	const wanted = body['prediction_uuids'];
	if (wanted !== undefined && !Array.isArray(wanted)) {
		throw invalid('prediction_uuids', 'an array of ids is required');
	}
	const type = body['billing_type'];
	const jobs = new Map(context.jobs.all().map((job) => [job.id, job]));
	const { charges } = context.bills.summary(0);
	const records = charges
		.filter((charge) => !wanted || wanted.includes(charge.predictionId))
		.filter((charge) => charge.createdAt >= from && charge.createdAt <= to)
		.flatMap((charge) => {
			const job = jobs.get(charge.predictionId);
			const record = {
				uuid: charge.uuid,
				billing_type: 'deduct',
				price: charge.price,
				created_at: new Date(charge.createdAt).toISOString(),
				updated_at: new Date(charge.updatedAt).toISOString(),
				order: null,
				prediction: {
					uuid: charge.predictionId,
					model_uuid: MODEL,
					status: job ? realStatus(job).status : 'deleted',
				},
				access_key_name: 'emulator',
			};
			const refund = { ...record, uuid: `${charge.uuid}-refund`, billing_type: 'refund' };
			return charge.refunded ? [record, refund] : [record];
		})
		.filter((record) => type === undefined || record.billing_type === type);
	if (!String(body['sort'] ?? '').includes('asc')) records.reverse();
	const items = records.slice((page - 1) * pageSize, page * pageSize);
	return { page, total: records.length, items };
}
