import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { fetch, FormData, request } from 'undici';
import { shared } from '../testbed/jest/shared';
import { binaryOf, itemsOf } from '../testbed/n8n';
import { until } from '../testbed/lib/until';
import { loadExample, nodeOf, readdress, withFields } from './support/examples';
import { startS3, type Storage } from './stubs/s3';
import { startSpeech, startTelegram, type Speech } from './stubs/web-services';
import { readForm, type StubServer } from '../fixtures/stub-server';
import { uploadedFor } from './support/uploads';
import { fixture, type MediaFile, sha256 } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';

const SPEECH_KEY = `sk_${randomUUID()}`;
const TOKEN = `1:${randomUUID()}`;

// A real n8n on a busy machine takes its time.
jest.setTimeout(90_000);

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });

let speech: Speech;
let telegram: StubServer;
let storage: Storage;

beforeAll(async () => {
	speech = await startSpeech(SPEECH_KEY, { anna: 'left-voice.wav', bert: 'right-voice.wav' });
	telegram = await startTelegram(TOKEN);
	storage = await startS3('my-videos');
});

afterAll(async () => {
	await Promise.all([speech, telegram, storage].map(async (each) => await each?.close()));
});

/** Waits until the form is there, and sends it as a browser does. */
async function sendForm(address: string, picture: MediaFile, ...texts: string[]): Promise<void> {
	await until(async () => (await request(address)).statusCode === 200, { what: address });
	const form = new FormData();
	const { name, type, content } = picture;
	form.append('field-0', new Blob([Uint8Array.from(content)], { type }), name);
	texts.forEach((text, index) => form.append(`field-${index + 1}`, text));
	const answer = await fetch(address, { method: 'POST', body: form });
	expect(answer.status).toBe(200);
}

it('form and ElevenLabs to S3 and Telegram: from a form to a stored and sent video', async () => {
	const { client, emulator } = testbed;
	const example = await loadExample(testbed, 'elevenlabs-form-to-s3-telegram', [
		await client.createCredential('httpHeaderAuth', { name: 'xi-api-key', value: SPEECH_KEY }),
		await client.createCredential('s3', storage.credential),
		await client.createCredential('telegramApi', { accessToken: TOKEN, baseUrl: telegram.url }),
	]);
	const flow = withFields(
		readdress(example, 'https://api.elevenlabs.io', speech.url),
		'Your settings',
		{
			bucket: 'my-videos',
			telegram_chat_id: '4711',
			left_voice_id: 'anna',
			right_voice_id: 'bert',
		},
	);
	const { id: workflowId, nodes } = await client.createWorkflow(flow);
	await client.activate(workflowId);
	const { webhookId } = nodeOf({ ...flow, nodes }, 'Form');
	const picture = fixture('pair.png');
	await sendForm(
		`${shared().url}/form/${webhookId}`,
		picture,
		'Hello, "Bert"!\nHow are you?',
		'Fine, thank you.',
	);
	const { id } = await client.nextExecution(workflowId);
	const ended = await client.waitFor(id, ['success']);
	await client.deactivate(workflowId);

	expect(speech.lines()).toEqual([
		{ voice: 'anna', text: 'Hello, "Bert"!\r\nHow are you?' },
		{ voice: 'bert', text: 'Fine, thank you.' },
	]);
	const [job] = emulator.predictions();
	expect(job).toMatchObject({ inputs: { order: 'left_right' } });
	expect(uploadedFor(emulator, job!.id)).toEqual({
		image: sha256(picture.content),
		left_audio: sha256(fixture('left-voice.wav').content),
		right_audio: sha256(fixture('right-voice.wav').content),
	});

	const binary = binaryOf(itemsOf(ended, 'Make the video')[0], 'data');
	const video = await client.download(binary.id ?? '');
	expect(await storage.stored(binary.fileName ?? '')).toEqual({
		type: 'video/mp4',
		content: video,
	});
	const [message] = telegram.received;
	const { texts, files } = await readForm(message!);
	expect(texts).toMatchObject({ chat_id: '4711' });
	expect(texts.caption).toContain(binary.fileName);
	expect(files.video).toEqual({ name: binary.fileName, type: 'video/mp4', content: video });
});

it('form to talking video: three files in one form, and the page shows the link', async () => {
	const { client, emulator } = testbed;
	const flow = await loadExample(testbed, 'form-to-video');
	const { id: workflowId, nodes } = await client.createWorkflow(flow);
	await client.activate(workflowId);
	const address = `${shared().url}/form/${nodeOf({ ...flow, nodes }, 'Form').webhookId}`;
	await until(async () => (await request(address)).statusCode === 200, { what: address });
	const form = new FormData();
	const files = ['pair.png', 'left-voice.wav', 'right-voice.wav'].map(fixture);
	for (const [index, { name, type, content }] of files.entries()) {
		form.append(`field-${index}`, new Blob([Uint8Array.from(content)], { type }), name);
	}
	expect((await fetch(address, { method: 'POST', body: form })).status).toBe(200);
	const { id } = await client.nextExecution(workflowId);
	const waiting = await client.waitFor(id, ['waiting', 'success']);
	await until(async () => itemsOf(await client.execution(id), 'Make the video').length === 1, {
		what: 'the video',
	});
	await client.deactivate(workflowId);
	expect(waiting).toBeDefined();
	const [job, ...others] = emulator.predictions();
	expect(others).toEqual([]);
	expect(uploadedFor(emulator, job!.id)).toEqual({
		image: sha256(files[0]!.content),
		left_audio: sha256(files[1]!.content),
		right_audio: sha256(files[2]!.content),
	});
});
