/** The stored wait of one run of the node: opened when n8n runs the node again, written at each pause. */
import { NodeOperationError } from 'n8n-workflow';
import { isPlainObject } from '../api/prediction';
import type { WaitingItem, WaitingRun } from '../paidOnce/storedState';
import type { Run } from '../n8n/run';
import type { WaitMarker } from './pause';
import { pause, readMarker } from './pause';
import { leaveRound, runningIds } from './rounds';

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
	if (!waiting || !isComplete(waiting, marker, context.getInputData().length)) {
		const ids = marker.ids.join(', ') || 'not known';
		throw new NodeOperationError(context.getNode(), 'The stored state of this wait is missing', {
			description: `n8n woke the node, but its stored state is gone or comes from another version of the node. Nothing was submitted again. Its jobs continue at WaveSpeed: fetch them with Get Result (job IDs: ${ids}).`,
		});
	}
	if (waiting.begun === marker.round) retryItems(waiting);
	const { storedAt, executionId } = waiting;
	run.roundHistory.begin({ storedAt, executionId, isRepeated: context.getMode() === 'retry' });
	waiting.begun = marker.round;
	run.report.resume(waiting.notes);
	for (const [index, item] of waiting.items.entries()) {
		if (item.state === 'running') run.paidJobs.set(index, item.id);
	}
	return waiting;
}

/** False when something is missing or was changed: to go on could submit a job a second time. */
function isComplete(waiting: WaitingRun, { round, ids }: WaitMarker, itemCount: number): boolean {
	const { items, begun, notes } = waiting;
	if (!isPlainObject(notes)) return false;
	if (!Array.isArray(items) || items.length !== itemCount || !items.every(isItem)) return false;
	if (begun === round) return true;
	const running = new Set(items.map((item) => (item.state === 'running' ? item.id : '')));
	return ids.every((id) => running.has(id));
}

function isItem(item: WaitingItem): boolean {
	switch (item?.state) {
		case 'pending':
			return true;
		case 'running':
			return typeof item.id === 'string' && typeof item.since === 'number';
		case 'done':
			return typeof item.json === 'object';
		case 'failed':
			return typeof item.error === 'object';
		default:
			return false;
	}
}

/**
 * A round that begins twice is a retry, by Retry On Fail or by a person: failed items get another try,
 * and all jobs that still exist are waited for again, from now on.
 */
function retryItems(waiting: WaitingRun): void {
	waiting.items = waiting.items.map((item) => {
		if (item.state === 'running') return { ...item, deadline: null };
		if (item.state !== 'failed') return item;
		return item.job ? { ...item.job, state: 'running', deadline: null } : { state: 'pending' };
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
	const next = leaveRun(run, previous, items);
	run.state.waiting[run.runIndex] = next;
	await pause(run.context, { round: next.round, ids: runningIds(items) }, new Date(until));
}

/**
 * Remembers where the run stands.
 *
 * @returns what the next round goes on with
 */
export function leaveRun(
	{ client, clock, context, executionId, report, runIndex }: Run,
	previous: WaitingRun | undefined,
	items: WaitingItem[],
): WaitingRun {
	const begun = previous?.round ?? 0;
	const storedAt = client.toServerTime(clock.now());
	const { notes } = report;
	const next = { round: begun + 1, begun, storedAt, executionId, items, notes };
	leaveRound({ executionId, node: context.getNode().name, runIndex }, next);
	return next;
}
