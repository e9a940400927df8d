/** The examples that read and write files in a folder. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import { expect, it } from '@jest/globals';
import { decodeSound, heard } from '../fixtures/sound';
import { fixture, FIXTURES, itemsOf, runsOf, sha256, type Execution } from '../testbed';
import { startTextModel } from './stubs/chat-model';
import { startSpeech } from './stubs/web-services';
import { nodeOf, useExamples } from './support/examples';
import { expectUploaded } from './support/uploads';

const examples = useExamples({ emulator: { jobSeconds: 0, render: 'video' } });
const { testbed, emulator } = examples;

/** That there is one job, in this speaking order, and its video in the folder. */
async function expectVideo(ended: Execution, from: string, order: string): Promise<void> {
	expect(emulator.predictions()).toMatchObject([{ inputs: { order } }]);
	const { fileName, content } = await examples.videoOf(ended, from);
	expect(fileName).toContain(emulator.predictions()[0]?.id);
	expect(await readFile(path.join(testbed.files, fileName))).toEqual(content);
}

it('files to talking video: reads three files, writes the video', async () => {
	const ended = await examples.run('files-to-video');
	expectUploaded(emulator);
	await expectVideo(ended, 'Make the video', 'left_right');
});

it('submit, wait, collect: looks again until the job has ended', async () => {
	emulator.scriptJob({ statuses: ['processing', 'processing'] });
	const ended = await examples.run('submit-then-collect', {
		edit: (example) => (nodeOf(example, 'Wait a little').parameters = { amount: 1 }),
	});
	expect(runsOf(ended, 'Get Result')).toBe(3);
	expectUploaded(emulator);
	await expectVideo(ended, 'Get Result', 'left_right');
});

it('one speaks, one listens: the second voice is silence of the same length', async () => {
	const ended = await examples.run('one-speaks-one-listens');
	const { inputs } = emulator.predictions()[0]!;
	const sent = (url?: string) => emulator.uploads().find((file) => file.downloadUrl === url);
	expect(sent(inputs.left_audio)?.sha256).toBe(sha256(fixture('left-voice.wav').content));
	expect(sent(inputs.right_audio)).toMatchObject({ fileName: 'silence.wav', seconds: 3.69 });
	expect(itemsOf(ended, 'Make the video')[0]?.json).toMatchObject({ duration_s: 3.69 });
	await expectVideo(ended, 'Make the video', 'meanwhile');
});

/** When each voice of the saved video is heard: the left one sounds at 440 Hz, the right one at 1,300. */
async function voicesOf(ended: Execution) {
	const { fileName } = await examples.videoOf(ended);
	const sound = await decodeSound(path.join(testbed.files, fileName));
	return { left: heard(sound, 440), right: heard(sound, 1_300) };
}

it('script to conversation: the lines of a language model become one video', async () => {
	const turns = [
		{ speaker: 'Mia', text: 'Hello, Ben!' },
		{ speaker: 'Ben', text: 'Hello, Mia.' },
		{ speaker: 'Mia', text: 'Shall we talk?' },
	];
	const model = await examples.using(startTextModel(JSON.stringify({ output: { turns } })));
	const voices = { left: 'left-tone.wav', right: 'right-tone.wav' };
	const speech = await examples.using(startSpeech(voices));
	const ended = await examples.run('script-to-conversation', {
		services: [speech, model],
		fields: { Topic: { left_voice_id: 'left', right_voice_id: 'right' } },
	});

	expect(itemsOf(ended, 'Conversation').map(({ json }) => json)).toEqual([
		{
			duration_s: 8.8,
			turns: [
				{ speaker: 'left', start_s: 0, end_s: 2.5, text: 'Hello, Ben!' },
				{ speaker: 'right', start_s: 2.9, end_s: 4.9, text: 'Hello, Mia.' },
				{ speaker: 'left', start_s: 5.3, end_s: 7.8, text: 'Shall we talk?' },
			],
		},
	]);
	expect(emulator.billing()).toMatchObject({ submitted: 1 });
	const { left, right } = await voicesOf(ended);
	expect(left?.from).toBeCloseTo(0, 0);
	expect(left?.to).toBeCloseTo(7.8, 0);
	expect(right?.from).toBeCloseTo(2.9, 0);
	expect(right?.to).toBeCloseTo(4.9, 0);
});

it('phone call to video: each channel of a recording is a voice', async () => {
	const tones = ['left-tone.wav', 'right-tone.wav'].flatMap((name) => [
		'-i',
		path.join(FIXTURES, name),
	]);
	const join = ['-filter_complex', '[1]apad[right];[0][right]amerge', '-y'];
	execFileSync(ffmpegPath, [...tones, ...join, path.join(testbed.files, 'call.wav')]);

	const ended = await examples.run('phone-call-to-video');

	expect(itemsOf(ended, 'Voices')[0]?.json).toEqual({ duration_s: 2.5 });
	const sent = emulator.uploads().filter(({ contentType }) => contentType === 'audio/wav');
	expect(sent.map(({ seconds }) => seconds)).toEqual([2.5, 2.5]);
	const voices = await voicesOf(ended);
	expect(voices.left?.to).toBeCloseTo(2.5, 0);
	expect(voices.right?.to).toBeCloseTo(2, 0);
});
