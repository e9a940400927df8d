import type { EmulatorContext } from './context';
import { realStatus, type Job } from './job';
import { predictionBody } from './prediction';
import { addJob } from './seed';
import {
	bodyOf,
	invalid,
	optionalText,
	pageOf,
	rfc3339,
	slicePage,
	type Fields,
	type Page,
} from './validate';

/** Statuses that the history can be filtered by (WaveSpeedAI/wavespeed-cli). */
const STATUSES = ['created', 'processing', 'completed', 'failed', 'cancelled', 'timeout'];

interface HistoryQuery extends Page {
	model: string | undefined;
	status: string | undefined;
	/** Milliseconds since the epoch, server time. */
	after: number;
	before: number;
	includeInputs: boolean;
}

/** One page of an account's history, newest first. */
export async function historyPage(
	context: EmulatorContext,
	account: string,
	body: unknown,
): Promise<object> {
	const query = readQuery(bodyOf(body));
	const { settings } = context;
	const unknown = query.status !== undefined && !STATUSES.includes(query.status);
	if (unknown && settings.unknownHistoryStatus === 'refuse') {
		throw invalid('status', `one of ${STATUSES.join(', ')} is required`);
	}
	const jobs = unknown ? [] : matchingJobs(context, account, query);
	const field = settings.historyInputs;
	const items = slicePage(jobs, query).map((job) =>
		predictionBody(job, {
			api: context.origins.api,
			settings,
			executionTime: true,
			...(query.includeInputs && field !== 'none' ? { inputsAs: field } : {}),
		}),
	);
	for (let count = 0; count < settings.historyGrowth; count += 1)
		await addJob(context, { account });
	return { page: query.page, items };
}

function readQuery(body: Fields): HistoryQuery {
	return {
		...pageOf(body),
		model: optionalText(body, 'model'),
		status: optionalText(body, 'status'),
		after: rfc3339(body, 'created_after') ?? -Infinity,
		before: rfc3339(body, 'created_before') ?? Infinity,
		includeInputs: body['include_inputs'] === true,
	};
}

function matchingJobs(context: EmulatorContext, account: string, query: HistoryQuery): Job[] {
	const visibleUntil = context.serverClock.now() - context.settings.historyLagSeconds * 1000;
	return context.jobs.newestFirst().filter((job) => {
		if (!context.jobs.find(job.id, account)) return false;
		if (query.model !== undefined && job.model.id !== query.model) return false;
		if (query.status !== undefined && realStatus(job).status !== query.status) return false;
		if (job.createdAt < query.after || job.createdAt > query.before) return false;
		if (job.createdAt > visibleUntil) return false;
		job.historyPages += 1;
		return job.historyPages > (job.script.hiddenFromHistoryFor ?? 0);
	});
}
