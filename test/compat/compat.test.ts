/** The packed package in one version of n8n, see scripts/compat.ts. The titles are columns of its table. */
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { IBinaryData } from 'n8n-workflow';
import { KEEP_RUNNING, NODE, READY, retryOnFail, videoOf } from '../e2e/support/video-workflow';
import type { VideoWorkflowOptions } from '../e2e/support/video-workflow';
import { publish, type Hook } from '../e2e/support/webhook-workflow';
import { binaryOf, chain, CREDENTIAL_TYPE, editFields, itemsOf, type Execution } from '../testbed';
import { mediaByUrl, mediaFixtures, NODE_TYPE, noOp, runsOf, until, workflow } from '../testbed';
import { ensureRuntime } from '../testbed/n8n/runtime';
import { Testbed } from '../testbed/testbed';
import { PINNED } from '../testbed/versions';
import { versionsOf } from './versions';

jest.setTimeout(300_000);

const testbed = new Testbed();

beforeAll(async () => {
	const versions = versionsOf(process.env.COMPAT_N8N);
	// An older n8n does not start when it is to leave out a module that it does not know.
	const env = versions.n8n === PINNED.n8n ? {} : { N8N_DISABLED_MODULES: '' };
	await testbed.open({
		start: { runtime: await ensureRuntime(versions), env },
		emulator: { render: 'stub', jobSeconds: 0 },
	});
});

afterAll(async () => {
	await testbed.close();
});

it('loads', async () => {
	const types = await testbed.client.nodeTypes();
	expect(types.map(({ name }) => name)).toContain(NODE_TYPE);
	expect(testbed.credential.type).toBe(CREDENTIAL_TYPE);
	expect(await testbed.client.testCredential(testbed.credential)).toMatchObject({ status: 'OK' });
});

it('files', async () => {
	const hook = await publish(testbed, (trigger) =>
		workflow('Files', ...chain(trigger, testbed.videoNode(NODE), noOp('After'))),
	);
	const ended = await complete(await hook.sendFiles(mediaFixtures()));
	const [item] = itemsOf(ended, 'After');
	expect(item?.json).toMatchObject({ status: 'completed' });
	const video = binaryOf(item, 'data');
	expect(video).toMatchObject({ mimeType: 'video/mp4' });
	expect((await bytesOf(video)).subarray(4, 8).toString()).toBe('ftyp');
});

it('links', async () => {
	const links = mediaByUrl(testbed.emulator);
	const hook = await publish(testbed, (trigger) =>
		workflow('Links', ...chain(trigger, testbed.videoNode(NODE, links), noOp('After'))),
	);
	const ended = await complete(await hook.sendJson({}));
	expect(itemsOf(ended, 'After')).toMatchObject([{ json: { status: 'completed' } }]);
});

it('error branch', async () => {
	const end = { status: 'failed', code: 1200, error: 'Content flagged' };
	testbed.emulator.scriptJob({ ...READY, match: 'refused', end });
	// What the README says of the error branch.
	const failed = editFields('Said', {
		row: '={{ $json.row }}',
		id: '={{ $json.error.id }}',
		message: '={{ $json.error.message }}',
	});
	const node = { onError: 'continueErrorOutput' } as const;
	const hook = await talking({ prompts: ['wanted', 'refused'], node, failed });
	const ended = await complete(await hook.sendJson({}));
	expect(itemsOf(ended, 'After')).toMatchObject([{ json: { id: jobOf('wanted') } }]);
	const [said, ...others] = itemsOf(ended, 'Said').map(({ json }) => json);
	expect(others).toEqual([]);
	expect(said).toEqual({
		row: '1',
		id: jobOf('refused'),
		message: `Content flagged (job ${jobOf('refused')}) [item 2]`,
	});
});

it('Retry On Fail', async () => {
	testbed.emulator.faults.add({ on: 'result', do: { respond: { status: 401, body: {} } } });
	const before = testbed.emulator.billing().submitted;
	const parameters = { options: KEEP_RUNNING };
	const hook = await talking({ prompts: ['again'], parameters, node: retryOnFail(2) });
	const ended = await complete(await hook.sendJson({}));
	expect(itemsOf(ended, 'After')).toMatchObject([{ json: { id: jobOf('again') } }]);
	expect(testbed.emulator.requestsTo('result').map(({ status }) => status)).toContain(401);
	expect(testbed.emulator.billing().submitted).toBe(before + 1);
});

it('stored wait, woken by a call', async () => {
	testbed.emulator.scriptJob({ seconds: 'never', match: 'called' });
	const hook = await talking({ prompts: ['called'] });
	const { id } = await hook.sendJson({}, 'waiting');
	await testbed.emulator.finishJob(jobOf('called'));
	await expectCollected(id, 'called');
});

it('stored wait, by time after a restart', async () => {
	testbed.emulator.scriptJob({ seconds: 'never', match: 'lost', webhook: 'none' });
	const hook = await talking({ prompts: ['lost'] });
	const { id } = await hook.sendJson({}, 'waiting');
	await testbed.n8n.stop();
	await testbed.emulator.finishJob(jobOf('lost'));
	await testbed.n8n.restart();
	await expectCollected(id, 'lost');
});

async function talking(options: VideoWorkflowOptions): Promise<Hook> {
	const { flow } = videoOf(testbed);
	return await publish(testbed, (trigger) => flow({ ...options, trigger }));
}

function jobOf(prompt: string): string {
	const mine = testbed.emulator.predictions().filter(({ inputs }) => inputs.prompt === prompt);
	expect(mine).toHaveLength(1);
	return mine[0]!.id;
}

async function expectCollected(id: string, prompt: string): Promise<void> {
	const ended = await complete({ id });
	expect(itemsOf(ended, NODE)).toMatchObject([
		{ json: { id: jobOf(prompt), status: 'completed' } },
	]);
	expect(itemsOf(ended, NODE)[0]?.binary?.data).toBeDefined();
	expect(runsOf(ended, 'After')).toBe(1);
}

/** The execution when it has succeeded. Older n8n stores that a moment before what the nodes put out. */
async function complete({ id }: Pick<Execution, 'id'>): Promise<Execution> {
	await testbed.client.waitFor(id, ['success']);
	return await until(
		async () => {
			const execution = await testbed.client.execution(id);
			return runsOf(execution, 'After') > 0 ? execution : undefined;
		},
		{ what: `execution ${id} to be stored with its data` },
	);
}

/** n8n 1 keeps files in memory and in the execution, unless it is told otherwise. */
async function bytesOf({ id, data }: IBinaryData): Promise<Buffer> {
	return id ? await testbed.client.download(id) : Buffer.from(data, 'base64');
}
