import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { binaryOf, itemsOf } from '../testbed/n8n';
import {
	loadExample,
	nextPage,
	reached,
	readdress,
	sendForm,
	withFields,
} from './support/examples';
import { startS3, type Storage } from './stubs/s3';
import { startSpeech, startTelegram, type Speech } from './stubs/web-services';
import { readForm, type StubServer } from '../fixtures/stub-server';
import { expectUploaded } from './support/uploads';
import { fixture } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';

const SPEECH_KEY = `sk_${randomUUID()}`;
const TOKEN = `1:${randomUUID()}`;

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { client, emulator } = testbed;

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

it('form and ElevenLabs to S3 and Telegram: from a form to a stored and sent video', async () => {
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
	const texts = ['Hello, "Bert"!\nHow are you?', 'Fine, thank you.'];
	const { execution } = await sendForm(testbed, flow, [fixture('pair.png'), ...texts]);
	const ended = await client.waitFor(execution, ['success']);

	expect(speech.lines()).toEqual([
		{ voice: 'anna', text: 'Hello, "Bert"!\r\nHow are you?' },
		{ voice: 'bert', text: 'Fine, thank you.' },
	]);
	expect(emulator.predictions()).toMatchObject([{ inputs: { order: 'left_right' } }]);
	expectUploaded(emulator);

	const binary = binaryOf(itemsOf(ended, 'Make the video')[0], 'data');
	const video = await client.download(binary.id ?? '');
	expect(await storage.stored(binary.fileName ?? '')).toEqual({
		type: 'video/mp4',
		content: video,
	});
	const [message] = telegram.received;
	const { texts: sent, files } = await readForm(message!);
	expect(sent).toMatchObject({ chat_id: '4711' });
	expect(sent.caption).toContain(binary.fileName);
	expect(files.video).toEqual({ name: binary.fileName, type: 'video/mp4', content: video });
});

it('form to talking video: three files in one form, and the page shows the link', async () => {
	const { execution } = await sendForm(testbed, await loadExample(testbed, 'form-to-video'));
	await reached(testbed, execution, 'Make the video');
	expect(emulator.predictions()).toHaveLength(1);
	expectUploaded(emulator);
});

it('form to talking video: the page says what is wrong with a file, and nothing is submitted', async () => {
	const [picture, , right] = ['pair.png', 'left-voice.wav', 'right-voice.wav'].map(fixture);
	const left = { name: 'left.wav', type: 'audio/wav', content: Buffer.from('Hello, Bert!') };
	const before = emulator.predictions().length;
	const { formWaitingUrl } = await sendForm(testbed, await loadExample(testbed, 'form-to-video'), [
		picture!,
		left,
		right!,
	]);
	expect(await nextPage(formWaitingUrl)).toMatch(/Left Audio: the file .*left\.wav/);
	expect(emulator.predictions()).toHaveLength(before);
});
