import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import { chain, items, itemsOf, manualTrigger, shared, until, workflow } from '../testbed';
import {
	closedGate,
	KEEP_RUNNING,
	NEVER,
	NODE,
	retryOnFail,
	useVideo,
} from './support/video-workflow';

const { testbed, client, emulator, start, jobIds, expectPaid } = useVideo();

/** Longer than the first pause between two looks at a job. */
const LONG_ENOUGH_MS = 6_500;

/** Looks for so long that the node, if it went on, would have sent another request. */
async function expectSilence(): Promise<void> {
	const before = emulator.requests.length;
	const another = emulator.until(() => emulator.requests.length > before, LONG_ENOUGH_MS);
	await expect(another).rejects.toThrow();
}

async function expectInLog(): Promise<void> {
	const log = async () => await readFile(shared().logFile, 'utf8');
	for (const job of jobIds()) {
		const text = `job ${job} submitted`;
		await until(async () => (await log()).includes(text), { what: `"${text}" in n8n's log` });
	}
}

async function startTwo(options = KEEP_RUNNING): Promise<string> {
	emulator.scriptJob(NEVER);
	return await start({ prompts: ['one', 'two'], parameters: { options }, node: retryOnFail(3) });
}

it('Stop ends the polls at once; the jobs are noted, and Get Result collects them', async () => {
	const id = await startTwo();
	await emulator.until(() => emulator.requestsTo('result').length >= 2);
	await client.stopExecution(id);
	await expectSilence();
	const stopped = await client.execution(id);
	expect(stopped.status).toBe('canceled');
	await expectInLog();
	// All that n8n keeps of the execution: no output of any node, but this. It does not retry it either.
	expect(stopped.data.resultData.runData).toEqual({});
	const noted = (stopped.customData?.wavespeed_jobs ?? '').split(', ');
	expect(noted.sort()).toEqual(jobIds().sort());
	await expect(client.retryExecution(id, 'original')).rejects.toThrow('cannot be retried');

	await emulator.finishAll();
	const rows = items('IDs', ...noted.map((job) => ({ id: job })));
	const collect = testbed.videoNode('Collect', { operation: 'getResult' });
	const flow = workflow('Collect', ...chain(manualTrigger(), rows, collect));
	const ended = await testbed.run((await client.createWorkflow(flow)).id, 'success');
	const types = itemsOf(ended, 'Collect').map(({ binary }) => binary?.data?.mimeType);
	expect(types).toEqual(['video/mp4', 'video/mp4']);
	expectPaid({ submitted: 2 });
});

it('Stop lets a submission on its way end, notes its job in the log, and does no more', async () => {
	const { opened, open } = closedGate();
	emulator.faults.add({ on: 'submit', times: 'always', do: { delay: opened } });
	const id = await startTwo();
	await emulator.until(() => emulator.requestsTo('submit').length === 2);
	await client.stopExecution(id);
	open();
	await emulator.until(() => jobIds().length === 2);
	await expectInLog();
	await expectSilence();
	expect(emulator.requestsTo('result')).toHaveLength(0);
	expectPaid({ submitted: 2 });
});

it('Stop of a stored execution sends nothing, and the call that comes later is refused', async () => {
	const id = await startTwo({});
	await client.waitFor(id, ['waiting']);
	await client.stopExecution(id);
	const stopped = await client.waitFor(id, ['canceled']);
	const shown = itemsOf(stopped, NODE).map(({ json }) => json.id);
	expect(shown.sort()).toEqual(jobIds().sort());
	for (const job of shown) expect(stopped.customData?.wavespeed_jobs).toContain(job);
	const before = emulator.requests.length;
	await emulator.finishAll();
	await emulator.until(() => emulator.deliveries().some(({ attempt }) => attempt === 4));
	expect(emulator.deliveries().every(({ status }) => status !== 200)).toBe(true);
	expect(emulator.requests.length).toBe(before);
});
