import { randomUUID } from 'node:crypto';
import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fetch } from 'undici';
import { readForm, startStub, type StubServer } from '../fixtures/stub-server';
import { fixture, FIXTURES } from '../testbed/fixtures';
import { until } from '../testbed/lib/until';
import { useTestbed } from '../testbed/jest/use-testbed';
import { loadExample, readdress, runFrom, withFields } from './support/examples';
import { startBot, startSpeech, type Bot, type Speech } from './stubs/web-services';

const SPEECH_KEY = `sk_${randomUUID()}`;
const TOKEN = `1:${randomUUID()}`;
const NEWS = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>
<item><title>Rain today</title><description>Take an umbrella.</description></item>
<item><title>Sun yesterday</title><description>You missed it.</description></item></channel></rss>`;

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { client, emulator } = testbed;

let speech: Speech;
let bot: Bot;
let feed: StubServer;

beforeAll(async () => {
	speech = await startSpeech(SPEECH_KEY, { anna: 'left-voice.wav' });
	bot = await startBot(TOKEN, { photo: fixture('pair.png'), voice: fixture('right-voice.wav') });
	feed = await startStub(() => ({ type: 'application/rss+xml', body: NEWS }));
});

afterAll(async () => {
	await Promise.all([speech, bot, feed].map(async (each) => await each?.close()));
});

it('news to talking head: the latest entry is spoken by the person in the picture', async () => {
	await copyFile(path.join(FIXTURES, 'pair.png'), path.join(testbed.files, 'presenter.png'));
	const example = await loadExample(testbed, 'news-to-talking-head', [
		await client.createCredential('httpHeaderAuth', { name: 'xi-api-key', value: SPEECH_KEY }),
	]);
	const flow = withFields(
		readdress(example, 'https://api.elevenlabs.io', speech.url),
		'Your settings',
		{ feed: `${feed.url}/news.xml`, voice_id: 'anna' },
	);
	await runFrom(testbed, flow, 'Every morning');

	expect(speech.lines()).toEqual([{ voice: 'anna', text: 'Rain today. Take an umbrella.' }]);
	expect(emulator.predictions()).toMatchObject([{ model: 'wavespeed-ai/infinitetalk-fast' }]);
	expect(Object.keys(emulator.predictions()[0]!.inputs).sort()).toEqual(['audio', 'image', 'seed']);
});

it('voice note to video: a voice note in reply to a photo comes back as a video', async () => {
	const example = await loadExample(testbed, 'voice-note-to-video', [
		await client.createCredential('telegramApi', { accessToken: TOKEN, baseUrl: bot.url }),
	]);
	const { id } = await client.createWorkflow(example);
	await client.activate(id);
	const before = emulator.predictions().length;
	const webhook = await until(async () => bot.webhook(), { what: "the bot's webhook" });
	await fetch(webhook.url, {
		method: 'POST',
		headers: {
			'content-type': 'application/json',
			'x-telegram-bot-api-secret-token': webhook.secret,
		},
		body: JSON.stringify({
			update_id: 1,
			message: {
				chat: { id: 4711 },
				voice: { file_id: 'voice' },
				reply_to_message: { photo: [{ file_id: 'small' }, { file_id: 'photo' }] },
			},
		}),
	});
	const sent = await until(async () => bot.sent('sendVideo')[0], { what: 'the video' });
	const { texts, files } = await readForm(sent);

	expect(emulator.predictions()).toHaveLength(before + 1);
	expect(texts).toMatchObject({ chat_id: '4711' });
	expect(files.video?.type).toBe('video/mp4');
});
