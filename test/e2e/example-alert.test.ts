import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { binaryOf, itemsOf, type WorkflowJson } from '../testbed/n8n';
import { loadExample, runFrom, withFields } from './support/examples';
import { startS3, type Storage } from './stubs/s3';
import { startChat } from './stubs/web-services';
import type { StubServer } from '../fixtures/stub-server';
import { useTestbed } from '../testbed/jest/use-testbed';

const START = "When clicking 'Execute workflow'";

const testbed = useTestbed();
const { client, emulator } = testbed;

let chat: StubServer;
let storage: Storage;
let example: WorkflowJson;

beforeAll(async () => {
	chat = await startChat();
	storage = await startS3('videos');
	const credential = await client.createCredential('s3', storage.credential);
	example = withFields(
		await loadExample(testbed, 'links-to-s3-with-alert', [credential]),
		'Your settings',
		{
			image_url: `${emulator.origins.web}/pair.png`,
			left_audio_url: `${emulator.origins.web}/left-voice.wav`,
			right_audio_url: `${emulator.origins.web}/right-voice.wav`,
			chat_webhook_url: `${chat.url}/hook`,
		},
	);
});

afterEach(async () => {
	chat.received.length = 0;
	await emulator.reset();
});

afterAll(async () => {
	await Promise.all([chat, storage].map(async (each) => await each?.close()));
});

/** Starts the example and lets its job end once the execution is paused. */
async function pauseAndFinish() {
	const { id: workflowId } = await client.createWorkflow(example);
	const id = await client.run(workflowId, START);
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	return await client.waitFor(id, ['success']);
}

function alerts(): string[] {
	return chat.received.map(({ body }) => (JSON.parse(body.toString()) as { text: string }).text);
}

describe('links to S3, alert on failure', () => {
	it('stores the video when WaveSpeed has called', async () => {
		emulator.scriptJob({ seconds: 'never' });
		const ended = await pauseAndFinish();
		const binary = binaryOf(itemsOf(ended, 'Make the video')[0], 'data');
		const video = await client.download(binary.id ?? '');
		expect(await storage.stored(binary.fileName ?? '')).toMatchObject({ content: video });
		expect(alerts()).toEqual([]);
	});

	it('tells the chat why a job failed, and its ID', async () => {
		emulator.scriptJob({
			seconds: 'never',
			end: { status: 'failed', code: 1200, error: 'The "picture" is not allowed' },
		});
		await pauseAndFinish();
		const [job] = emulator.predictions();
		expect(alerts()).toHaveLength(1);
		expect(alerts()[0]).toContain('The "picture" is not allowed');
		expect(alerts()[0]).toContain(`Job: ${job?.id}\n`);
	});

	it('tells the chat about a mistake, when no job was submitted', async () => {
		const wrong = withFields(example, 'Your settings', { image_url: 'file:///pair.png' });
		await runFrom(testbed, wrong, START);
		expect(emulator.predictions()).toEqual([]);
		expect(alerts()).toHaveLength(1);
		expect(alerts()[0]).toContain('Job: none was submitted\n');
	});
});
