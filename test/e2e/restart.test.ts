import { expect, it } from '@jest/globals';
import { itemsOf, until } from '../testbed';
import { KEEP_RUNNING, NEVER, NODE, useVideo } from './support/video-workflow';

const video = useVideo({ start: {} });
const { testbed, client, emulator, create, store, jobOf, jobIds, expectPaid, expectVideos } = video;

async function finish(...prompts: string[]): Promise<void> {
	for (const prompt of prompts) await emulator.finishJob(jobOf(prompt).id);
}

it('stored executions survive a killed n8n, whatever becomes of the calls', async () => {
	const { n8n } = testbed;
	emulator.scriptJob({ seconds: 'never', times: 2, match: 'lost', webhook: 'none' });
	emulator.scriptJob(NEVER);
	const lost = await store({ prompts: ['lost one', 'lost two'] });
	const later = await store({ prompts: ['later one', 'later two'] });
	const repeated = await store({ prompts: ['repeated'] });
	const parameters = { options: { ...KEEP_RUNNING, seed: undefined } };
	const flow = await create({ prompts: ['polled'], parameters });
	const polling = await client.run(flow.id, 'Start');
	await emulator.until(() => jobIds().length === 6);
	const polled = jobOf('polled');
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
	await expectVideos(later, 'later one', 'later two');
	await expectVideos(repeated, 'repeated');
	await finish('polled');
	// n8n wakes it after 100 s, and looks once a minute.
	await expectVideos(lost, 'lost one', 'lost two');

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
	expectPaid({ submitted: 6, uploaded: 12 });
});
