import type { FastifyInstance } from 'fastify';
import { ApiError, success } from '../envelope';
import { realStatus, type Job } from '../job';
import { catalogue } from '../catalogue';
import { MODEL, price } from '../pricing';
import type { Order } from '../render';
import { bodyOf, integer, invalid, isObject, isoTime, text, type Fields } from '../validate';
import type { World } from '../world';

const LONGEST_USAGE_MS = 31 * 24 * 3600 * 1000;

/** Balance, catalogue, prices, bills and the webhook secret. */
export function accountRoutes(app: FastifyInstance, world: World): void {
	app.get('/api/v3/balance', { config: { name: 'balance' } }, async () => {
		const left = world.settings.balance - world.ledger.spent;
		return success({ balance: Math.round(left * 1e6) / 1e6 });
	});
	app.get('/api/v3/models', { config: { name: 'models' } }, async () => {
		return success(catalogue(world.origins.api));
	});
	app.get('/api/v3/webhook/secret', { config: { name: 'webhookSecret' } }, async () => {
		return success({ secret: world.settings.webhookSecret });
	});
	app.post('/api/v3/model/price', { config: { name: 'price' } }, async (request) => {
		return success(quote(world, bodyOf(request.body)));
	});
	app.post('/api/v3/billings/search', { config: { name: 'billings' } }, async (request) => {
		return success(billings(world, bodyOf(request.body)));
	});
	app.post('/api/v3/user/usage_stats', { config: { name: 'usage' } }, async (request) => {
		return success(usage(world, bodyOf(request.body)));
	});
}

function quote(world: World, body: Fields): object {
	const model = text(body, 'model_id');
	if (model !== MODEL) throw new ApiError(404, `Model not found: ${model}`);
	const inputs = body['inputs'] ?? {};
	if (!isObject(inputs)) throw invalid('inputs', 'an object is required');
	const left = world.uploads.findByUrl(String(inputs['left_audio']))?.seconds;
	const right = world.uploads.findByUrl(String(inputs['right_audio']))?.seconds;
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

function billings(world: World, body: Fields): object {
	const page = integer(body, 'page', 1, 1_000_000);
	const pageSize = integer(body, 'page_size', 1, 100);
	const from = epochText(body, 'start_time') ?? -Infinity;
	const to = epochText(body, 'end_time') ?? Infinity;
	const wanted = body['prediction_uuids'];
	if (wanted !== undefined && !Array.isArray(wanted)) {
		throw invalid('prediction_uuids', 'an array of ids is required');
	}
	const type = body['billing_type'];
	const jobs = new Map(world.jobs.all().map((job) => [job.id, job]));
	const { charges } = world.ledger.summary(0);
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

function usage(world: World, body: Fields): object {
	const from = isoTime(body, 'start_time');
	const to = isoTime(body, 'end_time');
	if (from === undefined) throw invalid('start_time', 'it is required');
	if (to === undefined) throw invalid('end_time', 'it is required');
	if (to - from > LONGEST_USAGE_MS) throw invalid('end_time', 'at most 31 days are allowed');
	const model = body['model_uuid'];
	const jobs = world.jobs
		.all()
		.filter((job) => job.createdAt >= from && job.createdAt <= to)
		.filter((job) => model === undefined || job.submission.model === model);
	const days = new Map<string, Job[]>();
	for (const job of jobs) {
		const day = job.createdAtIso.slice(0, 10);
		days.set(day, [...(days.get(day) ?? []), job]);
	}
	const total = (some: Job[]) => ({
		total_cost: some.reduce((sum, job) => sum + netPrice(world, job), 0),
		total_requests: some.length,
	});
	return {
		per_model_usage: jobs.length > 0 ? [{ model_uuid: MODEL, ...total(jobs) }] : [],
		daily_usage: [...days].map(([date, some]) => ({ date, ...total(some) })),
		summary: {
			...total(jobs),
			success_requests: jobs.filter((job) => job.end?.status === 'completed').length,
		},
	};
}

function netPrice(world: World, job: Job): number {
	const charge = world.ledger.find(job.id);
	return charge && !charge.refunded ? charge.price : 0;
}
