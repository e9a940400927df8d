import { copyFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { shared } from '../testbed/jest/shared';
import { binaryOf, itemsOf, runsOf, type Execution } from '../testbed/n8n';
import { loadExample, replace, runFrom } from './stand-ins/example';
import { createWorkbench, FIXTURES, type Workbench } from './support/bench';
import { fixture, sha256, uploadedFor } from './support/trio';

// A real n8n on a busy machine takes its time.
jest.setTimeout(90_000);

const START = "When clicking 'Execute workflow'";

let bench: Workbench;

beforeAll(async () => {
	bench = await createWorkbench(shared(), { jobSeconds: 0 });
	const voice = 'right-voice.wav';
	await copyFile(path.join(FIXTURES, voice), path.join(bench.files, voice));
});

afterEach(async () => {
	await bench.emulator.reset();
});

afterAll(async () => {
	await bench?.close();
});

/** That the three files went to the one job, and its video into the folder. */
async function expectFilesAndVideo(ended: Execution, from: string, order: string): Promise<void> {
	const [job, ...others] = bench.emulator.predictions();
	expect(others).toEqual([]);
	expect(job?.inputs.order).toBe(order);
	expect(uploadedFor(bench.emulator, job!.id)).toEqual({
		image: sha256(fixture('pair.png').content),
		left_audio: sha256(fixture('left-voice.wav').content),
		right_audio: sha256(fixture('right-voice.wav').content),
	});
	const { id, fileName } = binaryOf(itemsOf(ended, from)[0], 'data');
	expect(fileName).toContain(job?.id);
	const video = await bench.client.download(id ?? '');
	expect(await readFile(path.join(bench.files, fileName ?? ''))).toEqual(video);
}

it('files to talking video: reads three files, writes the video', async () => {
	const ended = await runFrom(bench, await loadExample(bench, 'files-to-video'), START);
	await expectFilesAndVideo(ended, 'Make the video', 'left_right');
});

it('submit, wait, collect: looks again until the job has ended', async () => {
	bench.emulator.scriptJob({ statuses: ['processing', 'processing'] });
	const example = await loadExample(bench, 'submit-then-collect');
	const hasty = replace(example, 'Wait a little', (node) => ({
		...node,
		parameters: { amount: 1 },
	}));
	const ended = await runFrom(bench, hasty, START);
	expect(runsOf(ended, 'Get Result')).toBe(3);
	await expectFilesAndVideo(ended, 'Get Result', 'meanwhile');
});
