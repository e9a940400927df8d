import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { binaryOf, itemsOf, runsOf, type Execution } from '../testbed/n8n';
import { loadExample, replace, runFrom } from './support/examples';
import { expectUploaded } from './support/uploads';
import { fixture, sha256 } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';

const START = "When clicking 'Execute workflow'";

const testbed = useTestbed({ emulator: { jobSeconds: 0 } });
const { client, emulator } = testbed;

/** That the three files went to the one job, and its video into the folder. */
async function expectFilesAndVideo(ended: Execution, from: string, order: string): Promise<void> {
	const [job, ...others] = emulator.predictions();
	expect(others).toEqual([]);
	expect(job?.inputs.order).toBe(order);
	expectUploaded(emulator);
	const { id, fileName } = binaryOf(itemsOf(ended, from)[0], 'data');
	expect(fileName).toContain(job?.id);
	const video = await client.download(id ?? '');
	expect(await readFile(path.join(testbed.files, fileName ?? ''))).toEqual(video);
}

it('files to talking video: reads three files, writes the video', async () => {
	const ended = await runFrom(testbed, await loadExample(testbed, 'files-to-video'), START);
	await expectFilesAndVideo(ended, 'Make the video', 'left_right');
});

it('submit, wait, collect: looks again until the job has ended', async () => {
	emulator.scriptJob({ statuses: ['processing', 'processing'] });
	const example = await loadExample(testbed, 'submit-then-collect');
	const hasty = replace(example, 'Wait a little', (node) => ({
		...node,
		parameters: { amount: 1 },
	}));
	const ended = await runFrom(testbed, hasty, START);
	expect(runsOf(ended, 'Get Result')).toBe(3);
	await expectFilesAndVideo(ended, 'Get Result', 'left_right');
});

it('one speaks, one listens: the second voice is silence of the same length', async () => {
	const ended = await runFrom(testbed, await loadExample(testbed, 'one-speaks-one-listens'), START);
	const [job, ...others] = emulator.predictions();
	expect(others).toEqual([]);
	expect(job?.inputs.order).toBe('meanwhile');
	const sent = (url: string | undefined) =>
		emulator.uploads().find(({ downloadUrl }) => downloadUrl === url);
	expect(sent(job?.inputs.left_audio)?.sha256).toBe(sha256(fixture('left-voice.wav').content));
	expect(sent(job?.inputs.right_audio)).toMatchObject({ fileName: 'silence.wav', seconds: 3.69 });
	const [output] = itemsOf(ended, 'Make the video');
	expect(output?.json).toMatchObject({ duration_s: 3.69 });
	const { id, fileName } = binaryOf(output, 'data');
	const video = await client.download(id ?? '');
	expect(await readFile(path.join(testbed.files, fileName ?? ''))).toEqual(video);
});
