import { expect, it } from '@jest/globals';
import type { Run } from '../../../nodes/WaveSpeedInfiniteTalk/n8n/run';
import type { WaitPlan } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitPlan';
import {
	MAX_MEMORY_WAITS,
	planWait,
	withMemoryLimit,
} from '../../../nodes/WaveSpeedInfiniteTalk/webhook/waitPlan';

const POLLING: WaitPlan = { isStored: true, memoryMs: 120_000 };
const IN_MEMORY: WaitPlan = { isStored: false, memoryMs: Number.POSITIVE_INFINITY };

/** A run that polls in memory until it fails. */
function hold(plan: WaitPlan) {
	let seen: WaitPlan | undefined;
	let fail = () => {};
	const held = new Promise<void>((_, reject) => (fail = () => reject(new Error('It failed'))));
	const done = withMemoryLimit(plan, async (limited) => {
		seen = limited;
		await held;
	});
	const end = async () => {
		fail();
		await expect(done).rejects.toThrow('It failed');
	};
	return { seen, end };
}

it('while too many runs poll in memory, others are stored right after submission', async () => {
	const runs = Array.from({ length: MAX_MEMORY_WAITS }, () => hold(POLLING));
	expect(runs.every(({ seen }) => seen === POLLING)).toBe(true);
	const further = hold(POLLING);
	expect(further.seen).toEqual({ isStored: true, memoryMs: 0 });
	// Plans that cannot be stored, or are stored at once.
	const plans = [IN_MEMORY, { isStored: true, memoryMs: 0 }];
	const others = plans.map(hold);
	expect(others.map(({ seen }, at) => seen === plans[at])).toEqual([true, true]);

	await runs[0]!.end();
	const next = hold(POLLING);
	expect(next.seen).toBe(POLLING);
	for (const { end } of [...runs.slice(1), further, ...others, next]) await end();
});

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

it('a plan has WaveSpeed call a public address, for jobs that are submitted', () => {
	const url = 'https://n8n.example/webhook-waiting/7/wavespeed';
	const webhook = { url, executionId: '7' };
	expect(plan({})).toEqual(POLLING);
	expect(plan(PUBLIC)).toEqual({ isStored: true, memoryMs: 0, webhook });
	expect(plan(PUBLIC, false, false)).toEqual(POLLING);
});

it('a plan keeps the execution in memory where the user wants so, or a caller waits', () => {
	expect(plan(PUBLIC, true)).toEqual(IN_MEMORY);
	expect(plan({ ...PUBLIC, getMode: () => 'chat' })).toEqual(IN_MEMORY);
});

it.each<[string, object]>([
	['no call to store the execution', { putExecutionToWait: undefined }],
	['no entry of its own', { getExecuteData: undefined }],
	['an entry in another form', { getExecuteData: () => ({ data: { main: {} } }) }],
	['no stack', { runExecutionData: { resultData, executionData: null } }],
])('a plan keeps the execution in memory where n8n has %s', (_what, lacking) => {
	expect(plan(lacking)).toEqual(IN_MEMORY);
});
