import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { Emulator } from '../emulator';
import { ApiError, success } from '../envelope';
import { historyPage } from '../history';
import { realStatus, type Job } from '../job';
import { jobInputs, webhookUrl } from '../job-inputs';
import { isFor, type ScriptedStatus, type Submission } from '../job-script';
import { findModel } from '../models';
import { predictionBody } from '../prediction';
import { discounted, price } from '../pricing';
import { isObject, parse } from '../validate';

/** The second one is that of older documentation. */
const RESULT_PATHS = ['/api/v3/predictions/:id/result', '/api/v3/predictions/:id'];

/** Submit, result, history and delete. */
export function predictionRoutes(app: FastifyInstance, emulator: Emulator): void {
	const { jobs } = emulator;
	app.post<{ Params: { '*': string }; Querystring: { webhook?: string } }>(
		'/api/v3/*',
		{ config: { name: 'submit' } },
		async ({ params, query, account, body, url }) => {
			const webhook = webhookUrl(query.webhook);
			const job = submit(emulator, {
				model: params['*'],
				account,
				body: isObject(body) ? body : {},
				url,
				...(webhook === undefined ? {} : { webhook }),
			});
			if (job.script.respondWhenEnded) await jobs.whenEnded(job.id);
			return success(predictionBody(job, emulator));
		},
	);
	for (const url of RESULT_PATHS) {
		app.get<{ Params: { id: string } }>(url, { config: { name: 'result' } }, async (request) => {
			const job = jobs.find(request.params.id, request.account);
			if (job) job.polls += 1;
			if (!job || job.polls <= (job.script.notFoundFor ?? 0)) {
				throw new ApiError(404, 'Prediction not found');
			}
			return success(predictionBody(job, emulator, { status: shownStatus(job) }));
		});
	}
	app.post('/api/v3/predictions', { config: { name: 'history' } }, async (request) => {
		return success(await historyPage(emulator, request.account, request.body));
	});
	app.post('/api/v3/predictions/delete', { config: { name: 'delete' } }, async (request) => {
		const { ids } = parse(z.object({ ids: z.array(z.string()) }), request.body);
		const deleted = ids.filter((id) => jobs.delete(id, request.account));
		return success({ deleted_count: deleted.length });
	});
}

function submit(emulator: Emulator, submission: Submission): Job {
	const { account } = submission;
	const { settings, files, bills } = emulator;
	const model = findModel(submission.model);
	if (!model) throw new ApiError(404, `Model not found: ${submission.model}`);
	const inputs = jobInputs(submission.body, model);
	emulator.submitLimit.enter();
	const { order = 'meanwhile', resolution } = inputs;
	const seconds = model.voices.map((key) => files.find(inputs[key] ?? '')?.seconds);
	const full = price(model, { seconds, order, resolution });
	const cost = discounted(full, settings.discountRate);
	if (settings.balance - bills.spent(account) < cost) {
		throw new ApiError(402, 'Insufficient credits. Please top up your account.');
	}
	const text = emulator.files.describe(submission.body);
	const script = emulator.scripts.take((one) => isFor(one, submission, text)) ?? {};
	const job = emulator.jobs.create({ submission, model, inputs, script });
	bills.charge(job.id, account, cost);
	emulator.say(`job ${job.id} accepted (${model.voices.length > 1 ? order : 'one voice'})`);
	return job;
}

/** Scripted statuses first, one per poll, then the real one. */
function shownStatus(job: Job): ScriptedStatus {
	const step = job.polls - 1 - (job.script.notFoundFor ?? 0);
	const scripted = job.script.statuses?.[step];
	if (scripted === undefined) return realStatus(job);
	return typeof scripted === 'string' ? { status: scripted } : scripted;
}
