import { beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FaultAction } from '../emulator/emulator';
import { errorOf, itemsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow, type Parameters } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import type { Testbed } from '../testbed/testbed';
import { FROM_NODES, media } from '../testbed/video-node';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
	retryOnFail,
	createVideoWorkflow,
} from './support/video-workflow';

jest.setTimeout(120_000);

const testbed = useTestbed();

/** For what takes about a minute, and goes on beside the other tests. */
const hidden = useTestbed({}, { reset: false });
const late = useTestbed({}, { reset: false });
const slow: Record<'hidden' | 'stalled' | 'late', string> = { hidden: '', stalled: '', late: '' };

beforeAll(async () => {
	const lost = { on: 'submit', do: 'resetAfterHandling' } as const;
	hidden.emulator.faults.add({ ...lost, match: { body: 'hidden' } });
	hidden.emulator.scriptJob({ ...READY, match: 'hidden', hiddenFromHistoryFor: 1_000 });
	hidden.emulator.faults.add({ ...lost, match: { body: 'stalled' }, do: 'stallAfterHandling' });
	hidden.emulator.scriptJob({ seconds: 0, match: 'stalled' });
	// A try looks six times.
	late.emulator.faults.add(lost);
	late.emulator.scriptJob({ seconds: 0, hiddenFromHistoryFor: 6 });
	slow.hidden = await start(hidden, ['hidden']);
	slow.stalled = await start(hidden, ['stalled']);
	slow.late = await start(late, ['late'], retryOnFail(2));
});

async function start(where: Testbed, prompts: string[], node = {}): Promise<string> {
	const { id } = await createVideoWorkflow(where, { prompts, node });
	return await where.client.run(id, 'Start');
}

const ON_THE_WEB: Parameters = {
	image: media('url', 'https://example.com/pair.png'),
	leftAudio: media('url', 'https://example.com/left.mp3'),
	rightAudio: media('url', 'https://example.com/right.mp3'),
};

const LOST: ReadonlyArray<readonly [string, FaultAction]> = [
	['the connection was reset', 'resetAfterHandling'],
	['a gateway answered 502', { respondAfterHandling: { status: 502, body: '<html>502</html>' } }],
	['a gateway answered 504', { respondAfterHandling: { status: 504, body: '' } }],
	['the answer was a 200 with a web page', { respondAfterHandling: { status: 200, body: '<p>' } }],
	['the answer broke off', 'cutBody'],
	['the answer had no ID', { patchData: { id: null } }],
];

describe('a submission whose answer was lost', () => {
	it.each(LOST)('is found in the history and never repeated: %s', async (_what, fault) => {
		const { emulator } = testbed;
		emulator.scriptJob({ seconds: 0 });
		emulator.faults.add({ on: 'submit', do: fault });
		const flow = await createVideoWorkflow(testbed);
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({
			id: jobIds(emulator)[0],
			status: 'completed',
		});
		expect(emulator.requestsTo('history').length).toBeGreaterThan(0);
		expectPaid(emulator, { submitted: 1 });
	});

	it('is found by Submit and by a node that pauses as well', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		emulator.faults.add({ on: 'submit', times: 2, do: 'resetAfterHandling' });
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES });
		const wait = testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'wait' });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, wait);
		const flow = await client.createWorkflow(workflow('Lost twice', ...wires));
		const id = await client.run(flow.id, 'Start');
		await client.waitFor(id, ['waiting']);
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		const ids = ['Submit', NODE].map((name) => itemsOf(ended, name)[0]?.json.id);
		expect(ids).toEqual(jobIds(emulator));
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});

	it('is found by a later try when the history could not be read in the first', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ seconds: 0 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const refusal = { status: 403, body: { code: 403, message: 'Not your role' } };
		emulator.faults.add({ on: 'history', times: 2, do: { respond: refusal } });
		const flow = await createVideoWorkflow(testbed, { node: retryOnFail(3) });
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(emulator)[0]);
		expectPaid(emulator, { submitted: 1 });
	});

	it('says that a job may exist, in five tries, and in a retry finds it', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob({ seconds: 0 });
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const refusal = { status: 403, body: { code: 403, message: 'Not your role' } };
		emulator.faults.add({ on: 'history', times: 5, do: { respond: refusal } });
		const flow = await createVideoWorkflow(testbed, { node: retryOnFail(5) });
		const failed = await testbed.run(flow.id, 'error');
		expect(errorOf(failed)?.message).toContain('a job may exist');
		expect(errorOf(failed)?.description).toContain('wavespeed.ai/history');
		const retry = await client.retryExecution(failed.id, 'original');
		await client.waitFor(retry, ['success']);
		expectPaid(emulator, { submitted: 1 });
	});
});

