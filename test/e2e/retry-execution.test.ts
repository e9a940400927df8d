import { describe, expect, it, jest } from '@jest/globals';
import { itemsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES } from '../testbed/video-node';
import {
	changeNode,
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

const GONE = { respond: { status: 404, body: '' } };

describe('Retry execution', () => {
	const IMPATIENT = { options: { ...KEEP_RUNNING, timeoutMinutes: 0.01 } };

	/** An execution that ran into its timeout, with jobs that have ended since. */
	async function timedOut(prompts = ['alone']) {
		testbed.emulator.scriptJob({ seconds: 'never', times: 'always' });
		const flow = await createVideoWorkflow(testbed, { prompts, parameters: IMPATIENT });
		const failed = await testbed.run(flow.id, 'error');
		await testbed.emulator.finishAll();
		return { flow, failed };
	}

	it.each(['original', 'current'] as const)(
		'collects the paid job (%s workflow)',
		async (which) => {
			const { flow, failed } = await timedOut();
			if (which === 'current') {
				await changeNode(testbed, flow.id, {
					outputField: 'film',
					options: { seed: -1, timeoutMinutes: 5 },
				});
			}
			const retry = await testbed.client.retryExecution(failed.id, which);
			const ended = await testbed.client.waitFor(retry, ['success']);
			const [item] = itemsOf(ended, NODE);
			expect(item?.json.id).toBe(jobIds(testbed.emulator)[0]);
			expect(Object.keys(item?.binary ?? {})).toEqual([which === 'current' ? 'film' : 'data']);
			expectPaid(testbed.emulator, { submitted: 1 });
		},
	);

	it('collects the paid job once more when the retry has failed too', async () => {
		const { emulator, client } = testbed;
		const { failed } = await timedOut();
		emulator.faults.add({ on: 'download', do: GONE });
		const first = await client.retryExecution(failed.id, 'original');
		await client.waitFor(first, ['error']);
		const second = await client.retryExecution(first, 'original');
		await client.waitFor(second, ['success']);
		expectPaid(emulator, { submitted: 1 });
	});

	it('submits anew, without new uploads, only the items whose inputs were changed', async () => {
		const { emulator, client } = testbed;
		const { flow, failed } = await timedOut(['one', 'two']);
		const before = jobIds(emulator);
		await changeNode(testbed, flow.id, {
			prompt: "={{ $json.row === 1 ? 'another' : $json.prompt }}",
			options: { seed: -1, timeoutMinutes: 5 },
		});
		emulator.scriptJob({ ...READY, times: 'always' });
		const retry = await client.retryExecution(failed.id, 'current');
		await emulator.until(() => emulator.predictions().length === 3);
		await emulator.finishAll();
		const ended = await client.waitFor(retry, ['success']);
		const after = jobIds(emulator);
		expect(after[0]).toBe(before[0]);
		const oneId = emulator.predictions().find(({ inputs }) => inputs.prompt === 'one')?.id;
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual([oneId, after[2]]);
		expect(emulator.predictions()[2]?.inputs.prompt).toBe('another');
		expectPaid(emulator, { submitted: 3 });
	});

	it('submits a job anew that WaveSpeed reported as failed, and pays for it once', async () => {
		const { emulator, client } = testbed;
		const end = { status: 'failed', code: 5000, error: 'Out of luck' };
		emulator.scriptJob({ ...READY, match: 'two', end });
		emulator.scriptJob({ ...READY, times: 'always' });
		const flow = await createVideoWorkflow(testbed, { prompts: ['one', 'two', 'three'] });
		const failed = await testbed.run(flow.id, 'error');
		const retry = await client.retryExecution(failed.id, 'original');
		await client.waitFor(retry, ['success']);
		expectPaid(emulator, { submitted: 4, refunded: 1 });
	});
});

describe('a success', () => {
	it.each([true, false])(
		'is not run again, and has no key "error" (simplify: %s)',
		async (simplify) => {
			const { emulator, client } = testbed;
			emulator.scriptJob({ seconds: 'never' });
			emulator.scriptJob({ ...READY, times: 'always' });
			const more = { simplify };
			const options = retryOnFail(5);
			const submit = testbed.videoNode(
				'Submit',
				{ operation: 'submit', ...FROM_NODES, ...more },
				options,
			);
			const read = testbed.videoNode('Read', { operation: 'getResult', ...more }, options);
			const wait = testbed.videoNode(NODE, { ...FROM_NODES, prompt: 'other', ...more }, options);
			const again = testbed.videoNode('Read again', { operation: 'getResult', ...more }, options);
			const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, read, wait, again);
			const flow = await client.createWorkflow(workflow('All operations', ...wires));
			const ended = await testbed.run(flow.id, 'success');
			for (const name of ['Submit', 'Read', NODE, 'Read again']) {
				const [item] = itemsOf(ended, name);
				expect(item?.json.id).toBeDefined();
				expect(item?.json).not.toHaveProperty('error');
				expect(item?.json).toHaveProperty(simplify ? 'video_url' : 'urls');
			}
			expect(itemsOf(ended, 'Read')[0]?.json.status).not.toBe('completed');
			expect(emulator.requestsTo('result')).toHaveLength(2);
			expect(emulator.requestsTo('download')).toHaveLength(2);
			expectPaid(emulator, { submitted: 2, uploaded: 6 });
		},
	);

	it('shows words of the service about a running job under another key', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({
			seconds: 'never',
			statuses: [{ status: 'processing', error: 'Slow today' }],
		});
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES });
		const parameters = { operation: 'getResult', simplify: false };
		const read = testbed.videoNode('Read', parameters, retryOnFail(3));
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, read);
		const flow = await testbed.client.createWorkflow(workflow('Read', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, 'Read')[0]?.json).toMatchObject({ job_error: 'Slow today' });
		expect(itemsOf(ended, 'Read')[0]?.json).not.toHaveProperty('error');
		expect(emulator.requestsTo('result')).toHaveLength(1);
	});
});
