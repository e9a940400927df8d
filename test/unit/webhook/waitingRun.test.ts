/** One stored wait: what is put on n8n's stack, and what the woken node makes of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IExecuteData, IExecuteFunctions, INode } from 'n8n-workflow';
import {
	type WaitingItem,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { Report } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/report';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import { readMarker, removeGuard } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/pause';
import {
	openWaitingRun,
	storeWaitingRun,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitingRun';
import { START } from '../support/clock';

const ERROR = { message: 'no', advice: 'none', details: { step: 'wait' as const } };
const JOB_A = { id: 'a', key: '0.0.a', since: 1, webhookExecutionId: '1' };
const RUNNING: WaitingItem = { state: 'running', ...JOB_A, deadline: 5 };
const NOTES = { notes: ['Short.'], reusedFrom: [], recovered: 1, flagged: 0, videos: 0 };
/** What each stored wait has, beside its round and its items. */
const STORED = { storedAt: START + 1, executionId: '7', notes: NOTES };
const ITEMS: WaitingItem[] = [
	RUNNING,
	{ state: 'pending' },
	{ state: 'done', json: {} },
	{ state: 'failed', error: ERROR },
	{ state: 'failed', error: ERROR, job: { ...JOB_A, id: 'b' } },
];

let stack: IExecuteData[];
let entry: IExecuteData;
let waitsUntil: Date | undefined;
let run: Run;

const PLACE = { id: '1', name: 'Video', type: 't', typeVersion: 1, parameters: {} };
const PLAIN: INode = { ...PLACE, position: [0, 0] };

function createEntry(): IExecuteData {
	return {
		node: {
			...PLAIN,
			...{ retryOnFail: true, alwaysOutputData: true, executeOnce: true, onError: 'stopWorkflow' },
		},
		data: { main: [ITEMS.map(() => ({ json: { x: 1 } }))] },
		source: null,
		metadata: { nodeWasResumed: true },
	};
}

beforeEach(() => {
	[entry, stack, waitsUntil] = [createEntry(), [], undefined];
	const context = {
		runExecutionData: { executionData: { nodeExecutionStack: stack } },
		getExecuteData: () => entry,
		getInputData: () => ITEMS,
		getNode: () => entry.node,
		getMode: () => 'trigger',
		putExecutionToWait: async (until: Date) => void (waitsUntil = until),
	} as unknown as IExecuteFunctions;
	const report = new Report(context);
	report.resume(NOTES);
	run = {
		...{ context, runIndex: 2, executionId: '7', state: openState({}), report },
		paidJobs: new Map(),
		client: { toServerTime: (now: number) => now + 1 },
		clock: { now: () => START },
		roundHistory: { begin: () => {} },
	} as unknown as Run;
});

const store = async () =>
	await storeWaitingRun(run, run.state.waiting[2], structuredClone(ITEMS), START);

/** Stores the run. Then n8n takes the first entry off its stack, and runs the next one. */
async function storeAndWake(): Promise<void> {
	await store();
	entry = stack.shift()!;
}

describe('a pause', () => {
	it('puts the real run behind an entry that passes nothing on, and a guard behind it', async () => {
		const { node, data, metadata } = createEntry();
		await store();
		expect(entry.data).toEqual({ main: [] });
		expect(entry.node).toEqual({ ...PLAIN, retryOnFail: false });
		const guard = { name: 'Video: retry with the original workflow', disabled: true };
		expect(stack).toMatchObject([
			{ node, data, metadata },
			{ node: guard, data: { main: [] } },
		]);
		expect(waitsUntil).toEqual(new Date(START));
		expect(run.state.waiting[2]).toEqual({ round: 1, begun: 0, ...STORED, items: ITEMS });
	});

	it('is marked, and its guard goes, whatever else is on the stack', async () => {
		expect(readMarker(run.context)).toBeUndefined();
		await storeAndWake();
		expect(readMarker(run.context)).toEqual({ round: 1, ids: ['a'] });
		stack.unshift(createEntry());
		removeGuard(run.context);
		removeGuard(run.context);
		expect(stack).toEqual([createEntry()]);
	});
});

describe('a woken run', () => {
	it('that begins a round twice knows its paid jobs, and tries failed items again', async () => {
		await storeAndWake();
		openWaitingRun(run);
		expect([...run.paidJobs]).toEqual([[0, 'a']]);
		const anew = { ...RUNNING, deadline: null };
		const pending = { state: 'pending' };
		const items = [anew, pending, ITEMS[2], pending, { ...anew, id: 'b' }];
		const waiting = openWaitingRun(run)!;
		expect(waiting).toEqual({ round: 1, begun: 1, ...STORED, items });
		// A job that has ended meanwhile is not missing.
		waiting.items[0] = { state: 'done', json: {} };
		expect(openWaitingRun(run)?.items[0]).toEqual({ state: 'done', json: {} });
	});

	/** The stored items with another one in place of the pending one. */
	const withItem = (item: unknown) => ({ items: [RUNNING, item, ...ITEMS.slice(2)] });

	it.each<[string, object]>([
		['no state', {}],
		['an item less', { items: ITEMS.slice(0, -1) }],
		['items in another form', { items: { length: 5 } }],
		['no notes', { items: ITEMS, notes: undefined }],
		['a job less', { items: [{ state: 'pending' }, ...ITEMS.slice(1)] }],
		['no item', withItem(null)],
		['a job without an ID', withItem({ ...RUNNING, id: 7 })],
		['a job without a time', withItem({ ...RUNNING, since: '1' })],
		['a result without its JSON', withItem({ state: 'done' })],
		['a failure without its error', withItem({ state: 'failed' })],
	])('with %s never submits anew', async (_what, stored) => {
		await storeAndWake();
		const waiting = { round: 1, begun: 0, notes: NOTES, ...stored };
		Object.assign(run.state.waiting, { 2: 'items' in stored ? waiting : undefined });
		expect(() => openWaitingRun(run)).toThrow('The stored state of this wait is missing');
	});
});
