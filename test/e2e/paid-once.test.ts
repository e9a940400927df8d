import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import type { FaultAction } from '../emulator/emulator';
import { mediaFixtures } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { errorOf, hintsOf, itemsOf, type Execution, type StoredWorkflow } from '../testbed/n8n';
import type { Testbed } from '../testbed/testbed';
import { FROM_NODES, mediaFields } from '../testbed/video-node';
import { chain, manualTrigger, readFile, workflow, type Parameters } from '../testbed/workflow';
import {
	changeNode,
	createVideoWorkflow,
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
} from './support/video-workflow';
import { publish } from './support/webhook-workflow';

jest.setTimeout(240_000);

const testbed = useTestbed();

/** An n8n to kill. */
const mortal = useTestbed({ start: {} });

/** Options without a seed, as a user has them who has added none. */
const NO_SEED: Parameters = { options: { seed: undefined } };
const NO_SEED_POLLING: Parameters = { options: { ...KEEP_RUNNING, seed: undefined } };

async function create(parameters = NO_SEED, prompts?: string[]): Promise<StoredWorkflow> {
	return await createVideoWorkflow(testbed, { parameters, ...(prompts && { prompts }) });
}

/** How often somebody has asked for the first job of the service. */
function polls({ emulator }: Testbed): number {
	return emulator.predictions()[0]?.polls ?? 0;
}

/** That the node put out the first job of the service, with its video. */
function expectFirstJob({ emulator }: Testbed, ended: Execution, reused: boolean): void {
	const [item] = itemsOf(ended, NODE);
	const [id] = jobIds(emulator);
	expect(item?.json).toMatchObject({ id, status: 'completed', reused });
	expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
}

describe('the same inputs are paid once', () => {
	it('when a workflow is run twice by hand, and the output says so', async () => {
		const { emulator } = testbed;
		emulator.scriptJob(READY);
		const flow = await create();
		const first = await testbed.run(flow.id, 'success');
		const second = await testbed.run(flow.id, 'success');

		expectFirstJob(testbed, first, false);
		expectFirstJob(testbed, second, true);
		expect(hintsOf(first, NODE)).not.toContain('again');
		expect(hintsOf(second, NODE)).toMatch(
			/The job of 20\d\d-\d\d-\d\d \d\d:\d\d UTC was used again/,
		);
		expect(hintsOf(second, NODE)).toContain('add the option Seed and leave it at -1');
		expectPaid(emulator, { submitted: 1 });
	});

	it('in another workflow, with other file names, from other nodes, in another binary mode', async () => {
		const { emulator, client, files } = testbed;
		emulator.scriptJob(READY);
		const hook = await publish(testbed, (trigger) =>
			workflow('By form', ...chain(trigger, testbed.videoNode(NODE, NO_SEED))),
		);
		const { image, left_audio, right_audio } = mediaFixtures();
		const named = { image, left_audio, right_audio: { ...right_audio, name: 'anna.wav' } };
		const first = await hook.sendFiles(named, 'success');

		const copies = [image, left_audio, right_audio].map(({ name }) => `copy-of-${name}`);
		const reads = await Promise.all(
			copies.map(async (copy) => {
				const to = path.join(files, copy);
				await copyFile(path.join(files, copy.replace('copy-of-', '')), to);
				return readFile(`Read ${copy}`, to);
			}),
		);
		const fields = reads.map(({ name }) => `={{ $('${name}').item._files.data }}`);
		const ours = testbed.videoNode(NODE, {
			...mediaFields('binary', fields as [string, string, string]),
			...NO_SEED,
		});
		const flow = await client.createWorkflow({
			...workflow('From disk', ...chain(manualTrigger(), ...reads, ours)),
			settings: { binaryMode: 'combined' },
		});
		const second = await testbed.run(flow.id, 'success');

		const [one, two] = [first, second].map((execution) => itemsOf(execution, NODE)[0]?.json);
		expect(one).toMatchObject({ id: jobIds(emulator)[0], reused: false });
		expect(two).toMatchObject({ id: jobIds(emulator)[0], reused: true });
		expectPaid(emulator, { submitted: 1 });
	});

	it('after Stop: the next run waits for the running job', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		const flow = await create(NO_SEED_POLLING);
		const stopped = await client.run(flow.id, 'Start');
		await emulator.until(() => polls(testbed) > 0);
		await client.stopExecution(stopped);
		await client.waitFor(stopped, ['canceled']);

		const before = polls(testbed);
		const id = await client.run(flow.id, 'Start');
		await emulator.until(() => polls(testbed) > before);
		await emulator.finishAll();
		expectFirstJob(testbed, await client.waitFor(id, ['success']), true);
		expectPaid(emulator, { submitted: 1 });
	});

	it('in two executions at once', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob(READY);
		emulator.faults.add({ on: 'submit', do: { delay: 1_000 } });
		const flows = [await create(), await create()];
		const ids = await Promise.all(flows.map(async ({ id }) => await client.run(id, 'Start')));
		const ended = await Promise.all(ids.map(async (id) => await client.waitFor(id, ['success'])));
		const outputs = ended.map((execution) => itemsOf(execution, NODE)[0]?.json);
		expect(outputs.map((json) => json?.id)).toEqual([...jobIds(emulator), ...jobIds(emulator)]);
		expect(outputs.map((json) => json?.reused).sort()).toEqual([false, true]);
		expectPaid(emulator, { submitted: 1 });
	});

	it('in equal rows of one run', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, times: 'always' });
		const prompts = ['same', 'same', 'other', 'same'];
		const flow = await create(NO_SEED, prompts);
		const ended = await testbed.run(flow.id, 'success');
		const jobs = emulator.predictions();
		const idOf = (prompt: string) => jobs.find(({ inputs }) => inputs.prompt === prompt)?.id;
		expect(itemsOf(ended, NODE).map(({ json }) => json.id)).toEqual(prompts.map(idOf));
		expect(itemsOf(ended, NODE).filter(({ json }) => json.reused)).toHaveLength(2);
		expect(itemsOf(ended, NODE).every(({ binary }) => binary?.data)).toBe(true);
		expectPaid(emulator, { submitted: 2 });
	});

	it('by Submit, then by Submit and Wait', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob({ seconds: 1 });
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES, ...NO_SEED });
		const wait = testbed.videoNode(NODE, { ...FROM_NODES, ...NO_SEED_POLLING });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, wait);
		const flow = await client.createWorkflow(workflow('Submit, then wait', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, 'Submit')[0]?.json).toMatchObject({ reused: false });
		expectFirstJob(testbed, ended, true);
		expectPaid(emulator, { submitted: 1 });
	});

	it('after n8n was killed in the middle of an execution that a trigger had started', async () => {
		const { emulator, client, n8n } = mortal;
		emulator.scriptJob({ seconds: 'never' });
		const hook = await publish(mortal, (trigger) => {
			const ours = mortal.videoNode(NODE, { ...FROM_NODES, ...NO_SEED_POLLING });
			return workflow('Killed', ...chain(trigger, ...mortal.mediaNodes(), ours));
		});
		const killed = await hook.sendJson({}, 'running');
		await emulator.until(() => polls(mortal) > 0);
		await n8n.kill9();
		await n8n.restart();
		await client.waitFor(killed.id, ['crashed']);

		// What this process remembers is gone: the history is all there is.
		const before = polls(mortal);
		const again = await hook.sendJson({}, 'running');
		await emulator.until(() => polls(mortal) > before);
		await emulator.finishAll();
		expectFirstJob(mortal, await client.waitFor(again.id, ['success']), true);
		expect(emulator.requestsTo('history')).toHaveLength(2);
		expectPaid(emulator, { submitted: 1 });
	});
});

