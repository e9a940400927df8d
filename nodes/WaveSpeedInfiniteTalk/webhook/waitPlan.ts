/** Decides how a run waits for its jobs. */
import type { Webhook } from '../paidOnce/submitJob';
import type { Run } from '../n8n/run';
import { unreachableReason } from '../api/urls';
import { callerWaits } from './callerWaits';
import { canPause, resumeUrl } from './pause';

/** Without a webhook, jobs are polled in memory for this long before the execution is stored. */
export const MEMORY_WAIT_MS = 120_000;

/**
 * How many runs of this process may poll in memory before they are stored: n8n holds some 10 MB for
 * each execution that runs.
 */
export const MAX_MEMORY_WAITS = 20;

let memoryWaits = 0;

export interface WaitPlan {
	/** True when n8n may store the execution while the jobs run. */
	isStored: boolean;
	/** How long a job is polled in memory, in milliseconds since its wait began. */
	memoryMs: number;
	/** The address for WaveSpeed to call; absent where it cannot reach this n8n. */
	webhook?: Webhook;
}

/**
 * @param keepRunning true when the user chose to keep the execution in memory
 * @param submits false for jobs that exist: whom WaveSpeed calls was decided when they were submitted
 */
export function planWait(run: Run, keepRunning: boolean, submits = true): WaitPlan {
	const { context, client } = run;
	if (keepRunning || !canPause(context) || callerWaits(context)) {
		return { isStored: false, memoryMs: Number.POSITIVE_INFINITY };
	}
	const url = resumeUrl(context);
	if (!submits || unreachableReason(url, client.baseUrl)) {
		return { isStored: true, memoryMs: MEMORY_WAIT_MS };
	}
	return { isStored: true, memoryMs: 0, webhook: { url, executionId: run.executionId } };
}

/**
 * Runs the work of a plan. While too many other runs of this process poll in memory, the plan is
 * changed: the execution is stored right after the submission.
 */
export async function withMemoryLimit<T>(
	plan: WaitPlan,
	work: (plan: WaitPlan) => Promise<T>,
): Promise<T> {
	if (!plan.isStored || plan.memoryMs === 0) return await work(plan);
	if (memoryWaits >= MAX_MEMORY_WAITS) return await work({ ...plan, memoryMs: 0 });
	memoryWaits++;
	try {
		return await work(plan);
	} finally {
		memoryWaits--;
	}
}