describe('a submission with URLs whose answer was lost', () => {
	beforeEach(() => testbed.emulator.setOptions({ readInputs: false }));

	it('is found by its inputs, also when two items of a run are equal', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ seconds: 0, times: 'always' });
		emulator.faults.add({ on: 'submit', times: 2, do: 'resetAfterHandling' });
		const prompts = ['equal', 'equal'];
		const flow = await createVideoWorkflow(testbed, { prompts, parameters: ON_THE_WEB });
		const ended = await testbed.run(flow.id, 'success');
		const out = itemsOf(ended, NODE).map(({ json }) => json.id);
		expect(new Set(out)).toEqual(new Set(jobIds(emulator)));
		expectPaid(emulator, { submitted: 2, uploaded: 0 });
	});

	it('is not guessed at when another execution made an equal job', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, times: 'always' });
		const first = await createVideoWorkflow(testbed, { parameters: ON_THE_WEB });
		await testbed.run(first.id, 'success');
		emulator.faults.add({ on: 'submit', do: 'resetAfterHandling' });
		const second = await createVideoWorkflow(testbed, {
			parameters: ON_THE_WEB,
			node: retryOnFail(2),
		});
		const failed = await testbed.run(second.id, 'error');
		expect(errorOf(failed)?.message).toContain('a job may exist');
		expect(errorOf(failed)?.description).toContain('2 jobs like it');
		expectPaid(emulator, { submitted: 2, uploaded: 0 });
	});
});

describe('a refusal for too many requests', () => {
	it.each([
		['as long as Retry-After says', { 'retry-after': '7' }, 7_000],
		['by itself without Retry-After', {}, 4_000],
	])('is waited out, %s', async (_what, headers, atLeast) => {
		const { emulator } = testbed;
		emulator.scriptJob(READY);
		const body = { code: 429, message: 'Too many requests' };
		emulator.faults.add({ on: 'submit', do: { respond: { status: 429, headers, body } } });
		const flow = await createVideoWorkflow(testbed);
		await testbed.run(flow.id, 'success');
		const [refused, taken] = emulator.requestsTo('submit');
		expect(taken!.time - refused!.time).toBeGreaterThanOrEqual(atLeast - 50);
		expectPaid(emulator, { submitted: 2, billed: 1 });
	});

	it('fails at the deadline, with nothing paid', async () => {
		const { emulator } = testbed;
		const respond = { status: 429, body: { code: 429, message: 'Too many requests' } };
		emulator.faults.add({ on: 'submit', times: 'always', do: { respond } });
		const parameters = { options: { ...KEEP_RUNNING, timeoutMinutes: 0.02 } };
		const flow = await createVideoWorkflow(testbed, { parameters });
		const failed = await testbed.run(flow.id, 'error');
		expect(errorOf(failed)?.message).toContain('Too many requests');
		expectPaid(emulator, { submitted: 1, billed: 0 });
	});
});

describe('after a minute', () => {
	it('a submission that got no answer at all is found in the history', async () => {
		const ended = await hidden.client.waitFor(slow.stalled, ['success']);
		const [item] = itemsOf(ended, NODE);
		const job = hidden.emulator.predictions().find(({ id }) => id === item?.json.id);
		expect(job?.inputs.prompt).toBe('stalled');
	});

	it('one that the history never shows fails and says that a job may exist', async () => {
		const failed = await hidden.client.waitFor(slow.hidden, ['error'], { timeoutMs: 90_000 });
		const { message, description } = errorOf(failed)!;
		expect(message).toContain('a job may exist');
		expect(description).toContain('The history shows no such job yet');
		expect(description).toContain('run the workflow anew to submit a new job');
		// The other one is the stalled submission.
		expectPaid(hidden.emulator, { submitted: 2, uploaded: 6 });
	});

	it('one that the history shows late is adopted by the next try', async () => {
		const ended = await late.client.waitFor(slow.late, ['success'], { timeoutMs: 90_000 });
		expect(itemsOf(ended, NODE)[0]?.json.id).toBe(jobIds(late.emulator)[0]);
		expectPaid(late.emulator, { submitted: 1 });
	});
});
