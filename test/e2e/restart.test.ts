import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { errorOf, itemsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { startSpyProxy, type SpyProxy } from './stubs/spy-proxy';
import { expectPaid, jobIds, NODE, createVideoWorkflow } from './support/video-workflow';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE } from '../testbed/video-node';

jest.setTimeout(240_000);

let proxy: SpyProxy;

const testbed = useTestbed(async () => {
	proxy = await startSpyProxy();
	const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1,localhost' };
	return { start: { env } };
});

afterAll(async () => {
	await proxy?.close();
});

async function startByWebhook(prompts: string[]): Promise<string> {
	const flow = await createVideoWorkflow(testbed, { prompts, parameters: { waitBy: 'webhook' } });
	const id = await testbed.client.run(flow.id, 'Start');
	await testbed.client.waitFor(id, ['waiting']);
	return id;
}

async function expectCollected(execution: string): Promise<void> {
	const ended = await testbed.client.waitFor(execution, ['success']);
	const jobs = testbed.emulator.predictions();
	const mine = jobs.filter(({ webhook }) => webhook?.includes(`/${execution}/`));
	const out = itemsOf(ended, NODE);
	expect(out.map(({ json }) => json.id).sort()).toEqual(mine.map(({ id }) => id).sort());
	expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
}

describe('executions that wait by webhook', () => {
	it('survive a killed n8n: a call after the restart, and one repeated until then', async () => {
		const { emulator, n8n } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const later = await startByWebhook(['one', 'two']);
		const meanwhile = await startByWebhook(['three']);
		const flow = await createVideoWorkflow(testbed, { prompts: ['polled'] });
		const polling = await testbed.client.run(flow.id, 'Start');
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
		await emulator.until(() => emulator.deliveries().some(({ status }) => status === 200), 90_000);
		await expectCollected(meanwhile);
		for (const { id, inputs } of emulator.predictions()) {
			if (inputs.prompt !== 'polled') await emulator.finishJob(id);
		}
		await expectCollected(later);

		// A node that was running is lost to n8n, but not its job: the ID was in the log.
		const crashed = await testbed.client.waitFor(polling, ['crashed']);
		expect(crashed.customData).toEqual({});
		const retry = testbed.client.retryExecution(polling, 'original');
		await expect(retry).rejects.toThrow('cannot be retried');
		expectPaid(emulator, { submitted: 4, uploaded: 9 });
	});

	it('survive a restart', async () => {
		const { emulator, n8n } = testbed;
		emulator.scriptJob({ seconds: 'never', times: 'always' });
		const id = await startByWebhook(['one', 'two']);
		await n8n.restart();
		await emulator.finishAll();
		await expectCollected(id);
		expectPaid(emulator, { submitted: 2 });
	});
});

describe('when the service cannot call this n8n', () => {
	it('Wait By: Webhook refuses before anything is sent, and says what to set', async () => {
		const credential = await testbed.client.createCredential(
			CREDENTIAL_TYPE,
			{ apiKey: 'wsk_public', baseUrl: 'https://api.wavespeed.ai' },
			'Public',
		);
		const node = { use: [credential] };
		const byWebhook = await createVideoWorkflow(testbed, {
			parameters: { waitBy: 'webhook' },
			node,
		});
		const wanted = () => proxy.wanted.filter((host) => host.includes('wavespeed'));
		const refused = await testbed.run(byWebhook.id, 'error');
		const { message, description } = errorOf(refused)!;
		expect(message).toContain(`WaveSpeed cannot call this n8n at ${testbed.url}`);
		expect(description).toContain('WEBHOOK_URL');
		expect(description).toContain('Polling');
		expect(wanted()).toEqual([]);

		// The same by polling does try to reach it: the proxy would have seen the other.
		const byPolling = await createVideoWorkflow(testbed, { node });
		const id = await testbed.client.run(byPolling.id, 'Start');
		await until(() => wanted().length > 0, { what: 'a request to api.wavespeed.ai' });
		await testbed.client.stopExecution(id);
	});
});
