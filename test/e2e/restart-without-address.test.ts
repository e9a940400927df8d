import { expect, it } from '@jest/globals';
import { chain, manualTrigger, workflow } from '../testbed';
import { NEVER, useVideo } from './support/video-workflow';

/** No address that WaveSpeed could call. */
const UNREACHABLE = { N8N_WEBHOOK_URL: 'ftp://n8n.invalid/' };

const video = useVideo({ start: { env: UNREACHABLE } });
const { testbed, client, emulator, store, expectPaid, expectVideos } = video;

/** As many executions as a process keeps in memory for two minutes: any further one is stored at once. */
const IN_MEMORY = 20;

async function fillMemory(): Promise<void> {
	const predictionId = await emulator.addJob({ status: 'processing' });
	const parameters = { operation: 'getResult', predictionId, ifNotFinished: 'wait' };
	const wires = chain(manualTrigger(), testbed.videoNode('Other', parameters));
	const flow = await client.createWorkflow(workflow('Other', ...wires));
	for (let count = 0; count < IN_MEMORY; count++) await client.run(flow.id, 'Start');
	// Each has read the job once, and goes on to poll it.
	await emulator.until(() => emulator.requestsTo('result').length >= IN_MEMORY);
}

it('without a public address, a killed n8n wakes stored executions by time, and each once', async () => {
	const { n8n } = testbed;
	emulator.scriptJob(NEVER);
	await fillMemory();
	const both = await store({ prompts: ['a', 'b'] });
	const one = await store({ prompts: ['c'] });
	expect(emulator.predictions().every(({ webhook }) => webhook === undefined)).toBe(true);
	await n8n.kill9();
	await emulator.finishAll();
	await n8n.restart();
	await expectVideos(both, 'a', 'b');
	await expectVideos(one, 'c');
	expectPaid({ submitted: 3, uploaded: 6 });
});
