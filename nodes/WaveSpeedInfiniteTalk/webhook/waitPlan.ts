/** Decides how a run waits for its jobs. */
import type { Webhook } from '../job/submitJob';
import type { Run } from '../n8n/run';
import { unreachableReason } from '../api/urls';
import { callerWaits } from './callerWaits';
import { canPause, resumeUrl } from './pause';

/** Without a webhook, jobs are polled in memory for this long before the execution is stored. */
const MEMORY_WAIT_MS = 120_000;

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
 */
export function planWait(run: Run, keepRunning: boolean): WaitPlan {
	const { context, client } = run;
	if (keepRunning || !canPause(context) || callerWaits(context)) {
		return { isStored: false, memoryMs: Number.POSITIVE_INFINITY };
	}
	const url = resumeUrl(context);
	if (unreachableReason(url, client.baseUrl)) return { isStored: true, memoryMs: MEMORY_WAIT_MS };
	return { isStored: true, memoryMs: 0, webhook: { url, executionId: run.executionId } };
}
