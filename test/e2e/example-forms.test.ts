import { expect, it } from '@jest/globals';
import { readForm } from '../fixtures/stub-server';
import { fixture, itemsOf } from '../testbed';
import { startBot, startS3, startSpeech } from './stubs/web-services';
import { useExamples } from './support/examples';
import { expectUploaded } from './support/uploads';

const examples = useExamples({ emulator: { jobSeconds: 0 } });
const { client, emulator } = examples;

it('form and ElevenLabs to S3 and Telegram: from a form to a stored and sent video', async () => {
	const voices = { anna: 'left-voice.wav', bert: 'right-voice.wav' };
	const speech = await examples.using(startSpeech(voices));
	const telegram = await examples.using(startBot());
	const storage = await examples.using(startS3());
	const lines = ['Hello, "Bert"!\nHow are you?', 'Fine, thank you.'];
	const fields = [fixture('pair.png'), ...lines];
	const settings = {
		...{ bucket: 'my-videos', telegram_chat_id: '4711' },
		...{ left_voice_id: 'anna', right_voice_id: 'bert' },
	};
	const { execution } = await examples.sendForm('elevenlabs-form-to-s3-telegram', fields, {
		services: [speech, storage, telegram],
		fields: { 'Your settings': settings },
	});
	const ended = await client.waitFor(execution, ['success']);

	expect(speech.lines()).toEqual([
		{ voice: 'anna', text: 'Hello, "Bert"!\r\nHow are you?' },
		{ voice: 'bert', text: 'Fine, thank you.' },
	]);
	expect(emulator.predictions()).toMatchObject([{ inputs: { order: 'left_right' } }]);
	expectUploaded(emulator);
	const { fileName, content } = await examples.videoOf(ended);
	expect(storage.stored.get(`my-videos/${fileName}`)).toEqual({ type: 'video/mp4', content });
	const { texts, files } = await readForm(telegram.sent('sendVideo')[0]!);
	expect(texts).toMatchObject({ chat_id: '4711', caption: expect.stringContaining(fileName) });
	expect(files.video).toEqual({ name: fileName, type: 'video/mp4', content });
});

it('form to talking video: three files in one form become a video', async () => {
	const form = await examples.sendForm('form-to-video');
	await form.reached('Make the video');
	expect(emulator.predictions()).toHaveLength(1);
	expectUploaded(emulator);
});

it('form to talking video: the page says what is wrong with a file, and nothing is submitted', async () => {
	const left = { name: 'left.wav', type: 'audio/wav', content: Buffer.from('Hello, Bert!') };
	const files = [fixture('pair.png'), left, fixture('right-voice.wav')];
	const form = await examples.sendForm('form-to-video', files);
	expect(await form.page()).toMatch(/Left Audio: the file .*left\.wav/);
	expect(emulator.predictions()).toEqual([]);
});

it('price, approval, video: Yes makes the video for the price that the page has shown', async () => {
	const form = await examples.sendForm('price-approve-then-make');
	const page = await form.page();
	await form.choose(0, 'Yes');
	const last = await form.reached('Show the link');
	const cost = Number(itemsOf(last, 'Get the price')[0]?.json.estimated_cost);
	expect(cost).toBeGreaterThan(0);
	expect(page).toContain(`This video costs $${cost}`);
	expect(page).toContain('Your account has $100 left');
	const [video] = itemsOf(last, 'Make the video');
	expect(video?.json).toMatchObject({ status: 'completed', estimated_cost: cost });
	expect(emulator.billing()).toMatchObject({ submitted: 1, spent: cost });
});

const FAST = 'wavespeed-ai/infinitetalk-fast/multi';
const STANDARD = 'wavespeed-ai/infinitetalk/multi';

it('draft, approval, final: the page shows the draft, and its answer chooses the model', async () => {
	const form = await examples.sendForm('draft-approve-final');
	const page = await form.page();
	await form.choose(1, '720p');
	const [output] = itemsOf(await form.reached('Show the link'), 'Make the final');
	const [draft, final, ...others] = emulator.predictions();
	expect(others).toEqual([]);
	expect(page).toContain('Is the draft good?');
	expect(page).toContain(draft!.videoUrl);
	expect(draft).toMatchObject({ model: FAST, inputs: { order: 'left_right' } });
	expect(final).toMatchObject({ model: STANDARD, inputs: { resolution: '720p' } });
	expect(output?.json.id).toBe(final?.id);
	expect(output?.binary?.data).toBeDefined();
});

it.each([
	['price-approve-then-make', 0, 'No', 'Say goodbye', []],
	['draft-approve-final', 1, 'None', 'Show the end', [FAST]],
])('%s: without approval only what was there is paid for', async (...given) => {
	const [example, field, choice, last, paid] = given;
	const form = await examples.sendForm(example, undefined);
	await form.page();
	await form.choose(field, choice);
	await form.reached(last);
	expect(emulator.predictions().map(({ model }) => model)).toEqual(paid);
});
