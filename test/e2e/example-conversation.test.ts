import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { path as ffmpegPath } from '@ffmpeg-installer/ffmpeg';
import { expect, it } from '@jest/globals';
import { decodeSound, heard } from '../fixtures/sound';
import { FIXTURES, itemsOf, type Execution } from '../testbed';
import { startTextModel } from './stubs/chat-model';
import { startSpeech } from './stubs/web-services';
import { useExamples } from './support/examples';

const examples = useExamples({ emulator: { jobSeconds: 0, render: 'video' } });
const { testbed, emulator } = examples;

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
