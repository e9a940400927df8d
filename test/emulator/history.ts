import { z } from 'zod/v4';
import type { Emulator } from './emulator';
import { realStatus, type Job } from './job';
import { predictionBody } from './prediction';
import { serverTime } from './options';
import { pageFields, parse, slicePage, timeField } from './validate';

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

/** One page of an account's history, newest first. */
export async function historyPage(
	emulator: Emulator,
	account: string,
	body: unknown,
): Promise<object> {
	const query = parse(historyQuery, body);
	const { historyInputs: field, historyGrowth } = emulator.settings;
	const jobs = matchingJobs(emulator, account, query);
	const items = slicePage(jobs, query).map((job) =>
		predictionBody(job, emulator, {
			executionTime: true,
			...(query.include_inputs && field !== 'none' ? { inputsAs: field } : {}),
		}),
	);
	for (let count = 0; count < historyGrowth; count += 1) await emulator.addJob({ account });
	return { page: query.page, items };
}

function matchingJobs(
	{ jobs, settings }: Emulator,
	account: string,
	query: z.infer<typeof historyQuery>,
): Job[] {
	const visibleUntil = serverTime(settings) - settings.historyLagSeconds * 1000;
	const { created_after: after = -Infinity, created_before: before = Infinity } = query;
	return jobs.newestFirst().filter((job) => {
		if (!jobs.find(job.id, account)) return false;
		if (query.model !== undefined && job.model.id !== query.model) return false;
		if (query.status !== undefined && realStatus(job).status !== query.status) return false;
		if (job.createdAt < after || job.createdAt > Math.min(before, visibleUntil)) return false;
		job.historyPages += 1;
		return job.historyPages > (job.script.hiddenFromHistoryFor ?? 0);
	});
}
