import { expect, it } from '@jest/globals';
import { itemsOf, runsOf } from '../testbed/n8n';
import { chain, manualTrigger, workflow } from '../testbed/workflow';
import { createVideoWorkflow, expectPaid, NODE } from './support/video-workflow';
import { useTestbed } from '../testbed/jest/use-testbed';

/** No address that WaveSpeed could call. */
const UNREACHABLE = { N8N_WEBHOOK_URL: 'ftp://n8n.invalid/' };

const testbed = useTestbed({ start: { env: UNREACHABLE } });
const { client, emulator } = testbed;

/** As many executions as a process keeps in memory for two minutes: any further one is stored at once. */
const IN_MEMORY = 20;

async function fillMemory(): Promise<void> {
	const id = await emulator.addJob({ status: 'processing' });
	const other = testbed.videoNode('Other', {
		...{ operation: 'getResult', predictionId: id, ifNotFinished: 'wait' },
	});
	const flow = await client.createWorkflow(workflow('Other', ...chain(manualTrigger(), other)));
	for (let count = 0; count < IN_MEMORY; count++) await client.run(flow.id, 'Start');
	// Each has read the job once, and goes on to poll it.
	await emulator.until(() => emulator.requestsTo('result').length >= IN_MEMORY, 60_000);
}

it('without a public address, a killed n8n wakes stored executions by time, and each once', async () => {
	const { n8n } = testbed;
	emulator.scriptJob({ seconds: 'never', times: 'always' });
	await fillMemory();
	const all = [['a', 'b'], ['c']];
	const stored: string[] = [];
	for (const prompts of all) {
		const { id } = await createVideoWorkflow(testbed, { prompts });
		stored.push(await client.run(id, 'Start'));
		await client.waitFor(stored.at(-1)!, ['waiting']);
	}
	expect(emulator.predictions().every(({ webhook }) => webhook === undefined)).toBe(true);
	await n8n.kill9();
	await emulator.finishAll();
	await n8n.restart();
	const promptOf = new Map(emulator.predictions().map((job) => [job.id, job.inputs.prompt]));
	for (const [index, prompts] of all.entries()) {
		const ended = await client.waitFor(stored[index]!, ['success'], { timeoutMs: 200_000 });
		const out = itemsOf(ended, NODE);
		expect(out.map(({ json }) => promptOf.get(String(json.id)))).toEqual(prompts);
		expect(out.every(({ binary }) => binary?.data !== undefined)).toBe(true);
		expect(runsOf(ended, 'After')).toBe(1);
	}
	expectPaid(emulator, { submitted: 3, uploaded: 6 });
});
