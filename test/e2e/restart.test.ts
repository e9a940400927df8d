import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { shared } from '../testbed/jest/shared';
import { errorOf, itemsOf, startN8n, type N8nProcess } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { createWorkbench, CREDENTIAL, runToEnd, type Workbench } from './support/bench';
import { startSpyProxy, type SpyProxy } from './support/spy-proxy';
import { expectPaid, jobIds, NODE, talkingWorkflow } from './support/talking';

jest.setTimeout(240_000);

let n8n: N8nProcess;
let proxy: SpyProxy;
let bench: Workbench;

beforeAll(async () => {
	const { runtime, tarball } = shared();
	proxy = await startSpyProxy();
	const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' };
	n8n = await startN8n({ runtime, tarball, env });
	bench = await createWorkbench(n8n);
});

afterAll(async () => {
	await bench?.close();
	await n8n?.dispose();
	await proxy?.close();
});

async function startByWebhook(prompts: string[]): Promise<string> {
	const flow = await talkingWorkflow(bench, { prompts, parameters: { waitBy: 'webhook' } });
	const id = await bench.client.run(flow.id, 'Start');
	await bench.client.waitFor(id, ['waiting']);
	return id;
}

async function expectCollected(execution: string): Promise<void> {
	const ended = await bench.client.waitFor(execution, ['success']);
	const jobs = bench.emulator.predictions();
	const mine = jobs.filter(({ webhook }) => webhook?.includes(`/${execution}/`));
	const out = itemsOf(ended, NODE);
	expect(out.map(({ json }) => json.id).sort()).toEqual(mine.map(({ id }) => id).sort());
	expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
}

describe('executions that wait by webhook', () => {
	it('survive a killed n8n: a call after the restart, and one repeated until then', async () => {
		const { emulator } = bench;
		await emulator.reset();
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const later = await startByWebhook(['one', 'two']);
		const meanwhile = await startByWebhook(['three']);
		const flow = await talkingWorkflow(bench, { prompts: ['polled'] });
		const polling = await bench.client.run(flow.id, 'Start');
		await emulator.until(() => jobIds(emulator).length === 4);
		const polled = emulator.predictions().find(({ inputs }) => inputs.prompt === 'polled')!;
		await until(() => n8n.log.has(new RegExp(`job ${polled.id} sent`)), {
			what: 'the job in the log',
		});
		await n8n.kill9();

		// The first call comes to nobody. The vendor repeats it after 12, 24 and 48 seconds.
		emulator.setOptions({ webhookBackoffSeconds: 12 });
		const three = emulator.predictions().find(({ inputs }) => inputs.prompt === 'three');
		await emulator.finishJob(three!.id);
		await emulator.until(() => emulator.deliveries().some(({ error }) => error !== undefined));
		await n8n.restart();
		await bench.client.login();
		await emulator.until(() => emulator.deliveries().some(({ status }) => status === 200), 90_000);
		await expectCollected(meanwhile);
		for (const { id, inputs } of emulator.predictions()) {
			if (inputs.prompt !== 'polled') await emulator.finishJob(id);
		}
		await expectCollected(later);

		// A node that was running is lost to n8n, but not its job: the ID was in the log.
		const crashed = await bench.client.waitFor(polling, ['crashed']);
		expect(crashed.customData).toEqual({});
		const retry = bench.client.retryExecution(polling, 'original');
		await expect(retry).rejects.toThrow('cannot be retried');
		expectPaid(emulator, { submitted: 4, uploaded: 9 });
	});

	it('survive a restart', async () => {
		const { emulator } = bench;
		await emulator.reset();
		emulator.setOptions({ webhookBackoffSeconds: 0.5 });
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await startByWebhook(['one', 'two']);
		await n8n.restart();
		await bench.client.login();
		await emulator.finishAll();
		await expectCollected(id);
		expectPaid(emulator, { submitted: 2 });
	});
});

describe('when the service cannot call this n8n', () => {
	it('Wait By: Webhook refuses before anything is sent, and says what to set', async () => {
		const credential = await bench.client.createCredential(
			CREDENTIAL,
			{ apiKey: 'wsk_public', baseUrl: 'https://api.wavespeed.ai' },
			'Public',
		);
		const abroad = { ...bench, credential };
		const byWebhook = await talkingWorkflow(abroad, { parameters: { waitBy: 'webhook' } });
		const wanted = () => proxy.wanted.filter((host) => host.includes('wavespeed'));
		const refused = await runToEnd(bench, byWebhook.id, 'error');
		const { message, description } = errorOf(refused)!;
		expect(message).toContain(`WaveSpeed cannot call this n8n at ${n8n.url}`);
		expect(description).toContain('WEBHOOK_URL');
		expect(description).toContain('Polling');
		expect(wanted()).toEqual([]);

		// The same by polling does try to reach it: the proxy would have seen the other.
		const byPolling = await talkingWorkflow(abroad);
		const id = await bench.client.run(byPolling.id, 'Start');
		await until(() => wanted().length > 0, { what: 'a request to api.wavespeed.ai' });
		await bench.client.stopExecution(id);
	});
});
