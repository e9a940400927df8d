import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, it, jest } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { binaryOf, errorOf, itemsOf, type Execution, type ExecutionStatus } from '../testbed/n8n';
import { shared } from '../testbed/jest/shared';
import { chain, code, noOp, workflow, writeFile } from '../testbed/workflow';
import { form, productionWebhook, publish, type Hook } from './support/webhook-workflow';
import { KINDS } from './support/kinds';
import { everythingOf, expectKeyOnlyAtApi, expectNotOnDisk } from './support/secret';
import { NODE, READY } from './support/video-workflow';
import { uploadedFor } from './support/uploads';
import { startFiles, type Files } from './stubs/web-services';
import { asOrdered, watch, type Order } from './support/watch-video';
import { mediaFixtures, sha256 } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { mediaFields } from '../testbed/video-node';

// Jobs are looked at after 2.5 to 5 seconds at the earliest.
jest.setTimeout(60_000);

const KEY = `wsk_${randomUUID()}`;

let web: Files;

const testbed = useTestbed(async () => {
	web = await startFiles();
	return { emulator: { apiKey: KEY, jobSeconds: 0, inputOrigins: web.inputOrigins } };
});

const hooks: Hook[] = [];

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

afterAll(async () => {
	await web?.close();
});

/** A published workflow of the webhook and these nodes, one after the other. */
async function chained(...nodes: INode[]): Promise<Hook> {
	const hook = await publish(testbed, (trigger) =>
		workflow('Operations', ...chain(trigger, ...nodes)),
	);
	hooks.push(hook);
	return hook;
}

/** The bytes of the fixtures, as the API should have got them. */
function expected(): Record<string, string> {
	const { image, left_audio, right_audio } = mediaFixtures();
	return {
		image: sha256(image.content),
		left_audio: sha256(left_audio.content),
		right_audio: sha256(right_audio.content),
	};
}

const isVideo = (bytes: Buffer) => bytes.subarray(4, 8).toString() === 'ftyp';

describe('files of a form that a production webhook has received', () => {
	it('become a video by the default fields alone', async () => {
		const ours = testbed.videoNode(NODE, { options: { seed: undefined } });
		const hook = await chained(ours, noOp('After'));
		const ended = await hook.sendFiles(mediaFixtures(), 'success');
		const [item] = itemsOf(ended, 'After');
		const [job] = testbed.emulator.predictions();
		expect(item?.json).toMatchObject({ id: job?.id, status: 'completed' });
		expect(uploadedFor(testbed.emulator, job!.id)).toEqual(expected());
		// The seed stands for the content of the three files.
		expect(job?.body).toMatchObject({ order: 'meanwhile', seed: expect.any(Number) });
		expect(job?.body.seed).toBeGreaterThanOrEqual(0);
		const video = binaryOf(item, 'data');
		expect(video).toMatchObject({ mimeType: 'video/mp4', fileName: `infinitetalk-${job?.id}.mp4` });
		expect(isVideo(await testbed.client.download(video.id!))).toBe(true);
	});

	it('are answered with the video itself when the workflow says so', async () => {
		const answer = { responseMode: 'lastNode', responseData: 'firstEntryBinary' };
		const address = randomUUID();
		const trigger = productionWebhook(address, answer);
		const flow = workflow('Answers with the video', ...chain(trigger, testbed.videoNode(NODE)));
		const { id } = await testbed.client.createWorkflow(flow);
		await testbed.client.activate(id);
		const got = await testbed.client.webhook(address, await form(mediaFixtures()));
		expect(got).toMatchObject({ status: 200, headers: { 'content-type': 'video/mp4' } });
		expect(isVideo(got.body)).toBe(true);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	});

	it('work in combined binary mode too, where files sit in the JSON', async () => {
		const hook = await publish(testbed, (trigger) => ({
			...workflow('Combined', ...chain(trigger, testbed.videoNode(NODE), noOp('After'))),
			settings: { binaryMode: 'combined' },
		}));
		hooks.push(hook);
		const ended = await hook.sendFiles(mediaFixtures(), 'success');
		const [received] = itemsOf(ended, 'Webhook');
		expect(received?.binary).toBeUndefined();
		const [job] = testbed.emulator.predictions();
		expect(uploadedFor(testbed.emulator, job!.id)).toEqual(expected());
		expect(JSON.stringify(itemsOf(ended, 'After'))).toContain('video/mp4');
	});

	it('go up in one step where the API has no upload tickets', async () => {
		const { faults, requestsTo } = testbed.emulator;
		faults.add({ on: 'ticket', times: 'always', do: { respond: { status: 404 } } });
		const hook = await chained(testbed.videoNode(NODE, { operation: 'submit' }));
		await hook.sendFiles(mediaFixtures(), 'success');
		expect(requestsTo('oneStep')).toHaveLength(3);
		const [job] = testbed.emulator.predictions();
		expect(uploadedFor(testbed.emulator, job!.id)).toEqual(expected());
	});
});

