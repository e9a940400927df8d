/** How far the items of a run get in one run of the node, over a scripted service. */
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import type { JobItem } from '../../../nodes/WaveSpeedInfiniteTalk/operations/jobTracker';
import { JobTracker } from '../../../nodes/WaveSpeedInfiniteTalk/operations/jobTracker';
import type { WaitingItem } from '../../../nodes/WaveSpeedInfiniteTalk/paidOnce/storedState';
import { createJob, createSuccess, resultUrl, freshApi } from '../support/api';
import { START } from '../support/clock';

const { calls, client, clock, http } = freshApi();

const HOUR = 3_600_000;

/** Items in the order in which they got their job. */
let started: number[] = [];
/** IDs that were looked up in the history. */
let found: string[] = [];

beforeEach(() => {
	[started, found] = [[], []];
});

function createRun(items: number): Run {
	const run = {
		context: {
			getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
			continueOnFail: () => true,
		},
		...{ client, clock, calls },
		roundHistory: {
			find: async (id: string) => {
				found.push(id);
				return { id, status: 'processing', state: 'unfinished', outputs: [] };
			},
		},
		report: { jobChanged: () => {}, resultGiven: () => {} },
		paidJobs: new Map(),
		executionId: '1',
		abort: () => {},
		isCancelled: () => false,
	};
	return run as unknown as Run;
}

/** An item whose job has the ID `job-<index>`. */
function createItem(index: number): { value: JobItem } {
	return {
		value: {
			output: { fileName: '', form: 'simplified' },
			wait: { timeoutMs: HOUR, outputAtTimeout: false, keepRunning: false, maxParallelJobs: 50 },
			isReusable: true,
			start: async () => {
				started.push(index);
				return { id: `job-${index}`, origin: 'submitted', webhookExecutionId: '1' };
			},
		},
	};
}

function track(items: number, maxParallelJobs = 50): JobTracker {
	const prepared = Array.from({ length: items }, (_, index) => createItem(index));
	const plan = { isStored: true, memoryMs: 0 };
	return new JobTracker(createRun(items), prepared, { plan, maxParallelJobs, waiting: undefined });
}

function running(id: string): WaitingItem {
	return { state: 'running', id, since: START - HOUR, deadline: START + HOUR };
}

/** The service says this of jobs. */
function serve(jobs: Readonly<Record<string, 'processing' | 'completed'>>): void {
	for (const [id, status] of Object.entries(jobs)) {
		const outputs = status === 'completed' ? [`https://cdn.example/${id}.mp4`] : [];
		http.always('GET', resultUrl(id), () => createSuccess(createJob({ id, status, outputs })));
	}
}

describe('the items of a run', () => {
	it('wait for their place when no more jobs are allowed', async () => {
		serve({ 'job-0': 'processing' });
		const { items } = await track(2, 1).advanceAll([]);
		expect(items.map(({ state }) => state)).toEqual(['running', 'pending']);
		expect(started).toEqual([0]);
	});

	it('get the place of a job that has ended, in the same round', async () => {
		serve({ 'job-0': 'completed', 'job-1': 'processing' });
		const { items } = await track(2, 1).advanceAll([running('job-0')]);
		expect(items.map(({ state }) => state)).toEqual(['done', 'running']);
		expect(started).toEqual([1]);
	});

	it('that are done or have failed keep their result, and no job is read or started', async () => {
		const stored: WaitingItem[] = [
			{ state: 'done', json: { id: 'job-0' } },
			{ state: 'failed', error: { message: 'It failed', advice: '', details: { step: 'wait' } } },
		];
		const { items, results } = await track(2).advanceAll(stored);
		expect(items).toEqual(stored);
		expect(results[1]).toMatchObject({ error: { message: 'It failed' } });
		expect([started, http.requests]).toEqual([[], []]);
	});

	it('with a job whose end the call has told need no request', async () => {
		const outputs = ['https://cdn.example/job-0.mp4'];
		const ended = createJob({ id: 'job-0', status: 'completed', outputs });
		const stored = { ...running('job-0'), ended } as WaitingItem;
		const { items } = await track(1).advanceAll([stored]);
		expect(items).toMatchObject([{ state: 'done', json: { id: 'job-0' } }]);
		expect(http.requests).toEqual([]);
	});

	it.each([
		[4, 0],
		[5, 5],
	])('of %i running jobs, %i are looked up in the history', async (jobs, lookedUp) => {
		const ids = Array.from({ length: jobs }, (_, index) => `job-${index}`);
		serve(Object.fromEntries(ids.map((id) => [id, 'processing' as const])));
		const { items } = await track(jobs).advanceAll(ids.map(running));
		expect(items.every(({ state }) => state === 'running')).toBe(true);
		expect([found.length, http.requests.length]).toEqual([lookedUp, jobs - lookedUp]);
	});
});
