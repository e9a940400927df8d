import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { fetch } from 'undici';
import { readForm, startStub, type StubServer } from '../fixtures/stub-server';
import { fixture, FIXTURES, until, type WorkflowJson } from '../testbed';
import { startBot, startS3, startSpeech, type Storage } from './stubs/web-services';
import { ELEVENLABS, readdress, useExamples, withFields } from './support/examples';

const examples = useExamples();
const { testbed, client, emulator } = examples;

let chat: StubServer;
let storage: Storage;

beforeAll(async () => {
	chat = await examples.using(startStub(() => ({ body: 'ok' })));
	storage = await examples.using(startS3());
});

/** Starts the example of the alert with these settings; gives the execution's ID. */
async function startAlert(settings: Readonly<Record<string, string>> = {}): Promise<string> {
	chat.received.length = 0;
	const { web } = emulator.origins;
	const given = {
		image_url: `${web}/pair.png`,
		left_audio_url: `${web}/left-voice.wav`,
		right_audio_url: `${web}/right-voice.wav`,
		chat_webhook_url: `${chat.url}/hook`,
		...settings,
	};
	return await examples.start('links-to-s3-with-alert', {
		credentials: [await client.createCredential('s3', storage.credential)],
		edit: (example) => withFields(example, 'Your settings', given),
	});
}

/** Lets its job end once the execution is stored. */
async function finish(id: string) {
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	return await client.waitFor(id, ['success']);
}

function alerts(): string[] {
	return chat.received.map(({ body }) => (JSON.parse(body.toString()) as { text: string }).text);
}

it('links to S3, alert on failure: stores the video when WaveSpeed has called', async () => {
	emulator.scriptJob({ seconds: 'never' });
	const { fileName, content } = await examples.videoOf(await finish(await startAlert()));
	expect(storage.stored.get(`videos/${fileName}`)).toMatchObject({ content });
	expect(alerts()).toEqual([]);
});

it('links to S3, alert on failure: tells the chat why a job failed, and its ID', async () => {
	const error = 'The "picture" is not allowed';
	emulator.scriptJob({ seconds: 'never', end: { status: 'failed', code: 1200, error } });
	await finish(await startAlert());
	expect(alerts()).toEqual([expect.stringContaining(error)]);
	expect(alerts()[0]).toContain(`Job: ${emulator.predictions()[0]?.id}\n`);
});

it('links to S3, alert on failure: tells the chat of a mistake before the job', async () => {
	await client.waitFor(await startAlert({ image_url: 'file:///pair.png' }), ['success']);
	expect(emulator.predictions()).toEqual([]);
	expect(alerts()).toEqual([expect.stringContaining('Job: none was submitted\n')]);
});

it('news to talking head: the latest entry is spoken by the person in the picture', async () => {
	emulator.setOptions({ jobSeconds: 0 });
	const key = `sk_${randomUUID()}`;
	const entries = `<item><title>Rain today</title><description>Take an umbrella.</description></item>
<item><title>Sun yesterday</title><description>You missed it.</description></item>`;
	const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${entries}</channel></rss>`;
	const feed = await examples.using(startStub(() => ({ type: 'application/rss+xml', body })));
	const speech = await examples.using(startSpeech(key, { anna: 'left-voice.wav' }));
	await copyFile(path.join(FIXTURES, 'pair.png'), path.join(testbed.files, 'presenter.png'));
	const settings = { feed: `${feed.url}/news.xml`, voice_id: 'anna' };
	const header = { name: 'xi-api-key', value: key };
	const credentials = [await client.createCredential('httpHeaderAuth', header)];
	const edit = (example: WorkflowJson) =>
		withFields(readdress(example, ELEVENLABS, speech.url), 'Your settings', settings);
	await examples.run('news-to-talking-head', { credentials, edit }, 'Every morning');

	expect(speech.lines()).toEqual([{ voice: 'anna', text: 'Rain today. Take an umbrella.' }]);
	expect(emulator.predictions()).toMatchObject([{ model: 'wavespeed-ai/infinitetalk-fast' }]);
	expect(Object.keys(emulator.predictions()[0]!.inputs).sort()).toEqual(['audio', 'image', 'seed']);
});

it('voice note to video: a voice note in reply to a photo comes back as a video', async () => {
	emulator.setOptions({ jobSeconds: 0 });
	const token = `1:${randomUUID()}`;
	const held = { photo: fixture('pair.png'), voice: fixture('right-voice.wav') };
	const bot = await examples.using(startBot(token, held));
	const data = { accessToken: token, baseUrl: bot.url };
	const credentials = [await client.createCredential('telegramApi', data)];
	await examples.publish('voice-note-to-video', { credentials });
	const webhook = await until(() => bot.webhook(), { what: "the bot's webhook" });
	const message = {
		chat: { id: 4711 },
		voice: { file_id: 'voice' },
		reply_to_message: { photo: [{ file_id: 'small' }, { file_id: 'photo' }] },
	};
	await fetch(webhook.url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-telegram-bot-api-secret-token': webhook.secret,
		},
		body: JSON.stringify({ update_id: 1, message }),
	});
	const sent = await until(() => bot.sent('sendVideo')[0], { what: 'the video' });
	const { texts, files } = await readForm(sent);

	expect(emulator.predictions()).toHaveLength(1);
	expect(texts).toMatchObject({ chat_id: '4711' });
	expect(files.video?.type).toBe('video/mp4');
});
