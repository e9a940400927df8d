import type { FastifyInstance } from 'fastify';
import { z } from 'zod/v4';
import type { Emulator } from '../emulator';
import { ApiError, success } from '../envelope';
import type { Job } from '../job';
import { jobInputs, webhookUrl } from '../job-inputs';
import type { ScriptedStatus, Submission } from '../job-script';
import { requireModel } from '../models';
import { serverTime } from '../options';
import { predictionBody } from '../prediction';
import { discounted, price } from '../pricing';
import { isObject, pageFields, parse, slicePage, timeField } from '../validate';

/** The second one is that of older documentation. */
const RESULT_PATHS = ['/api/v3/predictions/:id/result', '/api/v3/predictions/:id'];

const historyQuery = z.object({
	...pageFields,
	model: z.string().min(1).optional(),
	/** Those that WaveSpeedAI/wavespeed-cli knows. */
	status: z
		.enum(['created', 'processing', 'completed', 'failed', 'cancelled', 'timeout'])
		.optional(),
	created_after: timeField,
	created_before: timeField,
	include_inputs: z.boolean().optional(),
});

/** Submit, result, history and delete. */
export function predictionRoutes(app: FastifyInstance, emulator: Emulator): void {
	const { jobs } = emulator;
	app.post<{ Params: { '*': string }; Querystring: { webhook?: string } }>(
		'/api/v3/*',
		{ config: { name: 'submit' } },
		async ({ params, query, account, body, url }) => {
			const webhook = webhookUrl(query.webhook);
			const model = params['*'];
			const job = submit(emulator, {
				model,
				account,
				body: isObject(body) ? body : {},
				url,
				webhook,
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
	app.post('/api/v3/predictions', { config: { name: 'history' } }, async ({ account, body }) => {
		return success(historyPage(emulator, account, body));
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
	const spec = requireModel(submission.model);
	const inputs = jobInputs(submission.body, spec);
	emulator.submitLimit.enter();
	const { order = 'meanwhile', resolution } = inputs;
	const seconds = spec.voices.map((key) => files.find(inputs[key] ?? '')?.seconds);
	const full = price(spec, { seconds, order, resolution });
	const cost = discounted(full, settings.discountRate);
	if (settings.balance - bills.spent(account) < cost) {
		throw new ApiError(402, 'Insufficient credits. Please top up your account.');
	}
	const text = files.describe(submission.body);
	const script =
		emulator.scripts.take(({ match = '', when }) => {
			return text.includes(match) && (when?.(submission) ?? true);
		}) ?? {};
	const job = emulator.jobs.create({ ...submission, spec, inputs, script });
	bills.charge(job.id, account, cost);
	emulator.say(`job ${job.id} accepted (${spec.voices.length > 1 ? order : 'one voice'})`);
	return job;
}

/** Scripted statuses first, one per poll, then the real one. */
function shownStatus(job: Job): ScriptedStatus {
	const step = job.polls - 1 - (job.script.notFoundFor ?? 0);
	const scripted = job.script.statuses?.[step] ?? job;
	return typeof scripted === 'string' ? { status: scripted } : scripted;
}

/** One page of an account's history, newest first. */
function historyPage(emulator: Emulator, account: string, body: unknown): object {
	const { jobs, settings } = emulator;
	const query = parse(historyQuery, body);
	const visibleUntil = serverTime(settings) - settings.historyLagSeconds * 1000;
	const { created_after: after = -Infinity, created_before: before = Infinity } = query;
	const found = jobs.all().filter((job) => {
		if (!jobs.find(job.id, account)) return false;
		if (query.model !== undefined && job.model !== query.model) return false;
		if (query.status !== undefined && job.status !== query.status) return false;
		if (job.createdAt < after || job.createdAt > Math.min(before, visibleUntil)) return false;
		job.historyPages += 1;
		return job.historyPages > (job.script.hiddenFromHistoryFor ?? 0);
	});
	const newestFirst = found.reverse().sort((a, b) => b.createdAt - a.createdAt);
	const inputsAs = query.include_inputs ? settings.historyInputs : 'none';
	const items = slicePage(newestFirst, query).map((job) =>
		predictionBody(job, emulator, { executionTime: true, inputsAs }),
	);
	return { page: query.page, items };
}
