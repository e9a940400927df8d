/** The stored wait of one run of the node: opened when n8n runs the node again, written at each pause. */
import { NodeOperationError } from 'n8n-workflow';
import type { WaitingItem, WaitingRun } from '../job/storedState';
import type { Run } from '../n8n/run';
import { pause, readMarker } from './pause';

/**
 * What this run waits for; undefined when it has not been stored before.
 *
 * @throws NodeOperationError when n8n runs the node again, but what it waits for is not there: to go
 * on would submit its jobs a second time
 */
export function openWaitingRun(run: Run): WaitingRun | undefined {
	const { context, runIndex, state } = run;
	const marker = readMarker(context);
	if (!marker) return undefined;
	const waiting = state.waiting[runIndex];
	if (!waiting || waiting.items.length !== context.getInputData().length) {
		const ids = marker.ids.join(', ') || 'not known';
		throw new NodeOperationError(context.getNode(), 'The stored state of this wait is missing', {
			description: `n8n woke the node, but what it waited for is gone or of another version of this node. Nothing was submitted again. Its jobs go on at WaveSpeed: collect them with Get Result (job IDs: ${ids}).`,
		});
	}
	if (waiting.begun === marker.turn) retryFailedItems(waiting);
	waiting.begun = marker.turn;
	for (const [index, item] of waiting.items.entries()) {
		if (item.state === 'running') run.paidJobs.set(index, item.id);
	}
	return waiting;
}

/** A turn that begins twice is a retry, by Retry On Fail or by a person: failed items get another try. */
function retryFailedItems(waiting: WaitingRun): void {
	waiting.items = waiting.items.map((item) => {
		if (item.state !== 'failed') return item;
		// A job that still exists is waited for again, from now on.
		return item.job ? { state: 'running', ...item.job, deadline: null } : { state: 'pending' };
	});
}

/**
 * Stores the execution until one of the items may go on.
 *
 * @param until milliseconds since 1970
 */
export async function storeWaitingRun(
	run: Run,
	previous: WaitingRun | undefined,
	items: WaitingItem[],
	until: number,
): Promise<void> {
	const turn = (previous?.turn ?? 0) + 1;
	run.state.waiting[run.runIndex] = { turn, begun: turn - 1, items };
	const ids = items.flatMap((item) => (item.state === 'running' ? [item.id] : []));
	await pause(run.context, { turn, ids }, new Date(until));
}
