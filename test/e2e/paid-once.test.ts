import { describe, expect, it } from '@jest/globals';
import { useTestbed } from '../testbed/jest/use-testbed';
import { errorOf, hintsOf, itemsOf, type Execution, type StoredWorkflow } from '../testbed/n8n';
import { FROM_NODES } from '../testbed/video-node';
import { chain, manualTrigger, workflow, type Parameters } from '../testbed/workflow';
import {
	changeNode,
	createVideoWorkflow,
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	READY,
} from './support/video-workflow';

const testbed = useTestbed();
const { client, emulator } = testbed;

/** Options without a seed, as a user has them who has added none. */
const NO_SEED: Parameters = { options: { seed: undefined } };
const NO_SEED_POLLING: Parameters = { options: { ...KEEP_RUNNING, seed: undefined } };

async function create(parameters = NO_SEED, prompts?: string[]): Promise<StoredWorkflow> {
	return await createVideoWorkflow(testbed, { parameters, ...(prompts && { prompts }) });
}

/** How often somebody has asked for the first job of the service. */
function polls(): number {
	return emulator.predictions()[0]?.polls ?? 0;
}

/** That the node put out the first job of the service, with its video. */
function expectFirstJob(ended: Execution, reused: boolean): void {
	const [item] = itemsOf(ended, NODE);
	const [id] = jobIds(emulator);
	expect(item?.json).toMatchObject({ id, status: 'completed', reused });
	expect(item?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
}

describe('the same inputs are paid once', () => {
	it('when a workflow is run twice by hand, and the output says so', async () => {
		emulator.scriptJob(READY);
		const flow = await create();
		const first = await testbed.run(flow.id, 'success');
		const second = await testbed.run(flow.id, 'success');

		expectFirstJob(first, false);
		expectFirstJob(second, true);
		expect(hintsOf(first, NODE)).not.toContain('again');
		expect(hintsOf(second, NODE)).toMatch(/The job from \d\d:\d\d \(\S+\) was used again/);
		expect(hintsOf(second, NODE)).toContain('add the option Seed and leave it at -1');
		expectPaid(emulator, { submitted: 1 });
	});

	it('after Stop: the next run waits for the running job', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const flow = await create(NO_SEED_POLLING);
		const stopped = await client.run(flow.id, 'Start');
		await emulator.until(() => polls() > 0);
		await client.stopExecution(stopped);
		await client.waitFor(stopped, ['canceled']);

		const before = polls();
		const id = await client.run(flow.id, 'Start');
		await emulator.until(() => polls() > before);
		await emulator.finishAll();
		expectFirstJob(await client.waitFor(id, ['success']), true);
		expectPaid(emulator, { submitted: 1 });
	});

	it('in two executions at once', async () => {
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
		emulator.scriptJob({ seconds: 1 });
		const submit = testbed.videoNode('Submit', { operation: 'submit', ...FROM_NODES, ...NO_SEED });
		const wait = testbed.videoNode(NODE, { ...FROM_NODES, ...NO_SEED_POLLING });
		const wires = chain(manualTrigger(), ...testbed.mediaNodes(), submit, wait);
		const flow = await client.createWorkflow(workflow('Submit, then wait', ...wires));
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, 'Submit')[0]?.json).toMatchObject({ reused: false });
		expectFirstJob(ended, true);
		expectPaid(emulator, { submitted: 1 });
	});
});

describe('a new job is made', () => {
	it('with Seed at -1, and with any seed of the user', async () => {
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
		emulator.scriptJob({ ...READY, end: { status: 'failed', code: 5000, error: 'Out of luck' } });
		emulator.scriptJob(READY);
		const flow = await create();
		const failed = await testbed.run(flow.id, 'error');
		expect(errorOf(failed)?.message).toContain('Out of luck');
		const ended = await testbed.run(flow.id, 'success');
		expect(itemsOf(ended, NODE)[0]?.json).toMatchObject({ id: jobIds(emulator)[1], reused: false });
		expectPaid(emulator, { submitted: 2, refunded: 1, uploaded: 6 });
	});
});