function urls(): [string, string, string] {
	return [`${web.url}/pair.png`, `${web.url}/left-voice.wav`, `${web.url}/right-voice.wav`];
}

describe.each(KINDS)('$kind', ({ fields, send }) => {
	it('are taken by Submit, whose job Get Result waits for and fetches', async () => {
		testbed.emulator.scriptJob({ seconds: 1 });
		const hook = await chained(
			testbed.videoNode('Submit', { operation: 'submit', ...fields }),
			testbed.videoNode('Get Result', { operation: 'getResult', ifNotFinished: 'wait' }),
		);
		const ended = await send(hook, urls());
		const [submitted] = itemsOf(ended, 'Submit');
		expect(submitted?.json.status).toBe('created');
		expect(submitted?.binary).toBeUndefined();
		const [result] = itemsOf(ended, 'Get Result');
		expect(result?.json).toMatchObject({ id: submitted?.json.id, status: 'completed' });
		expect(binaryOf(result, 'data').mimeType).toBe('video/mp4');
		expectInputs();
	});

	it('are taken by Submit and Wait', async () => {
		testbed.emulator.scriptJob(READY);
		const hook = await chained(noOp('Between'), testbed.videoNode(NODE, fields));
		const [item] = itemsOf(await send(hook, urls()), NODE);
		expect(item?.json).toMatchObject({ status: 'completed', video_url: expect.any(String) });
		expect(binaryOf(item, 'data').mimeType).toBe('video/mp4');
		expectInputs();
	});

	/** The job got the picture and each voice in its place, whichever way they came. */
	function expectInputs(): void {
		const [job] = testbed.emulator.predictions();
		const { image, left_audio, right_audio } = job!.inputs;
		if (testbed.emulator.uploads().length === 0) {
			expect([image, left_audio, right_audio]).toEqual(urls());
		} else {
			expect(uploadedFor(testbed.emulator, job!.id)).toEqual(expected());
		}
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 1, billed: 1 });
	}
});

describe('Get Result', () => {
	/** Submits, then reads the job, as simple and as raw JSON. */
	async function read(ifNotFinished: string, ...statuses: ExecutionStatus[]): Promise<Execution> {
		const id = "={{ $('Submit').item.json.id }}";
		const hook = await chained(
			testbed.videoNode('Submit', { operation: 'submit', ...mediaFields('url', urls()) }),
			testbed.videoNode('Simple', { operation: 'getResult', ifNotFinished }),
			testbed.videoNode('Raw', { operation: 'getResult', predictionId: id, simplify: false }),
		);
		return await hook.sendJson({}, ...statuses);
	}

	it('gives the status of a running job, as simple and as raw JSON', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const ended = await read('returnStatus', 'success');
		const [simple] = itemsOf(ended, 'Simple');
		const id = testbed.emulator.predictions()[0]?.id;
		expect(simple?.json).toMatchObject({ id, status: 'processing', video_url: null });
		expect(simple?.binary).toBeUndefined();
		const [raw] = itemsOf(ended, 'Raw');
		expect(raw?.json).toMatchObject({ id, status: 'processing', urls: expect.anything() });
		expect(raw?.binary).toBeUndefined();
	});

	it('gives the video of a finished one, as simple and as raw JSON', async () => {
		testbed.emulator.scriptJob(READY);
		const ended = await read('fail', 'success');
		const [simple, raw] = [itemsOf(ended, 'Simple')[0], itemsOf(ended, 'Raw')[0]];
		const [job] = testbed.emulator.predictions();
		const { id, videoUrl } = job!;
		const outputs = [videoUrl];
		expect(Object.keys(simple!.json).sort()).toEqual(
			[
				...['created_at', 'expires_at', 'has_nsfw_contents', 'id', 'inference_ms'],
				...['reused', 'status', 'video_url'],
			].sort(),
		);
		expect(simple?.json).toMatchObject({ id, status: 'completed', video_url: videoUrl });
		expect(raw?.json).toMatchObject({ id, status: 'completed', outputs, urls: expect.anything() });
		// n8n takes an item with this key for a failed one.
		expect(raw?.json).not.toHaveProperty('error');
		expect([simple, raw].map((item) => binaryOf(item, 'data').mimeType)).toEqual(
			Array(2).fill('video/mp4'),
		);
	});

	it('fails for a running one when it is told to', async () => {
		testbed.emulator.scriptJob({ seconds: 'never' });
		const failure = errorOf(await read('fail', 'error'), 'Simple');
		expect(failure?.message).toMatch(/not finished.*processing/);
		expect(failure?.message).toContain(testbed.emulator.predictions()[0]?.id);
	});
});

