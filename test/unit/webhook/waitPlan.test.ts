import { describe, expect, it } from '@jest/globals';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import type { WaitPlan } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitPlan';
import {
	MAX_MEMORY_WAITS,
	planWait,
	withMemoryLimit,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitPlan';

const POLLING: WaitPlan = { isStored: true, memoryMs: 120_000 };

/** A run that polls in memory until it is told to end. */
function hold(plan: WaitPlan, fail = false) {
	const seen: { plan?: WaitPlan } = {};
	let end = () => {};
	const held = new Promise<void>((resolve) => (end = resolve));
	const done = withMemoryLimit(plan, async (limited) => {
		seen.plan = limited;
		await held;
		if (fail) throw new Error('A run that fails');
	});
	return { seen, end: () => end(), done };
}

function holdAll(): Array<ReturnType<typeof hold>> {
	return Array.from({ length: MAX_MEMORY_WAITS }, (_, run) => hold(POLLING, run === 0));
}

/** Ends all of them; the first one fails. */
async function endAll(runs: ReadonlyArray<ReturnType<typeof hold>>): Promise<void> {
	for (const run of runs) run.end();
	await Promise.allSettled(runs.map(async ({ done }) => await done));
}

describe('withMemoryLimit', () => {
	it('stores further runs right after submission, until one has ended in any way', async () => {
		const runs = holdAll();
		expect(runs.every(({ seen }) => seen.plan === POLLING)).toBe(true);
		const further = hold(POLLING);
		expect(further.seen.plan).toEqual({ isStored: true, memoryMs: 0 });

		runs[0]!.end();
		await expect(runs[0]!.done).rejects.toThrow('A run that fails');
		const next = hold(POLLING);
		expect(next.seen.plan).toBe(POLLING);
		await endAll([...runs, further, next]);
	});

	it('leaves plans alone that cannot be stored, or are stored at once', async () => {
		const runs = holdAll();
		const others: WaitPlan[] = [
			{ isStored: false, memoryMs: Number.POSITIVE_INFINITY },
			{ isStored: true, memoryMs: 0, webhook: { url: 'https://n8n.example/', executionId: '1' } },
		];
		for (const plan of others) {
			await withMemoryLimit(plan, async (limited) => expect(limited).toBe(plan));
		}
		await endAll(runs);
	});
});

describe('planWait', () => {
	const resultData = { runData: {} };
	/** What a manual run finds in n8n 2.40, without a public address. */
	const context = {
		runExecutionData: { resultData, executionData: { nodeExecutionStack: [] } },
		getMode: () => 'manual',
		getNode: () => ({ name: 'Video', type: 'package.waveSpeedInfiniteTalk' }),
		getParentNodes: () => [],
		getExecuteData: () => ({ data: { main: [[{ json: {} }]] } }),
		putExecutionToWait: async () => {},
		evaluateExpression: () => 'http://localhost:5678/webhook-waiting/1?signature=x',
	};
	const plan = (more: object, keepRunning = false, submits?: boolean) => {
		const client = { baseUrl: 'https://api.wavespeed.ai' };
		const run = { context: { ...context, ...more }, client, executionId: '7' };
		return planWait(run as unknown as Run, keepRunning, submits);
	};
	const PUBLIC = { evaluateExpression: () => 'https://n8n.example/webhook-waiting/7' };
	const IN_MEMORY = { isStored: false, memoryMs: Number.POSITIVE_INFINITY };

	it('lets an n8n that has all that a stored wait needs store the execution', () => {
		expect(plan({})).toEqual(POLLING);
	});

	it('has WaveSpeed call a public address, for jobs that are submitted', () => {
		const url = 'https://n8n.example/webhook-waiting/7/wavespeed';
		const webhook = { url, executionId: '7' };
		expect(plan(PUBLIC)).toEqual({ isStored: true, memoryMs: 0, webhook });
		expect(plan(PUBLIC, false, false)).toEqual(POLLING);
	});

	it('keeps the execution in memory where the user wants so, or a caller waits', () => {
		expect(plan(PUBLIC, true)).toEqual(IN_MEMORY);
		expect(plan({ ...PUBLIC, getMode: () => 'chat' })).toEqual(IN_MEMORY);
	});

	it.each<[string, object]>([
		['no call to store the execution', { putExecutionToWait: undefined }],
		['no entry of its own', { getExecuteData: undefined }],
		['an entry in another form', { getExecuteData: () => ({ data: { main: {} } }) }],
		['no execution data', { runExecutionData: undefined }],
		['no stack', { runExecutionData: { resultData, executionData: null } }],
		[
			'a stack in another form',
			{ runExecutionData: { resultData, executionData: { nodeExecutionStack: {} } } },
		],
	])('keeps the execution in memory where n8n has %s', (_what, lacking) => {
		expect(plan(lacking)).toEqual(IN_MEMORY);
	});
});
