import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { itemsOf, runsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	createVideoWorkflow,
} from './support/video-workflow';
import { useTestbed } from '../testbed/jest/use-testbed';

jest.setTimeout(240_000);

const testbed = useTestbed({ start: {} });

/** n8n wakes an execution whose call got lost after 100 s, and looks for such once a minute. */
const BY_TIME = { timeoutMs: 200_000 };

async function startStored(...prompts: string[]): Promise<string> {
	const flow = await createVideoWorkflow(testbed, { prompts });
	const id = await testbed.client.run(flow.id, 'Start');
	await testbed.client.waitFor(id, ['waiting']);
	return id;
}

async function expectCollected(execution: string, options = {}): Promise<void> {
	const ended = await testbed.client.waitFor(execution, ['success'], options);
	const jobs = testbed.emulator.predictions();
	const mine = jobs.filter(({ webhook }) => webhook?.includes(`/${execution}/`));
	const out = itemsOf(ended, NODE);
	expect(out.map(({ json }) => json.id).sort()).toEqual(mine.map(({ id }) => id).sort());
	expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
	expect(runsOf(ended, 'After')).toBe(1);
}

async function finish(...prompts: string[]): Promise<void> {
	const { emulator } = testbed;
	for (const { id, inputs } of emulator.predictions()) {
		if (prompts.includes(String(inputs.prompt))) await emulator.finishJob(id);
	}
}

describe('stored executions', () => {
	it('survive a killed n8n, whatever becomes of the calls', async () => {
		const { emulator, n8n, client } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 2, match: 'lost', webhook: 'none' });
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const lost = await startStored('lost one', 'lost two');
		const later = await startStored('later one', 'later two');
		const repeated = await startStored('repeated');
		const parameters = { options: KEEP_RUNNING };
		const flow = await createVideoWorkflow(testbed, { prompts: ['polled'], parameters });
		const polling = await client.run(flow.id, 'Start');
		await emulator.until(() => jobIds(emulator).length === 6);
		const polled = emulator.predictions().find(({ inputs }) => inputs.prompt === 'polled')!;
		await until(() => n8n.log.has(new RegExp(`job ${polled.id} submitted`)), {
			what: 'the job in the log',
		});
		await n8n.kill9();

		// The first call comes to nobody. The vendor repeats it after 12, 24 and 48 seconds.
		emulator.setOptions({ webhookBackoffSeconds: 12 });
		await finish('lost one', 'lost two', 'repeated');
		await emulator.until(() => emulator.deliveries().some(({ error }) => error !== undefined));
		await n8n.restart();
		await finish('later one', 'later two');
		await expectCollected(later, BY_TIME);
		await expectCollected(repeated, BY_TIME);
		await expectCollected(lost, BY_TIME);

		// A node that was running is lost to n8n, but not its job: the ID was in the log.
		const crashed = await client.waitFor(polling, ['crashed']);
		expect(crashed.customData).toEqual({});
		const retry = client.retryExecution(polling, 'original');
		await expect(retry).rejects.toThrow('cannot be retried');
		expectPaid(emulator, { submitted: 6, uploaded: 12 });
	});

	it('send nothing any more when they are stopped, and show their jobs', async () => {
		const { emulator, client } = testbed;
		emulator.scriptJob({ seconds: 'never' });
		const id = await startStored('stopped');
		const [job] = jobIds(emulator);
		await client.stopExecution(id);
		const { length } = emulator.requests;
		await emulator.finishAll();
		const [call] = emulator.deliveries();
		expect(call?.status).not.toBe(200);
		const stopped = await client.waitFor(id, ['canceled']);
		expect(itemsOf(stopped, NODE)[0]?.json.id).toBe(job);
		const later = emulator.requests.slice(length);
		expect(later.filter(({ route }) => route === 'submit' || route === 'result')).toEqual([]);
	});
});

/** No address that WaveSpeed could call. */
const UNREACHABLE = { N8N_WEBHOOK_URL: 'ftp://n8n.invalid/' };

/** As many executions as a process keeps in memory for two minutes: any further one is stored at once. */
const IN_MEMORY = 20;

describe('without a public address, stored executions', () => {
	beforeAll(async () => {
		await testbed.n8n.restart(UNREACHABLE);
	});

	async function fillMemory(): Promise<void> {
		const { client, emulator } = testbed;
		const id = await emulator.addJob({ status: 'processing' });
		const other = testbed.videoNode('Other', {
			...{ operation: 'getResult', predictionId: id, ifNotFinished: 'wait' },
		});
		const flow = await client.createWorkflow(workflow('Other', ...chain(manualTrigger(), other)));
		for (let count = 0; count < IN_MEMORY; count++) await client.run(flow.id, 'Start');
		// Each has read the job once, and goes on to poll it.
		await emulator.until(() => emulator.requestsTo('result').length >= IN_MEMORY, 60_000);
	}

	it('survive a killed n8n: it wakes them by time, and all videos come once', async () => {
		const { emulator, n8n, client } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		await fillMemory();
		const prompts = { one: ['a', 'b'], other: ['c'] };
		const stored = {
			one: await startStored(...prompts.one),
			other: await startStored(...prompts.other),
		};
		expect(emulator.predictions().every(({ webhook }) => webhook === undefined)).toBe(true);
		await n8n.kill9();
		await emulator.finishAll();
		await n8n.restart();
		for (const name of ['one', 'other'] as const) {
			const ended = await client.waitFor(stored[name], ['success'], BY_TIME);
			const ids = new Map(emulator.predictions().map((job) => [job.id, job.inputs.prompt]));
			const out = itemsOf(ended, NODE);
			expect(out.map(({ json }) => ids.get(String(json.id)))).toEqual(prompts[name]);
			expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
			expect(runsOf(ended, 'After')).toBe(1);
		}
		expectPaid(emulator, { submitted: 3, uploaded: 6 });
	});
});