describe('several items', () => {
	it('come out in input order, each paired and with its own job, however the jobs end', async () => {
		const rows = [0, 1, 2, 3].map((row) => ({ row, order: ['left_right', 'right_left'][row % 2] }));
		for (const { row } of rows) {
			testbed.emulator.scriptJob({ match: `row ${row}.`, seconds: (3 - row) * 0.5 });
		}
		const own = {
			...mediaFields('url', urls()),
			order: '={{ $json.order }}',
			prompt: '=row {{ $json.row }}.',
			options: { seed: '={{ $json.row + 10 }}', fileName: '=talk-{{ $json.row }}' },
		};
		const split = code('Rows', 'return $input.first().json.body.rows.map((json) => ({ json }));');
		const after = code(
			'After',
			'return $input.all().map((_, i) => ({ json: $("Rows").itemMatching(i).json, pairedItem: i }));',
		);
		const hook = await chained(split, testbed.videoNode(NODE, own), after);
		const ended = await hook.sendJson({ rows }, 'success');
		const out = itemsOf(ended, NODE);
		expect(out.map(({ pairedItem }) => pairedItem)).toEqual(
			rows.map(({ row: item }) => ({ item })),
		);
		const jobs = testbed.emulator.predictions();
		const bodies = out.map(({ json }) => jobs.find(({ id }) => id === json.id)?.body);
		expect(bodies).toEqual(
			rows.map(({ row, order }) => ({
				...{ image: urls()[0], left_audio: urls()[1], right_audio: urls()[2] },
				...{ prompt: `row ${row}.`, order, seed: row + 10 },
			})),
		);
		expect(out.map((item) => binaryOf(item, 'data').fileName)).toEqual(
			rows.map(({ row }) => `talk-${row}.mp4`),
		);
		// n8n finds the way back from an output item to what it was made of.
		expect(itemsOf(ended, 'After').map(({ json }) => json.row)).toEqual([0, 1, 2, 3]);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 4, billed: 4 });
	});

	it('that share a picture upload it once', async () => {
		const twice = code(
			'Twice',
			'const [item] = $input.all(); return [item, item].map(({ json, binary }) => ({ json, binary }));',
		);
		const hook = await chained(twice, testbed.videoNode(NODE, { operation: 'submit' }));
		const ended = await hook.sendFiles(mediaFixtures(), 'success');
		expect(itemsOf(ended, NODE)).toHaveLength(2);
		expect(testbed.emulator.requestsTo('put')).toHaveLength(3);
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 2, billed: 2 });
	});
});

describe('the video', () => {
	it.each<Order>(['meanwhile', 'left_right', 'right_left'])(
		'shows the picture, and lets the voices be heard as "%s" says',
		async (order) => {
			testbed.emulator.setOptions({ render: 'video' });
			testbed.emulator.scriptJob(READY);
			const file = path.join(testbed.files, `${randomUUID()}.mp4`);
			const hook = await chained(testbed.videoNode(NODE, { order }), writeFile('Save', file));
			await hook.sendFiles(mediaFixtures(), 'success');
			expect(await watch(file, order)).toEqual(asOrdered(order));
		},
	);
});

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
