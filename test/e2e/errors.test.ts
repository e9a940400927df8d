/** From files of a form to a video or an error, and nowhere the key. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import {
	binaryOf,
	chain,
	code,
	CREDENTIAL_TYPE,
	editFields,
	errorOf,
	FROM_NODES,
} from '../testbed';
import { itemsOf, media, mediaFixtures, noOp, shared, workflow, type Parameters } from '../testbed';
import { everythingOf, expectKeyOnlyAtApi, expectNotOnDisk } from './support/secret';
import { expectUploaded } from './support/uploads';
import { NODE, useVideo } from './support/video-workflow';
import { publish } from './support/webhook-workflow';

const KEY = `wsk_${randomUUID()}`;
const WRONG_KEY = `wsk_wrong_${randomUUID()}`;

const { testbed, client, emulator, jobOf } = useVideo({
	emulator: { apiKey: KEY, jobSeconds: 0 },
});

const workflowIds: string[] = [];

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

it('files of a form that a production webhook has received become a video by the default fields', async () => {
	const ours = testbed.videoNode(NODE, { options: { seed: undefined } });
	const hook = await publish(testbed, (trigger) =>
		workflow('Files', ...chain(trigger, ours, noOp('After'))),
	);
	workflowIds.push(hook.workflowId);
	const [item] = itemsOf(await hook.sendFiles(mediaFixtures(), 'success'), 'After');
	const [job] = emulator.predictions();
	expect(item?.json).toMatchObject({ id: job?.id, status: 'completed' });
	expectUploaded(emulator);
	// The seed stands for the content of the three files.
	expect(job?.body).toMatchObject({ order: 'meanwhile', seed: expect.any(Number) });
	expect(job?.body.seed).toBeGreaterThanOrEqual(0);
	const video = binaryOf(item, 'data');
	expect(video).toMatchObject({ mimeType: 'video/mp4', fileName: `infinitetalk-${job?.id}.mp4` });
	expect((await client.download(video.id!)).subarray(4, 8).toString()).toBe('ftyp');
});

/** Something that can become of an item; its name stands in the field `cause`, and in the prompt. */
interface Cause {
	readonly name: string;
	/** How the sentence of the error begins. */
	readonly sentence: string;
	/** What the workflow finds in `details`, besides the job's ID and the next step. */
	readonly details: Readonly<Record<string, unknown>>;
	/** Part of the next step. */
	readonly next: string;
}

const FAILURES: readonly Cause[] = [
	{
		name: 'check',
		sentence: 'Left Audio: no file reaches this node',
		details: { step: 'check', input: 'leftAudio' },
		next: 'Use the files of earlier nodes with expressions',
	},
	{
		name: 'failed job',
		sentence: 'The picture shows somebody famous',
		details: { step: 'result', status: 'failed', code: '1200' },
		next: 'The content check rejected the inputs',
	},
	{
		name: 'download',
		sentence: 'The video is finished but could not be downloaded',
		details: { step: 'download', status: 'completed' },
		next: 'fetch the URL with an HTTP Request node',
	},
];

const NOWHERE = "$json.cause === 'check' ? 'nowhere'";
const PER_ITEM: Parameters = {
	...FROM_NODES,
	leftAudio: media('binary', `={{ ${NOWHERE} : $('Left voice').first().binary.data }}`),
	prompt: '={{ $json.cause }}',
};

it('the outputs are apart, and the error branch finds what the README names', async () => {
	const end = { status: 'failed', code: 1200, error: 'The picture shows somebody famous' };
	emulator.scriptJob({ match: 'failed job', seconds: 0, end });
	emulator.scriptJob({ match: 'download', seconds: 0, id: 'lost' });
	emulator.faults.add({ on: 'download', match: { url: 'lost' }, do: { respond: { status: 404 } } });
	const rows = code('Rows', 'return $("Webhook").first().json.body.map((json) => ({ json }));');
	const ours = testbed.videoNode(NODE, PER_ITEM, { onError: 'continueErrorOutput' });
	const fields = ['id', 'video_url', 'next_step', 'step', 'status', 'code', 'input'];
	const said = editFields('Said', {
		row: '={{ $json.row }}',
		error: '={{ $json.error.message }}',
		...Object.fromEntries(fields.map((field) => [field, `={{ $json.error.${field} }}`])),
	});
	const hook = await publish(testbed, (trigger) => {
		const wires = chain(trigger, ...testbed.mediaNodes(), rows, ours, noOp('After'));
		return workflow('Errors', ...wires, [ours, said, 1]);
	});
	workflowIds.push(hook.workflowId);
	const causes = ['good', ...FAILURES.map(({ name }) => name)];
	const ended = await hook.sendJson(
		causes.map((cause, row) => ({ row, cause })),
		'success',
	);

	expect(itemsOf(ended, 'After').map(({ json }) => json.id)).toEqual([jobOf('good').id]);
	expect(itemsOf(ended, 'Said')).toHaveLength(FAILURES.length);
	for (const [index, { name, sentence, details, next }] of FAILURES.entries()) {
		const { json } = itemsOf(ended, 'Said')[index]!;
		const { row, error, next_step, id, video_url, ...facts } = json;
		const job = name === 'check' ? undefined : jobOf(name);
		expect(row).toBe(String(index + 1));
		expect(String(error).slice(0, sentence.length)).toBe(sentence);
		expect(error).toContain(job ? `(job ${job.id}) [item ${index + 2}]` : ` [item ${index + 2}]`);
		expect(next_step).toContain(next);
		expect(id ?? undefined).toBe(job?.id);
		const known = Object.entries(facts).filter(([, fact]) => fact !== null);
		expect(Object.fromEntries(known)).toEqual(details);
		expect(video_url ?? undefined).toBe(name === 'download' ? job?.videoUrl : undefined);
	}
	expect(emulator.billing()).toMatchObject({ submitted: 3, billed: 3, refunded: 1 });
});

it('a key that is wrong is told from other causes, and not told to anybody', async () => {
	const data = { apiKey: WRONG_KEY, baseUrl: emulator.baseUrl };
	const use = [await client.createCredential(CREDENTIAL_TYPE, data, `Wrong ${randomUUID()}`)];
	const ours = testbed.videoNode(NODE, {}, { use });
	const hook = await publish(testbed, (trigger) => workflow('Wrong', ...chain(trigger, ours)));
	workflowIds.push(hook.workflowId);
	const error = errorOf(await hook.sendFiles(mediaFixtures(), 'error'));
	expect(error?.message).toContain('Unauthorized: the API key is invalid');
	expect(error?.description).toContain('Check the API Key in the WaveSpeed API credential');
	expect(emulator.requestsTo('ticket').map(({ status }) => status)).toEqual([401, 401, 401]);
	await emulator.reset();
});

it('the API key is nowhere in executions, logs, database or stored files', async () => {
	const everything = await everythingOf(testbed, workflowIds);
	// Not by `toContain`: it would print everything.
	expect([KEY, WRONG_KEY].filter((key) => everything.includes(key))).toEqual([]);
	expect(everything.includes('infinitetalk-')).toBe(true);
	expect(everything.includes('Left Audio: ')).toBe(true);
	await expectNotOnDisk(testbed, path.dirname(shared().files), KEY, WRONG_KEY);
});
