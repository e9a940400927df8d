import type { FastifyInstance } from 'fastify';
import { ApiError, success } from '../envelope';
import type { Job } from '../job';
import { realStatus } from '../job';
import type { ScriptedStatus, Submission } from '../job-script';
import { predictionBody } from '../prediction';
import { MODEL, price } from '../pricing';
import { bodyOf, integer, invalid, isoTime, jobInputs, text, webhookUrl } from '../validate';
import type { EmulatorContext } from '../context';

/** Submit, result, history and delete. */
export function predictionRoutes(app: FastifyInstance, context: EmulatorContext): void {
	app.post<{ Params: { '*': string }; Querystring: { webhook?: string } }>(
		'/api/v3/*',
		{ config: { name: 'submit' } },
		async (request) => {
			const submission: Submission = {
				model: request.params['*'],
				body: bodyOf(request.body),
				url: request.url,
			};
			const webhook = request.query.webhook;
			const job = submit(context, submission, webhook);
			if (job.script.respondWhenEnded) await context.jobs.whenEnded(job.id);
			return success(predictionBody(job, { api: context.origins.api }));
		},
	);
	for (const path of ['/api/v3/predictions/:id/result', '/api/v3/predictions/:id']) {
		app.get<{ Params: { id: string } }>(path, { config: { name: 'result' } }, async (request) => {
			const job = context.jobs.find(request.params.id);
			if (job) job.polls += 1;
			if (!job || job.polls <= (job.script.notFoundFor ?? 0)) {
				throw new ApiError(404, 'Prediction not found');
			}
			return success(predictionBody(job, { api: context.origins.api, status: shownStatus(job) }));
		});
	}
	app.post('/api/v3/predictions', { config: { name: 'history' } }, async (request) => {
		return success(history(context, request.body));
	});
	app.post('/api/v3/predictions/delete', { config: { name: 'delete' } }, async (request) => {
		const { ids } = bodyOf(request.body);
		if (!Array.isArray(ids)) throw invalid('ids', 'an array of ids is required');
		const deleted = ids.filter((id) => typeof id === 'string' && context.jobs.delete(id));
		return success({ deleted_count: deleted.length });
	});
}

function submit(context: EmulatorContext, submission: Submission, webhookParameter?: string): Job {
	const { model, body } = submission;
	if (model !== MODEL) throw new ApiError(404, `Model not found: ${model}`);
	const webhook = webhookUrl(webhookParameter);
	if (webhook !== undefined) {
		submission.webhook = webhook;
		if (body['enable_base64_output'] === true) {
			const error = 'enable_base64_output cannot be used together with a webhook';
			throw new ApiError(400, error, { error });
		}
	}
	const { inputs, ignoredKeys } = jobInputs(body);
	const wait = context.rateLimit.enter();
	if (wait !== undefined) {
		const headers: Record<string, string> = {};
		if (context.settings.retryAfterHeader) headers['retry-after'] = String(Math.ceil(wait));
		throw new ApiError(429, 'Too many requests: rate limit exceeded', undefined, headers);
	}
	const left = context.uploads.findByUrl(inputs.left_audio)?.seconds;
	const right = context.uploads.findByUrl(inputs.right_audio)?.seconds;
	const cost = price(left, right, inputs.order);
	if (context.settings.balance - context.bills.spent < cost) {
		throw new ApiError(402, 'Insufficient credits. Please top up your account.');
	}
	const script = context.scripts.take(submission);
	const job = context.jobs.create(submission, inputs, ignoredKeys, script);
	context.bills.charge(job.id, cost);
	context.log(`job ${job.id} accepted (${inputs.order ?? 'meanwhile'})`);
	return job;
}

/** Scripted statuses first, one per poll, then the real one. */
function shownStatus(job: Job): ScriptedStatus {
	const step = job.polls - 1 - (job.script.notFoundFor ?? 0);
	const scripted = job.script.statuses?.[step];
	if (scripted === undefined) return realStatus(job);
	return typeof scripted === 'string' ? { status: scripted } : scripted;
}

function history(context: EmulatorContext, rawBody: unknown): object {
	const body = bodyOf(rawBody);
	const page = integer(body, 'page', 1, 1_000_000);
	const pageSize = integer(body, 'page_size', 1, 100);
	const model = body['model'] === undefined ? undefined : text(body, 'model');
	const status = body['status'] === undefined ? undefined : text(body, 'status');
	const after = isoTime(body, 'created_after') ?? -Infinity;
	const before = isoTime(body, 'created_before') ?? Infinity;
	const fitting = context.jobs.all().filter((job) => {
		if (!context.jobs.find(job.id)) return false;
		if (model !== undefined && job.submission.model !== model) return false;
		if (status !== undefined && realStatus(job).status !== status) return false;
		if (job.createdAt < after || job.createdAt > before) return false;
		job.historyPages += 1;
		return job.historyPages > (job.script.hiddenFromHistoryFor ?? 0);
	});
	const items = fitting.slice((page - 1) * pageSize, page * pageSize).map((job) =>
		predictionBody(job, {
			api: context.origins.api,
			executionTime: true,
			...(body['include_inputs'] === true ? { inputsAs: 'inputs' as const } : {}),
		}),
	);
	return { page, items };
}