describe('a new job is made', () => {
	it('with Seed at -1, and with any seed of the user', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, times: 'always' });
		const flow = await create();
		const seeds: Array<unknown> = [];
		for (const seed of [undefined, -1, -1, 7, 7]) {
			await changeNode(testbed, flow.id, { options: { seed } });
			const ended = await testbed.run(flow.id, 'success');
			expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({
				id: jobIds(emulator).at(-1),
				reused: false,
			});
			seeds.push(emulator.predictions().at(-1)?.body.seed);
		}
		expect(seeds.slice(1)).toEqual([-1, -1, 7, 7]);
		expectPaid(emulator, { submitted: 5, uploaded: 15 });
	});

	it('when the first one has failed', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, end: { status: 'failed', code: 5000, error: 'Out of luck' } });
		emulator.scriptJob(READY);
		const flow = await create();
		const failed = await testbed.run(flow.id, 'error');
		expect(errorOf(failed)?.message).toContain('Out of luck');
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ id: jobIds(emulator)[1], reused: false });
		expectPaid(emulator, { submitted: 2, refunded: 1, uploaded: 6 });
	});

	it('when the video of the first one is gone', async () => {
		const { emulator } = testbed;
		emulator.scriptJob({ ...READY, times: 'always' });
		const flow = await create();
		await testbed.run(flow.id, 'success');
		const match = { url: jobIds(emulator)[0]! };
		emulator.faults.add({
			on: 'download',
			times: 'always',
			match,
			do: { respond: { status: 404 } },
		});
		const ended = await testbed.run(flow.id, 'success');
		const [item] = itemsOf(ended, NODE);
		expect(item?.json).toMatchObject({ id: jobIds(emulator)[1], reused: false });
		expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
		expectPaid(emulator, { submitted: 2, uploaded: 6 });
	});

	it.each<[string, FaultAction]>([
		['is forbidden', { respond: { status: 403, body: { code: 403, message: 'Not your role' } } }],
		['is broken', { respond: { status: 500, body: '<html>' } }],
		['does not answer', 'stall'],
	])('with a hint when the history %s', async (_what, fault) => {
		const { emulator } = testbed;
		emulator.scriptJob(READY);
		emulator.faults.add({ on: 'history', times: 'always', do: fault });
		const ended = await testbed.run((await create()).id, 'success');
		expectFirstJob(testbed, ended, false);
		expect(hintsOf(ended, NODE)).toContain('history could not be read');
		expectPaid(emulator, { submitted: 1 });
		const [search] = emulator.requestsTo('history');
		const [submission] = emulator.requestsTo('submit');
		expect(submission!.time - search!.time).toBeLessThan(10_000);
	});
});
