import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { fixture, itemsOf, runsOf, sha256, type Execution } from '../testbed';
import { nodeOf, useExamples } from './support/examples';
import { expectUploaded } from './support/uploads';

const examples = useExamples({ emulator: { jobSeconds: 0 } });
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
