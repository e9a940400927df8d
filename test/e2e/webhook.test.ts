import { describe, expect, it } from '@jest/globals';
import path from 'node:path';
import { request } from 'undici';
import { itemsOf, type StoredWorkflow } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { chain, manualTrigger, node, noOp, workflow, type NodeOptions } from '../testbed/workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { FROM_NODES, mediaFields } from '../testbed/video-node';
import { createVideoWorkflow, NODE } from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

async function create(count = 1, node: NodeOptions = {}): Promise<StoredWorkflow> {
	const prompts = Array.from({ length: count }, (_, row) => `row ${row}`);
	return await createVideoWorkflow(testbed, { prompts, node });
}

async function startAndPause(flow: StoredWorkflow): Promise<string> {
	const id = await client.run(flow.id, 'Start');
	await client.waitFor(id, ['waiting']);
	return id;
}

function jobs() {
	return emulator.predictions();
}

describe('an execution that is stored until WaveSpeed calls', () => {
	it('is woken by the call within 5 s, gives the video, and goes on once', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		const [item] = itemsOf(ended, NODE);
		expect(item?.json).toMatchObject({ id: jobs()[0]?.id, status: 'completed' });
		expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expect(itemsOf(ended, 'After')).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
		expect(emulator.requestsTo('result').length).toBeLessThanOrEqual(2);
	});

	it('is woken in combined binary mode too', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const files = ['Picture', 'Left voice', 'Right voice'].map(
			(name) => `={{ $('${name}').first()._files.data }}`,
		);
		const ours = testbed.videoNode(NODE, mediaFields('binary', files as [string, string, string]));
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ours, noOp('After'));
		const flow = await client.createWorkflow({
			...workflow('Combined', ...wires),
			settings: { binaryMode: 'combined' },
		});
		const id = await startAndPause(flow);
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')[0]?.json._files).toMatchObject({
			data: { mimeType: 'video/mp4' },
		});
		expect(emulator.deliveries().map(({ status }) => status)).toEqual([200]);
	});

	it('collects the calls of all items before it goes on, in input order', async () => {
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await startAndPause(await create(4));
		for (const job of jobs().reverse()) await emulator.finishJob(job.id);
		const ended = await client.waitFor(id, ['success']);
		const out = itemsOf(ended, NODE);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map((item) => ({ item })));
		expect(new Set(out.map(({ json }) => json.id)).size).toBe(4);
		expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expect(emulator.billing()).toMatchObject({ submitted: 4, billed: 4 });
		expect(emulator.requestsTo('result').length).toBeLessThanOrEqual(8);
	});

	it('does not lose a job that has ended before the execution was stored', async () => {
		emulator.scriptJob({ seconds: 0 });
		const ended = await testbed.run((await create()).id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ status: 'completed' });
	});

	it('keeps waiting when a forged call says that a running job is completed', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		const [job] = jobs();
		const forged = { set: { status: 'completed', outputs: ['https://evil.example/x.mp4'] } };
		const early = await emulator.deliverWebhook(job!.id, forged);
		expect(early?.status).toBe(200);
		await client.waitFor(id, ['waiting']);
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)[0]?.json.video_url).not.toContain('evil');
	});

	it('refuses a call with a wrong signature, a wrong token, or a body of rubbish', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const id = await startAndPause(await create());
		const [job] = jobs();
		const wrong = await emulator.deliverWebhook(job!.id, {
			signature: 'wrong',
			retries: 0,
		});
		expect(wrong?.status).toBe(401);
		const old = Math.floor(Date.now() / 1000) - 301;
		const stale = await emulator.deliverWebhook(job!.id, { timestamp: old, retries: 0 });
		expect(stale?.status).toBe(401);
		const url = new URL(wrong!.url);
		url.searchParams.set('signature', '0'.repeat(64));
		const stranger = await request(url, { method: 'POST', body: '{}' });
		expect(stranger.statusCode).toBe(401);
		// n8n itself answers a body that is not JSON.
		const rubbish = await emulator.deliverWebhook(job!.id, { body: '<html>', retries: 0 });
		expect(rubbish?.status).toBe(422);
		const list = await emulator.deliverWebhook(job!.id, { body: [null], retries: 0 });
		expect(list?.status).toBe(200);
		await client.waitFor(id, ['waiting']);
		await emulator.finishAll();
		await client.waitFor(id, ['success']);
	});

	it('takes a call that comes twice', async () => {
		emulator.scriptJob({ seconds: 'never', webhook: { times: 2 } });
		const id = await startAndPause(await create());
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, NODE)).toHaveLength(1);
		expect(emulator.billing()).toMatchObject({ billed: 1 });
	});

	it('does not wake what the user waits for later in the same execution', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const approval = node(
			'Approval',
			'n8n-nodes-base.wait',
			{ resume: 'webhook', httpMethod: 'POST', options: {} },
			{ typeVersion: 1.1 },
		);
		const ours = testbed.videoNode(NODE, FROM_NODES);
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), ours, approval, noOp('After'));
		const id = await startAndPause(await client.createWorkflow(workflow('Approve', ...wires)));
		await emulator.finishAll();
		const approvalWaits = async () =>
			(await client.execution(id)).data.resultData.lastNodeExecuted === 'Approval';
		await until(approvalWaits, { what: 'the Wait node to wait' });
		await client.waitFor(id, ['waiting']);
		const late = await emulator.deliverWebhook(jobs()[0]!.id, { retries: 0 });
		expect(late?.status).toBe(404);
		await client.waitFor(id, ['waiting']);
		const own = new URL(late!.url);
		own.pathname = path.posix.dirname(own.pathname);
		await request(own, { method: 'POST' });
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')).toHaveLength(1);
	});

	it('sends a failed job to the error output and the others to the success output', async () => {
		emulator.scriptJob({ seconds: 'never' });
		emulator.scriptJob({
			seconds: 'never',
			end: { status: 'failed', code: 1402, error: 'Unreadable' },
		});
		const id = await startAndPause(await create(2, { onError: 'continueErrorOutput' }));
		await emulator.finishAll();
		const ended = await client.waitFor(id, ['success']);
		expect(itemsOf(ended, 'After')).toHaveLength(1);
		const [failed] = itemsOf(ended, 'Failed');
		expect(failed?.json.error).toMatchObject({
			message: expect.stringContaining('Unreadable'),
			status: 'failed',
			code: 1402,
		});
	});
});
