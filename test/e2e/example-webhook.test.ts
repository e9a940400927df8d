import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { shared } from '../testbed/jest/shared';
import { binaryOf, itemsOf, type WorkflowJson } from '../testbed/n8n';
import { loadExample, runFrom, withFields } from './stand-ins/example';
import { startS3, type Storage } from './stand-ins/s3';
import { startChat, startFiles } from './stand-ins/services';
import type { StandIn } from './stand-ins/stand-in';
import { createWorkbench, type Workbench } from './support/bench';

const START = "When clicking 'Execute workflow'";

// A real n8n on a busy machine takes its time.
jest.setTimeout(90_000);

let bench: Workbench;
let files: StandIn;
let chat: StandIn;
let storage: Storage;
let example: WorkflowJson;

beforeAll(async () => {
	bench = await createWorkbench(shared());
	files = await startFiles();
	chat = await startChat();
	storage = await startS3('videos');
	const credential = await bench.client.createCredential('s3', storage.credential);
	example = withFields(
		await loadExample(bench, 'webhook-waiting-with-alert', [credential]),
		'Your settings',
		{
			image_url: `${files.url}/pair.png`,
			left_audio_url: `${files.url}/left-voice.wav`,
			right_audio_url: `${files.url}/right-voice.wav`,
			chat_webhook_url: `${chat.url}/hook`,
		},
	);
});

afterEach(async () => {
	chat.received.length = 0;
	await bench.emulator.reset();
});

afterAll(async () => {
	await Promise.all([files, chat, storage].map(async (each) => await each?.close()));
	await bench?.close();
});

/** Starts the example and lets its job end once the execution is paused. */
async function pauseAndFinish() {
	const { id: workflowId } = await bench.client.createWorkflow(example);
	const id = await bench.client.run(workflowId, START);
	await bench.client.waitFor(id, ['waiting']);
	await bench.emulator.finishAll();
	return await bench.client.waitFor(id, ['success']);
}

function alerts(): string[] {
	return chat.received.map(({ body }) => (JSON.parse(body.toString()) as { text: string }).text);
}

describe('wait by webhook, alert on failure', () => {
	it('stores the video when WaveSpeed has called', async () => {
		bench.emulator.scriptJob({ seconds: 'never' });
		const ended = await pauseAndFinish();
		const binary = binaryOf(itemsOf(ended, 'Make the video')[0], 'data');
		const video = await bench.client.download(binary.id ?? '');
		expect(await storage.stored(binary.fileName ?? '')).toMatchObject({ content: video });
		expect(alerts()).toEqual([]);
	});

	it('tells the chat why a job failed, and its ID', async () => {
		bench.emulator.scriptJob({
			seconds: 'never',
			end: { status: 'failed', code: 1200, error: 'The "picture" is not allowed' },
		});
		await pauseAndFinish();
		const [job] = bench.emulator.predictions();
		expect(alerts()).toHaveLength(1);
		expect(alerts()[0]).toContain('The "picture" is not allowed');
		expect(alerts()[0]).toContain(`Job: ${job?.id}\n`);
	});

	it('tells the chat about a mistake, when no job was submitted', async () => {
		const wrong = withFields(example, 'Your settings', { image_url: 'file:///pair.png' });
		await runFrom(bench, wrong, START);
		expect(bench.emulator.predictions()).toEqual([]);
		expect(alerts()).toHaveLength(1);
		expect(alerts()[0]).toContain('Job: none was submitted\n');
	});
});
