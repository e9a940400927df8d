import { expect, it } from '@jest/globals';
import { chain, itemsOf, manualTrigger, runsOf, workflow } from '../testbed';
import { NEVER, NODE, useVideo } from './support/video-workflow';

/** No address that WaveSpeed could call. */
const UNREACHABLE = { N8N_WEBHOOK_URL: 'ftp://n8n.invalid/' };

const { testbed, client, emulator, store, expectPaid } = useVideo({ start: { env: UNREACHABLE } });

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
	const stored = new Map<string, string[]>();
	for (const prompts of [['a', 'b'], ['c']]) stored.set(await store({ prompts }), prompts);
	expect(emulator.predictions().every(({ webhook }) => webhook === undefined)).toBe(true);
	await n8n.kill9();
	await emulator.finishAll();
	await n8n.restart();
	const promptOf = new Map(emulator.predictions().map((job) => [job.id, job.inputs.prompt]));
	for (const [id, prompts] of stored) {
		const ended = await client.waitFor(id, ['success']);
		const out = itemsOf(ended, NODE);
		expect(out.map(({ json }) => promptOf.get(String(json.id)))).toEqual(prompts);
		expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expect(runsOf(ended, 'After')).toBe(1);
	}
	expectPaid({ submitted: 3, uploaded: 6 });
});
