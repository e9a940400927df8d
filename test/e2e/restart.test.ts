import { expect, it } from '@jest/globals';
import { itemsOf, runsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import {
	expectPaid,
	jobIds,
	KEEP_RUNNING,
	NODE,
	createVideoWorkflow,
} from './support/video-workflow';
import { useTestbed } from '../testbed/jest/use-testbed';

const testbed = useTestbed({ start: {} });
const { client, emulator } = testbed;

/** n8n wakes an execution whose call got lost after 100 s, and looks for such once a minute. */
const BY_TIME = { timeoutMs: 200_000 };

async function startStored(...prompts: string[]): Promise<string> {
	const flow = await createVideoWorkflow(testbed, { prompts });
	const id = await client.run(flow.id, 'Start');
	await client.waitFor(id, ['waiting']);
	return id;
}

async function expectCollected(execution: string, options = {}): Promise<void> {
	const ended = await client.waitFor(execution, ['success'], options);
	const jobs = emulator.predictions();
	const mine = jobs.filter(({ webhook }) => webhook?.includes(`/${execution}/`));
	const out = itemsOf(ended, NODE);
	expect(out.map(({ json }) => json.id).sort()).toEqual(mine.map(({ id }) => id).sort());
	expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
	expect(runsOf(ended, 'After')).toBe(1);
}

async function finish(...prompts: string[]): Promise<void> {
	for (const { id, inputs } of emulator.predictions()) {
		if (prompts.includes(String(inputs.prompt))) await emulator.finishJob(id);
	}
}

it('stored executions survive a killed n8n, whatever becomes of the calls', async () => {
	const { n8n } = testbed;
	emulator.scriptJob({ seconds: 'never', times: 2, match: 'lost', webhook: 'none' });
	emulator.scriptJob({ seconds: 'never', times: 'always' });
	const lost = await startStored('lost one', 'lost two');
	const later = await startStored('later one', 'later two');
	const repeated = await startStored('repeated');
	const parameters = { options: { ...KEEP_RUNNING, seed: undefined } };
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
	await finish('polled');
	await expectCollected(lost, BY_TIME);

	// A node that was running is lost to n8n, but not its job: the ID was in the log.
	const crashed = await client.waitFor(polling, ['crashed']);
	expect(crashed.customData).toEqual({});
	const retry = client.retryExecution(polling, 'original');
	await expect(retry).rejects.toThrow('cannot be retried');

	// What the process remembered is gone. The history shows the job, and a newer one with the same seed and swapped
	// voices: their files tell them apart.
	const { left_audio: left = '', right_audio: right = '' } = polled.inputs;
	const swapped = { left_audio: right, right_audio: left };
	await emulator.addJob({ inputs: { ...polled.inputs, ...swapped } });
	const again = await testbed.run(flow.id, 'success');
	expect(itemsOf(again, NODE)[0]?.json).toMatchObject({ id: polled.id, reused: true });
	expect(emulator.requestsTo('media')).not.toEqual([]);
	expectPaid(emulator, { submitted: 6, uploaded: 12 });
});
