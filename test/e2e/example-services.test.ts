import { copyFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { fetch } from 'undici';
import { readForm, startStub } from '../fixtures/stub-server';
import { fixture, FIXTURES, until } from '../testbed';
import { startBot, startS3, startSpeech } from './stubs/web-services';
import { useExamples } from './support/examples';

const examples = useExamples();
const { testbed, client, emulator } = examples;

/** Starts the example of the alert; gives the execution's ID, and what it tells the storage and the chat. */
async function startAlert(image = 'pair.png') {
	const chat = await examples.using(startStub(() => ({ body: 'ok' })));
	const storage = await examples.using(startS3());
	const { web } = emulator.origins;
	const settings = {
		image_url: new URL(image, web).href,
		left_audio_url: `${web}/left-voice.wav`,
		right_audio_url: `${web}/right-voice.wav`,
		chat_webhook_url: `${chat.url}/hook`,
	};
	const id = await examples.start('links-to-s3-with-alert', {
		services: [storage],
		fields: { 'Your settings': settings },
	});
	const alerts = () =>
		chat.received.map(({ body }) => (JSON.parse(body.toString()) as { text: string }).text);
	return { id, stored: storage.stored, alerts };
}

/** Lets its job end once the execution is stored. */
async function finish(id: string) {
	await client.waitFor(id, ['waiting']);
	await emulator.finishAll();
	return await client.waitFor(id, ['success']);
}

it('links to S3, alert on failure: stores the video when WaveSpeed has called', async () => {
	emulator.scriptJob({ seconds: 'never' });
	const { id, stored, alerts } = await startAlert();
	const { fileName, content } = await examples.videoOf(await finish(id));
	expect(stored.get(`videos/${fileName}`)).toMatchObject({ content });
	expect(alerts()).toEqual([]);
});

it('links to S3, alert on failure: tells the chat why a job failed, and its ID', async () => {
	const error = 'The "picture" is not allowed';
	emulator.scriptJob({ seconds: 'never', end: { status: 'failed', code: 1200, error } });
	const { id, alerts } = await startAlert();
	await finish(id);
	expect(alerts()).toEqual([expect.stringContaining(error)]);
	expect(alerts()[0]).toContain(`Job: ${emulator.predictions()[0]?.id}\n`);
});

it('links to S3, alert on failure: tells the chat of a mistake before the job', async () => {
	const { id, alerts } = await startAlert('file:///pair.png');
	await client.waitFor(id, ['success']);
	expect(emulator.predictions()).toEqual([]);
	expect(alerts()).toEqual([expect.stringContaining('Job: none was submitted\n')]);
});

it('news to talking head: the latest entry is spoken by the person in the picture', async () => {
	emulator.setOptions({ jobSeconds: 0 });
	const entries = `<item><title>Rain today</title><description>Take an umbrella.</description></item>
<item><title>Sun yesterday</title><description>You missed it.</description></item>`;
	const body = `<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>${entries}</channel></rss>`;
	const feed = await examples.using(startStub(() => ({ type: 'application/rss+xml', body })));
	const speech = await examples.using(startSpeech({ anna: 'left-voice.wav' }));
	await copyFile(path.join(FIXTURES, 'pair.png'), path.join(testbed.files, 'presenter.png'));
	const settings = { feed: `${feed.url}/news.xml`, voice_id: 'anna' };
	const fitting = { services: [speech], fields: { 'Your settings': settings } };
	await examples.run('news-to-talking-head', fitting, 'Every morning');

	expect(speech.lines()).toEqual([{ voice: 'anna', text: 'Rain today. Take an umbrella.' }]);
	expect(emulator.predictions()).toMatchObject([{ model: 'wavespeed-ai/infinitetalk-fast' }]);
	expect(Object.keys(emulator.predictions()[0]!.inputs).sort()).toEqual(['audio', 'image', 'seed']);
});

it('voice note to video: a voice note in reply to a photo comes back as a video', async () => {
	emulator.setOptions({ jobSeconds: 0 });
	const held = { photo: fixture('pair.png'), voice: fixture('right-voice.wav') };
	const bot = await examples.using(startBot(held));
	await examples.publish('voice-note-to-video', { services: [bot] });
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
