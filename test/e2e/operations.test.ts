import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { binaryOf, itemsOf, type Execution } from '../testbed/n8n';
import { shared } from '../testbed/jest/shared';
import { chain, code, noOp, webhookTrigger, workflow, type Parameters } from '../testbed/workflow';
import { form, publish, type Hook } from './support/webhook-workflow';
import { everythingOf, expectKeyOnlyAtApi, expectNotOnDisk } from './support/secret';
import { NODE } from './support/video-workflow';
import { expectUploaded } from './support/uploads';
import { mediaFixtures } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { mediaFields } from '../testbed/video-node';

const KEY = `wsk_${randomUUID()}`;

const testbed = useTestbed({ emulator: { apiKey: KEY, jobSeconds: 0 } });
const { client, emulator } = testbed;

const hooks: Hook[] = [];

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

/** A published workflow of the webhook and these nodes, one after the other. */
async function chained(...nodes: INode[]): Promise<Hook> {
	const hook = await publish(testbed, (trigger) =>
		workflow('Operations', ...chain(trigger, ...nodes)),
	);
	hooks.push(hook);
	return hook;
}

const isVideo = (bytes: Buffer) => bytes.subarray(4, 8).toString() === 'ftyp';

describe('files of a form that a production webhook has received', () => {
	it('become a video by the default fields alone', async () => {
		const ours = testbed.videoNode(NODE, { options: { seed: undefined } });
		const hook = await chained(ours, noOp('After'));
		const ended = await hook.sendFiles(mediaFixtures(), 'success');
		const [item] = itemsOf(ended, 'After');
		const [job] = emulator.predictions();
		expect(item?.json).toMatchObject({ id: job?.id, status: 'completed' });
		expectUploaded(emulator);
		// The seed stands for the content of the three files.
		expect(job?.body).toMatchObject({ order: 'meanwhile', seed: expect.any(Number) });
		expect(job?.body.seed).toBeGreaterThanOrEqual(0);
		const video = binaryOf(item, 'data');
		expect(video).toMatchObject({ mimeType: 'video/mp4', fileName: `infinitetalk-${job?.id}.mp4` });
		expect(isVideo(await client.download(video.id!))).toBe(true);
	});

	it('are answered with the video itself when the workflow says so', async () => {
		const answer = { responseMode: 'lastNode', responseData: 'firstEntryBinary' };
		const address = randomUUID();
		const trigger = webhookTrigger(address, answer);
		const flow = workflow('Answers with the video', ...chain(trigger, testbed.videoNode(NODE)));
		const { id } = await client.createWorkflow(flow);
		await client.activate(id);
		const got = await client.webhook(address, await form(mediaFixtures()));
		expect(got).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4' } });
		expect(isVideo(got.body)).toBe(true);
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('are uploaded once when several items share them', async () => {
		const twice = code(
			'Twice',
			'const [item] = $input.all(); return [item, item].map(({ json, binary }) => ({ json, binary }));',
		);
		const hook = await chained(twice, testbed.videoNode(NODE, { operation: 'submit' }));
		const ended = await hook.sendFiles(mediaFixtures(), 'success');
		expect(itemsOf(ended, NODE)).toHaveLength(2);
		expect(emulator.requestsTo('put')).toHaveLength(3);
		expect(emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});

const { image, left_audio, right_audio } = mediaFixtures();
const fromCall = (place: string) => `={{ $('Webhook').item.${place} }}`;

/** Every way that the README names. The node comes after one that passes the webhook's item on. */
const KINDS: ReadonlyArray<[string, Parameters, (hook: Hook) => Promise<Execution>]> = [
	[
		'binary fields of other names',
		mediaFields('binary', ['one', '={{ "two" }}', 'three']),
		async (hook) =>
			await hook.sendFiles({ one: image, two: left_audio, three: right_audio }, 'success'),
	],
	[
		'binary objects of an earlier node by expression',
		mediaFields('binary', [
			fromCall('binary.image'),
			fromCall('binary.left_audio'),
			fromCall('binary.right_audio'),
		]),
		async (hook) => await hook.sendFiles(mediaFixtures(), 'success'),
	],
	[
		'URLs from the JSON of the call',
		mediaFields('url', [
			fromCall('json.body[0]'),
			fromCall('json.body[1]'),
			fromCall('json.body[2]'),
		]),
		async (hook) => await hook.sendJson(urls(), 'success'),
	],
];

function urls(): string[] {
	return ['pair.png', 'left-voice.wav', 'right-voice.wav'].map(
		(name) => `${emulator.origins.web}/${name}`,
	);
}

it.each(KINDS)(
	'%s are taken by Submit, whose job Get Result waits for and fetches',
	async (_kind, fields, send) => {
		emulator.scriptJob({ seconds: 1 });
		const hook = await chained(
			noOp('Between'),
			testbed.videoNode('Submit', { operation: 'submit', ...fields }),
			testbed.videoNode('Get Result', { operation: 'getResult', ifNotFinished: 'wait' }),
		);
		const ended = await send(hook);
		const [submitted] = itemsOf(ended, 'Submit');
		expect(submitted?.json.status).toBe('created');
		expect(submitted?.binary).toBeUndefined();
		const [result] = itemsOf(ended, 'Get Result');
		expect(result?.json).toMatchObject({ id: submitted?.json.id, status: 'completed' });
		expect(binaryOf(result, 'data').mimeType).toBe('video/mp4');
		// The picture and each voice in its place, whichever way they came.
		const { inputs } = emulator.predictions()[0]!;
		if (emulator.uploads().length > 0) expectUploaded(emulator);
		else expect([inputs.image, inputs.left_audio, inputs.right_audio]).toEqual(urls());
		expect(emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	},
);

describe('the API key', () => {
	it('is nowhere in executions, logs, database or stored files', async () => {
		const everything = await everythingOf(
			testbed,
			hooks.map(({ workflowId }) => workflowId),
		);
		// Not by `toContain`: it would print everything.
		expect([KEY].filter((key) => everything.includes(key))).toEqual([]);
		expect(everything.includes('infinitetalk-')).toBe(true);
		await expectNotOnDisk(testbed, path.dirname(shared().files), KEY);
	});
});
