import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { request } from 'undici';
import { itemsOf, errorOf, type StoredWorkflow } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { chain, items, manualTrigger, node, noOp, workflow } from '../testbed/workflow';
import type { NodeOptions, Parameters } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES, mediaFields } from '../testbed/video-node';

const NODE = 'Make the video';

const testbed = useTestbed();

/** Start → media → as many items as asked for → our node → After (and Failed, by error output). */
async function create(
	count = 1,
	parameters: Parameters = {},
	options: NodeOptions = {},
): Promise<StoredWorkflow> {
	const ours = testbed.videoNode(
		NODE,
		{ ...FROM_NODES, options: { seed: -1 }, ...parameters },
		options,
	);
	const rows = items('Rows', ...Array.from({ length: count }, (_, row) => ({ row })));
	const wires = [...chain(manualTrigger(), ...testbed.mediaNodes(), rows, ours, noOp('After'))];
	if (options.onError === 'continueErrorOutput') wires.push([ours, noOp('Failed'), 1]);
	return await testbed.client.createWorkflow(workflow('Stored', ...wires));
}

async function start(flow: StoredWorkflow): Promise<string> {
	return await testbed.client.run(flow.id, 'Start');
}

async function startAndPause(flow: StoredWorkflow): Promise<string> {
	const id = await start(flow);
	await testbed.client.waitFor(id, ['waiting']);
	return id;
}

function jobs() {
	return testbed.emulator.predictions();
}

