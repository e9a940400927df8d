/** One stored wait: what is put on n8n's stack, and what the woken node makes of it. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { IExecuteData, IExecuteFunctions } from 'n8n-workflow';
import {
	type WaitingItem,
	openState,
} from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { Report } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/report';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import {
	readMarker,
	removeGuard,
	resumeUrl,
	resumeWebhooks,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/pause';
import {
	openWaitingRun,
	storeWaitingRun,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitingRun';
import { START } from '../support/clock';

const ERROR = { message: 'no', advice: 'none', details: { step: 'wait' as const } };
const JOB_A = { id: 'a', key: '0.0.a', since: 1, webhookExecutionId: '1' };
const RUNNING: WaitingItem = { state: 'running', ...JOB_A, deadline: 5 };
const NOTES = { hints: ['Short.'], reusedFrom: [], recovered: 1, flagged: 0, videos: 0 };
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
let begun: unknown;

/** What each stored wait has, beside its round and its items. */
const STORED = { storedAt: START + 1, executionId: '7', notes: NOTES };

function createEntry(): IExecuteData {
	return {
		node: {
			...{ id: '1', name: 'Video', type: 't', typeVersion: 1, position: [0, 0], parameters: {} },
			...{ retryOnFail: true, alwaysOutputData: true, executeOnce: true, onError: 'stopWorkflow' },
		},
		data: { main: [ITEMS.map(() => ({ json: { x: 1 } }))] },
		source: null,
		metadata: { nodeWasResumed: true },
	};
}

beforeEach(() => {
	entry = createEntry();
	stack = [];
	waitsUntil = undefined;
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
		roundHistory: { begin: (start: unknown) => (begun = start) },
	} as unknown as Run;
});

/** n8n takes the first entry off its stack, and runs the next one. */
function wake(): void {
	entry = stack.shift()!;
}

const store = async (items = ITEMS, previous = run.state.waiting[2]) =>
	await storeWaitingRun(run, previous, structuredClone(items), START);

describe('a pause', () => {
	it('puts the real run behind an entry that passes nothing on, and a guard behind it', async () => {
		const { node, data } = createEntry();
		await store();
		const { id, name, type, typeVersion, position, parameters } = node;
		const plain = { id, name, type, typeVersion, position, parameters, retryOnFail: false };
		expect(entry).toEqual({ ...createEntry(), node: plain, data: { main: [] } });
		expect(stack).toEqual([
			{
				...{ node, data, source: null },
				metadata: { nodeWasResumed: true, waveSpeedWait: { round: 1, ids: ['a'] } },
			},
			{
				node: { ...node, name: 'Video: retry with the original workflow', disabled: true },
				...{ data: { main: [] }, source: null, metadata: { waveSpeedGuard: true } },
			},
		]);
		expect(waitsUntil).toEqual(new Date(START));
		expect(run.state.waiting[2]).toEqual({ round: 1, begun: 0, ...STORED, items: ITEMS });
	});

	it('is marked, and its guard goes, whatever else is on the stack', async () => {
		expect(readMarker(run.context)).toBeUndefined();
		await store();
		wake();
		expect(readMarker(run.context)).toEqual({ round: 1, ids: ['a'] });
		stack.unshift(createEntry());
		removeGuard(run.context);
		removeGuard(run.context);
		expect(stack).toEqual([createEntry()]);
	});
});

describe('a woken run', () => {
	it('goes on where it was, and knows its paid jobs', async () => {
		await store();
		wake();
		run.report.resume({ ...NOTES, hints: [] });
		expect(openWaitingRun(run)).toEqual({ round: 1, begun: 1, ...STORED, items: ITEMS });
		expect([...run.paidJobs]).toEqual([[0, 'a']]);
		expect(run.report.notes).toEqual(NOTES);
		expect(begun).toEqual({ storedAt: START + 1, executionId: '7', isRepeated: false });
		await store();
		expect(run.state.waiting[2]).toMatchObject({ round: 2, begun: 1 });
	});

	it('that begins a round twice tries failed items again', async () => {
		await store();
		wake();
		openWaitingRun(run);
		const anew = { ...RUNNING, deadline: null };
		const items = [
			anew,
			{ state: 'pending' },
			ITEMS[2],
			{ state: 'pending' },
			{ ...anew, id: 'b' },
		];
		expect(openWaitingRun(run)).toEqual({ round: 1, begun: 1, ...STORED, items });
	});

	it('that was never stored waits for nothing', () => {
		expect(openWaitingRun(run)).toBeUndefined();
	});

	it.each<[string, unknown]>([
		['no state', undefined],
		['other items', { round: 1, begun: 0, items: ITEMS.slice(1), notes: NOTES }],
		['items in another form', { round: 1, begun: 0, items: { length: 5 }, notes: NOTES }],
		['no notes', { round: 1, begun: 0, items: ITEMS }],
		[
			'a job less',
			{ round: 1, begun: 0, items: [{ state: 'pending' }, ...ITEMS.slice(1)], notes: NOTES },
		],
		...[null, { state: 'odd' }, { ...RUNNING, id: 7 }, { ...RUNNING, since: '1' }].map(bad),
		...[{ state: 'done' }, { state: 'failed' }].map(bad),
	])('with %s never submits anew', async (_what, waiting) => {
		await store();
		wake();
		Object.assign(run.state.waiting, { 2: waiting });
		const error = await Promise.resolve()
			.then(() => openWaitingRun(run))
			.catch((thrown: unknown) => thrown);
		expect(error).toMatchObject({
			message: 'The stored state of this wait is missing',
			description:
				'n8n woke the node, but its stored state is gone or comes from another version of the node. Nothing was submitted again. Its jobs continue at WaveSpeed: fetch them with Get Result (job IDs: a).',
		});
	});

	it('without any known job says so', async () => {
		await store([]);
		wake();
		expect(() => openWaitingRun(run)).toThrow(
			expect.objectContaining({ description: expect.stringContaining('(job IDs: not known)') }),
		);
	});
});

function bad(item: unknown): [string, unknown] {
	const items = [...ITEMS.slice(0, 1), item, ...ITEMS.slice(2)];
	return [`the item ${JSON.stringify(item)}`, { round: 1, begun: 0, items, notes: NOTES }];
}

describe('the address to call', () => {
	const urlOf = (address: unknown) =>
		resumeUrl({ evaluateExpression: () => address } as unknown as IExecuteFunctions);

	it.each([
		[
			'https://n8n.example/webhook-waiting/1?signature=x',
			'/webhook-waiting/1/wavespeed?signature=x',
		],
		['https://n8n.example/webhook-waiting/1', '/webhook-waiting/1/wavespeed'],
	])('of %s has a path of its own', (address, expected) => {
		expect(urlOf(address)).toBe(`https://n8n.example${expected}`);
	});

	it.each([
		['no address', 'no address'],
		[undefined, ''],
	])('is %j as it is', (address, expected) => {
		expect(urlOf(address)).toBe(expected);
	});

	it('is one that n8n answers at once, for restarts only', () => {
		expect(resumeWebhooks).toEqual([
			{
				...{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived' },
				...{ path: 'wavespeed', restartWebhook: true, isFullPath: true },
			},
		]);
	});
});
