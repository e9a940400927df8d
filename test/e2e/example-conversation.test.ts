import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { decodeSound, heard } from '../fixtures/sound';
import { fixture } from '../testbed/fixtures';
import { binaryOf, itemsOf } from '../testbed/n8n';
import { loadExample, nodeOf, readdress, runFrom } from './support/examples';
import { startTextModel, type ChatModel } from './stubs/chat-model';
import { startSpeech, type Speech } from './stubs/web-services';
import { useTestbed } from '../testbed/jest/use-testbed';

const START = "When clicking 'Execute workflow'";
const SPEECH_KEY = `sk_${randomUUID()}`;
/** The sounds of the voices, in Hz. */
const LEFT = 440;
const RIGHT = 1_300;

const testbed = useTestbed({ emulator: { jobSeconds: 0, render: 'video' } });
const { client, emulator } = testbed;

let speech: Speech | undefined;
let model: ChatModel | undefined;

afterAll(async () => {
	await speech?.close();
	await model?.close();
});

/** The sound of the video that was saved. */
async function savedSound(item: ReturnType<typeof itemsOf>[number] | undefined) {
	return await decodeSound(path.join(testbed.files, binaryOf(item, 'data').fileName ?? ''));
}

it('script to conversation: the lines of a language model become one video', async () => {
	const turns = [
		{ speaker: 'Mia', text: 'Hello, Ben!' },
		{ speaker: 'Ben', text: 'Hello, Mia.' },
		{ speaker: 'Mia', text: 'Shall we talk?' },
	];
	model = await startTextModel(JSON.stringify({ output: { turns } }));
	const header = { name: 'xi-api-key', value: SPEECH_KEY };
	const example = await loadExample(testbed, 'script-to-conversation', [
		await client.createCredential('httpHeaderAuth', header),
		await client.createCredential('openAiApi', { apiKey: 'sk-none', url: model.url }),
	]);
	const { assignments } = nodeOf(example, 'Topic').parameters.assignments as {
		assignments: Array<{ name: string; value: string }>;
	};
	const voiceOf = (side: string) =>
		assignments.find(({ name }) => name === `${side}_voice_id`)?.value ?? '';
	speech = await startSpeech(SPEECH_KEY, {
		[voiceOf('left')]: 'left-tone.wav',
		[voiceOf('right')]: 'right-tone.wav',
	});
	const flow = readdress(example, 'https://api.elevenlabs.io', speech.url);

	const ended = await runFrom(testbed, flow, START);

	const [made, ...others] = itemsOf(ended, 'Conversation');
	expect(others).toEqual([]);
	expect(made?.json).toEqual({
		duration_s: 8.8,
		turns: [
			{ speaker: 'left', start_s: 0, end_s: 2.5, text: 'Hello, Ben!' },
			{ speaker: 'right', start_s: 2.9, end_s: 4.9, text: 'Hello, Mia.' },
			{ speaker: 'left', start_s: 5.3, end_s: 7.8, text: 'Shall we talk?' },
		],
	});
	expect(emulator.billing()).toMatchObject({ submitted: 1 });
	const sound = await savedSound(itemsOf(ended, 'Make the video')[0]);
	const left = heard(sound, LEFT);
	const right = heard(sound, RIGHT);
	expect(left?.from).toBeCloseTo(0, 0);
	expect(left?.to).toBeCloseTo(7.8, 0);
	expect(right?.from).toBeCloseTo(2.9, 0);
	expect(right?.to).toBeCloseTo(4.9, 0);
});

it('phone call to video: each channel of a recording is a voice', async () => {
	const [left, right] = ['left-tone.wav', 'right-tone.wav'].map((name) => fixture(name).content);
	const stereo = Buffer.alloc(44 + 2 * (left!.length - 44));
	left!.copy(stereo, 0, 0, 44);
	stereo.writeUInt32LE(stereo.length - 8, 4);
	stereo.writeUInt16LE(2, 22);
	stereo.writeUInt32LE(64_000, 28);
	stereo.writeUInt16LE(4, 32);
	stereo.writeUInt32LE(stereo.length - 44, 40);
	for (let at = 44; at < left!.length; at += 2) {
		left!.copy(stereo, 44 + 2 * (at - 44), at, at + 2);
		if (at < right!.length) right!.copy(stereo, 46 + 2 * (at - 44), at, at + 2);
	}
	await writeFile(path.join(testbed.files, 'call.wav'), stereo);

	const ended = await runFrom(testbed, await loadExample(testbed, 'phone-call-to-video'), START);

	expect(itemsOf(ended, 'Voices')[0]?.json).toEqual({ duration_s: 2.5 });
	const sent = emulator.uploads().filter(({ contentType }) => contentType === 'audio/wav');
	expect(sent.map(({ seconds }) => seconds)).toEqual([2.5, 2.5]);
	const sound = await savedSound(itemsOf(ended, 'Make the video')[0]);
	expect(heard(sound, LEFT)?.to).toBeCloseTo(2.5, 0);
	expect(heard(sound, RIGHT)?.to).toBeCloseTo(2, 0);
});
