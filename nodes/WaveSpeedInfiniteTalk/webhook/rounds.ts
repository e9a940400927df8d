/**
 * The rounds of stored waits that this process has woken and begun.
 *
 * n8n resumes an execution with the data that it read when a call or a timer came, if the execution
 * waits when its place is free, whatever was stored in between (2.40: `waiting-webhooks`,
 * `active-executions`). So an old round may be carried out again, on old data: its jobs would be paid
 * for twice. n8n compares that an execution waits; this compares for which round.
 */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readRunIndex } from '../n8n/run';
import { isTool } from '../n8n/tool';
import type { StoredState, WaitingItem, WaitingRun } from '../paidOnce/storedState';
import { openState } from '../paidOnce/storedState';
import { readMarker, writeMarker } from './pause';

/** Nodes of executions that are remembered; n8n resumes on old data within seconds to minutes. */
const MAX_NODES = 1_000;

interface KnownRun {
	/** The latest round that a call has woken. */
	woken: number;
	/** The latest round that was begun; 0 is what comes before the first stored wait. */
	begun: number;
	/** n8n's data of the execution that began it: a retry has the same object, a second wake another. */
	begunOn?: WeakRef<object>;
	/** What the next round goes on with. */
	next?: WaitingRun;
}

interface KnownNode {
	/** What n8n stores for the node, as the latest round left it. */
	state?: StoredState;
	/** By run index. */
	runs: Map<number, KnownRun>;
}

/** A run of a node within an execution. */
export interface RunPlace {
	executionId: string;
	node: string;
	runIndex: number;
}

/** The most recently used ones last. */
const nodes = new Map<string, KnownNode>();

/** True when the round was woken or begun in this process, or a later one: a call changes nothing. */
export function isRoundOver(place: RunPlace, round: number): boolean {
	const run = nodes.get(keyOf(place))?.runs.get(place.runIndex);
	return run !== undefined && Math.max(run.woken, run.begun) >= round;
}

/** Notes that a call wakes the round. */
export function noteWoken(place: RunPlace, round: number): void {
	runAt(place).run.woken = round;
}

/**
 * Notes that n8n runs the node. On old data, the node gets what the latest round left, and goes on as
 * the round after it; when its run had ended, it puts out the same again.
 *
 * Call this before the state of the node is opened.
 */
export function enterRound(context: IExecuteFunctions): void {
	const { runExecutionData: data } = context as { runExecutionData?: object | null };
	// n8n does not store an execution while an agent uses its tools.
	if (!data || isTool(context)) return;
	const place = placeOf(context);
	const { node, run } = runAt(place);
	const container = context.getContext('node');
	const round = readMarker(context)?.round ?? 0;
	const isOldData = run.begunOn && run.begunOn.deref() !== data && round <= run.begun;
	run.begunOn = new WeakRef(data);
	if (isOldData && node.state) {
		context.logger.info('WaveSpeed InfiniteTalk: n8n resumed old data, the latest round goes on');
		container.state = node.state;
		const { next } = run;
		if (!next) return;
		node.state.waiting[place.runIndex] = next;
		writeMarker(context, { round: next.round, ids: runningIds(next.items) });
		run.begun = next.round;
	} else {
		node.state = openState(container);
		run.begun = round;
	}
	delete run.next;
}

/** Remembers what the next round goes on with, should n8n begin an old one again. */
export function leaveRound(place: RunPlace, next: WaitingRun): void {
	const key = keyOf(place);
	const node = nodes.get(key);
	const run = node?.runs.get(place.runIndex);
	if (!run) return;
	// Without a file store, n8n keeps files inside of items: too much to hold for a rare case.
	if (next.items.some(holdsFile)) nodes.delete(key);
	else run.next = next;
}

/** The run of the node that n8n has begun, before anything else of it is known. */
function placeOf(context: IExecuteFunctions): RunPlace {
	return {
		executionId: context.getExecutionId(),
		node: context.getNode().name,
		runIndex: readRunIndex(context),
	};
}

export function runningIds(items: readonly WaitingItem[]): string[] {
	return items.flatMap((item) => (item.state === 'running' ? [item.id] : []));
}

function holdsFile(item: WaitingItem): boolean {
	if (item.state !== 'done') return false;
	const { binary = {} } = item as INodeExecutionData;
	return Object.values(binary).some(({ id }) => id === undefined);
}

function keyOf({ executionId, node }: RunPlace): string {
	return `${executionId} ${node}`;
}

function runAt(place: RunPlace): { node: KnownNode; run: KnownRun } {
	const key = keyOf(place);
	const node: KnownNode = nodes.get(key) ?? { runs: new Map<number, KnownRun>() };
	nodes.delete(key);
	nodes.set(key, node);
	for (const oldest of nodes.keys()) {
		if (nodes.size <= MAX_NODES) break;
		nodes.delete(oldest);
	}
	const run = node.runs.get(place.runIndex) ?? { woken: 0, begun: 0 };
	node.runs.set(place.runIndex, run);
	return { node, run };
}