describe('an execution that is stored until WaveSpeed calls', () => {
	it('is woken by the call within 5 s, gives the video, and goes on once', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		const [item] = itemsOf(ended, NODE);
		expect(item?.json).toMatchObject({ id: jobs()[0]?.id, status: 'completed' });
		expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(itemsOf(ended, 'After')).toHaveLength(1);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(testbed.emulator.requestsTo('result').length).toBeLessThanOrEqual(2);
	});

	it('is woken in combined binary mode too', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const files = ['Picture', 'Left voice', 'Right voice'].map(
			(name) => `={{ $('${name}').first()._files.data }}`,
		);
		const ours = testbed.videoNode(NODE, mediaFields('binary', files as [string, string, string]));
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ours, noOp('After'));
		const flow = await testbed.client.createWorkflow({
			...workflow('Combined', ...wires),
			settings: { binaryMode: 'combined' },
		});
		const id = await startAndPause(flow);
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')[0]?.json._files).toMatchObject({
			data: { mimeType: 'video/mp4' },
		});
		expect(testbed.emulator.deliveries().map(({ status }) => status)).toEqual([200]);
	});

	it('collects the calls of all items before it goes on, in input order', async () => {
		testbed.emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await startAndPause(await create(4));
		for (const job of jobs().reverse()) await testbed.emulator.finishJob(job.id);
		const ended = await testbed.client.waitFor(id, ['success']);
		const out = itemsOf(ended, NODE);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(new Set(out.map(({ json }) => json.id)).size).toBe(4);
		expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 4, billed: 4 });
		expect(testbed.emulator.requestsTo('result').length).toBeLessThanOrEqual(8);
	});

	it('does not lose a job that has ended before the execution was stored', async () => {
		testbed.emulator.scriptJob({ seconds: 0 });
		const ended = await testbed.client.waitFor(await start(await create()), ['success']);
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ status: 'completed' });
	});

	it('keeps waiting when a forged call says that a running job is completed', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		const [job] = jobs();
		const forged = { set: { status: 'completed', outputs: ['https://evil.example/x.mp4'] } };
		const early = await testbed.emulator.deliverWebhook(job!.id, forged);
		expect(early?.status).toBe(200);
		await testbed.client.waitFor(id, ['waiting']);
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json.video_url).not.toContain('evil');
	});

	it('refuses a call with a wrong signature, a wrong token, or a body of rubbish', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		const [job] = jobs();
		const wrong = await testbed.emulator.deliverWebhook(job!.id, {
			signature: 'wrong',
			retries: 0,
		});
		expect(wrong?.status).toBe(401);
		const old = Math.floor(Date.now() / 1000) - 301;
		const stale = await testbed.emulator.deliverWebhook(job!.id, { timestamp: old, retries: 0 });
		expect(stale?.status).toBe(401);
		const url = new URL(wrong!.url);
		url.searchParams.set('signature', '0'.repeat(64));
		const stranger = await request(url, { method: 'POST', body: '{}' });
		expect(stranger.statusCode).toBe(401);
		// n8n itself answers a body that is not JSON.
		const rubbish = await testbed.emulator.deliverWebhook(job!.id, { body: '<html>', retries: 0 });
		expect(rubbish?.status).toBe(422);
		const list = await testbed.emulator.deliverWebhook(job!.id, { body: [null], retries: 0 });
		expect(list?.status).toBe(200);
		await testbed.client.waitFor(id, ['waiting']);
		await testbed.emulator.finishAll();
		await testbed.client.waitFor(id, ['success']);
	});

	it('takes calls that are signed with a new secret of the account', async () => {
		const { emulator, client } = testbed;
		const { webhookSecret: old } = emulator.settings;
		const run = async () => {
			emulator.scriptJob({ seconds: 'never' });
			const id = await startAndPause(await create());
			await emulator.finishAll();
			await client.waitFor(id, ['success']);
		};
		await run();
		try {
			emulator.setOptions({ webhookSecret: `whsec_${Buffer.from('another').toString('base64')}` });
			await run();
		} finally {
			emulator.setOptions({ webhookSecret: old });
		}
		expect(emulator.deliveries().map(({ status }) => status)).not.toContain(401);
	});

	it('takes a call that comes twice', async () => {
		testbed.emulator.scriptJob({ seconds: 'never', webhook: { times: 2 } });
		const id = await startAndPause(await create());
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)).toHaveLength(1);
		expect(testbed.emulator.billing()).toMatchObject({ billed: 1 });
	});

	it('does not wake what the user waits for later in the same execution', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const approval = node(
			'Approval',
			'n8n-nodes-base.wait',
			{ resume: 'webhook', httpMethod: 'POST', options: {} },
			{ typeVersion: 1.1 },
		);
		const ours = testbed.videoNode(NODE, { ...FROM_NODES, options: { seed: -1 } });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ours, approval, noOp('After'));
		const id = await startAndPause(
			await testbed.client.createWorkflow(workflow('Approve', ...wires)),
		);
		await testbed.emulator.finishAll();
		const approvalWaits = async () =>
			(await testbed.client.execution(id)).data.resultData.lastNodeExecuted === 'Approval';
		await until(approvalWaits, { what: 'the Wait node to wait' });
		await testbed.client.waitFor(id, ['waiting']);
		const late = await testbed.emulator.deliverWebhook(jobs()[0]!.id, { retries: 0 });
		expect(late?.status).toBe(404);
		await testbed.client.waitFor(id, ['waiting']);
		const own = new URL(late!.url);
		own.pathname = path.posix.dirname(own.pathname);
		await request(own, { method: 'POST' });
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')).toHaveLength(1);
	});

	it('looks again itself when the API does not answer at the call', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		testbed.emulator.faults.add({ on: 'result', do: { respond: { status: 502, body: '<html>' } } });
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ status: 'completed' });
		// The call is taken; n8n refuses others while it stores the execution, or runs the node.
		expect(testbed.emulator.deliveries().map(({ status }) => status)).toContain(200);
	});

	it('fails the execution when a job failed, with the sentence of the service', async () => {
		testbed.emulator.scriptJob({
			seconds: 'never',
			end: { status: 'failed', code: 1200, error: 'Not allowed' },
		});
		const id = await startAndPause(await create());
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['error']);
		expect(errorOf(ended)?.message).toContain('Not allowed');
		expect(errorOf(ended)?.message).toContain(jobs()[0]!.id);
		expect(itemsOf(ended, 'After')).toHaveLength(0);
	});

	it('sends a failed job to the error output and the others to the success output', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		testbed.emulator.scriptJob({
			seconds: 'never',
			end: { status: 'failed', code: 1402, error: 'Unreadable' },
		});
		const id = await startAndPause(await create(2, {}, { onError: 'continueErrorOutput' }));
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')).toHaveLength(1);
		const [failed] = itemsOf(ended, 'Failed');
		expect(failed?.json.error).toMatchObject({
			message: expect.stringContaining('Unreadable'),
			status: 'failed',
			code: 1402,
		});
	});

	it('resumes with Retry On Fail after the call: a failed download costs no second job', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		testbed.emulator.faults.add({ on: 'download', times: 1, do: { respond: { status: 404 } } });
		const options = { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 };
		const id = await startAndPause(await create(1, {}, options));
		await testbed.emulator.finishAll();
		const ended = await testbed.client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.binary?.data).toBeDefined();
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});
});
