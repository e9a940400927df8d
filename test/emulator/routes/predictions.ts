import type { FastifyInstance } from 'fastify';
import { startBalance } from '../auth';
import type { EmulatorContext } from '../context';
import { ApiError, success } from '../envelope';
import { historyPage } from '../history';
import { realStatus, type Job } from '../job';
import { jobInputs, webhookUrl } from '../job-inputs';
import type { ScriptedStatus, Submission } from '../job-script';
import { findModel } from '../models';
import { predictionBody } from '../prediction';
import { discounted, price } from '../pricing';
import { bodyOf, invalid } from '../validate';

const RESULT_PATHS = ['/predictions/{id}/result', '/predictions/{id}'] as const;

/** Submit, result, history and delete. */
export function predictionRoutes(app: FastifyInstance, context: EmulatorContext): void {
	const { settings } = context;
	const view = (status?: ScriptedStatus) => ({
		api: context.origins.api,
		settings,
		...(status ? { status } : {}),
	});
	app.post<{ Params: { '*': string }; Querystring: { webhook?: string } }>(
		'/api/v3/*',
		{ config: { name: 'submit' } },
		async (request) => {
			const submission: Submission = {
				model: request.params['*'],
				account: request.account,
				body: bodyOf(request.body),
				url: request.url,
			};
			const job = submit(context, submission, request.query.webhook);
			if (job.script.respondWhenEnded) await context.jobs.whenEnded(job.id);
			return success(predictionBody(job, view()));
		},
	);
	for (const path of RESULT_PATHS) {
		const url = `/api/v3${path.replace('{id}', ':id')}`;
		app.get<{ Params: { id: string } }>(url, { config: { name: 'result' } }, async (request) => {
			const { resultPath } = settings;
			if (resultPath !== 'both' && resultPath !== path) throw new ApiError(404, 'Not found');
			const job = context.jobs.find(request.params.id, request.account);
			if (job) job.polls += 1;
			if (!job || job.polls <= (job.script.notFoundFor ?? 0)) {
				throw new ApiError(404, 'Prediction not found');
			}
			return success(predictionBody(job, view(shownStatus(job))));
		});
	}
	app.post('/api/v3/predictions', { config: { name: 'history' } }, async (request) => {
		return success(await historyPage(context, request.account, request.body));
	});
	app.post('/api/v3/predictions/delete', { config: { name: 'delete' } }, async (request) => {
		const { ids } = bodyOf(request.body);
		if (!Array.isArray(ids)) throw invalid('ids', 'an array of ids is required');
		const deleted = ids.filter(
			(id) => typeof id === 'string' && context.jobs.delete(id, request.account),
		);
		return success({ deleted_count: deleted.length });
	});
}

function submit(context: EmulatorContext, submission: Submission, webhookParameter?: string): Job {
	const { account, body } = submission;
	const { settings } = context;
	const model = findModel(submission.model);
	if (!model) throw new ApiError(404, `Model not found: ${submission.model}`);
	const webhook = webhookUrl(webhookParameter);
	if (webhook !== undefined) {
		submission.webhook = webhook;
		if (body['enable_base64_output'] === true) {
			const error = 'enable_base64_output cannot be used together with a webhook';
			throw new ApiError(400, error, { error });
		}
	}
	const { inputs, ignoredKeys } = jobInputs(body, model, settings.unknownKeys);
	context.submitLimit.enter();
	const { order = 'meanwhile', resolution } = inputs;
	const left = context.uploads.findByUrl(inputs.left_audio)?.seconds;
	const right = context.uploads.findByUrl(inputs.right_audio)?.seconds;
	const full = price(model, { left, right, order, resolution });
	const cost = discounted(full, settings.discountRate);
	if (startBalance(settings, account) - context.bills.spent(account) < cost) {
		throw new ApiError(402, 'Insufficient credits. Please top up your account.');
	}
	const script = context.scripts.take(submission);
	const job = context.jobs.create({ submission, model, inputs, ignoredKeys, script });
	context.bills.charge(job.id, account, cost);
	context.log(`job ${job.id} accepted (${order})`);
	return job;
}

/** Scripted statuses first, one per poll, then the real one. */
function shownStatus(job: Job): ScriptedStatus {
	const step = job.polls - 1 - (job.script.notFoundFor ?? 0);
	const scripted = job.script.statuses?.[step];
	if (scripted === undefined) return realStatus(job);
	return typeof scripted === 'string' ? { status: scripted } : scripted;
}
