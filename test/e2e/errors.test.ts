import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { errorOf, itemsOf } from '../testbed/n8n';
import { shared } from '../testbed/jest/shared';
import { chain, code, node, noOp, readFile, workflow, type Parameters } from '../testbed/workflow';
import { publish } from './support/webhook-workflow';
import { everythingOf, expectKeyOnlyAtApi, expectNotOnDisk } from './support/secret';
import { NODE } from './support/video-workflow';
import { mediaFixtures } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE, FROM_NODES, media } from '../testbed/video-node';

const KEY = `wsk_${randomUUID()}`;
const WRONG_KEY = `wsk_wrong_${randomUUID()}`;

const testbed = useTestbed({ emulator: { apiKey: KEY, jobSeconds: 0 } });
const { client, emulator } = testbed;

const workflowIds: string[] = [];

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

/** Something that can become of an item. */
interface Cause {
	/** Stands in the item's field `cause`, and in the prompt of its job. */
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
		next: 'Use the files of the nodes before by expression',
	},
	{
		name: 'upload',
		sentence: 'Left Audio: This kind of file is not taken',
		details: { step: 'upload', input: 'leftAudio', http_status: '400' },
		next: 'Fix the field that the message names',
	},
	{
		name: 'refused',
		sentence: 'Invalid parameter "prompt": it is too short',
		details: { step: 'submit', http_status: '400' },
		next: 'Fix the field that the message names',
	},
	{
		name: 'failed job',
		sentence: 'The picture shows somebody famous',
		details: { step: 'result', status: 'failed', code: '1200' },
		next: 'The content check rejected the inputs',
	},
	{
		name: 'timeout',
		sentence: 'The job did not finish within 0.1 minutes',
		details: { step: 'wait', status: 'processing' },
		next: 'Use Get Result with this ID later',
	},
	{
		name: 'download',
		sentence: 'The video is finished but could not be downloaded',
		details: { step: 'download', status: 'completed' },
		next: 'fetch the URL with an HTTP Request node',
	},
];

/** A file that no item needs but the one whose upload is to fail. */
const OTHER_FILE = 'left-voice.wav';

/** The parameters that make the cause of each item happen, in which the node has a part. */
const PER_ITEM: Parameters = {
	...FROM_NODES,
	leftAudio: media(
		'binary',
		`={{ $json.cause === 'check'
			? 'nowhere'
			: $($json.cause === 'upload' ? 'Other voice' : 'Left voice').first().binary.data }}`,
	),
	prompt: '={{ $json.cause }}',
	options: {
		waiting: 'keepRunning',
		timeoutMinutes: "={{ $json.cause === 'timeout' ? 0.1 : 360 }}",
	},
};

/** Makes the rest happen to the jobs and files of each cause, and to no others. */
function prepare(): void {
	const { faults } = emulator;
	const prompt = (name: string) => `"prompt":"${name}"`;
	const refusal = (message: string) => ({
		respond: { status: 400, body: { code: 400, message, data: null } },
	});
	faults.add({
		on: 'ticket',
		match: { body: OTHER_FILE },
		do: refusal('This kind of file is not taken'),
	});
	faults.add({
		on: 'submit',
		match: { body: prompt('refused') },
		do: refusal('Invalid parameter "prompt": it is too short'),
	});
	const end = { status: 'failed', code: 1200, error: 'The picture shows somebody famous' };
	emulator.scriptJob({ match: prompt('failed job'), seconds: 0, end });
	emulator.scriptJob({ match: prompt('timeout'), seconds: 'never' });
	emulator.scriptJob({ match: prompt('download'), seconds: 0, id: 'lost' });
	faults.add({ on: 'download', match: { url: 'lost' }, do: { respond: { status: 404 } } });
}

/** What the README says that a workflow finds on the error branch, and a field of the input. */
const DOCUMENTED = {
	row: '={{ $json.row }}',
	error: '={{ $json.error.message }}',
	id: '={{ $json.error.id }}',
	video_url: '={{ $json.error.video_url }}',
	next_step: '={{ $json.error.next_step }}',
	step: '={{ $json.error.step }}',
	status: '={{ $json.error.status }}',
	code: '={{ $json.error.code }}',
	http_status: '={{ $json.error.http_status }}',
	input: '={{ $json.error.input }}',
};

it('the outputs are apart, and the error branch finds what the README names', async () => {
	prepare();
	const { files } = testbed;
	const names = ['good', ...FAILURES.map(({ name }) => name)];
	const rows = code('Rows', 'return $("Webhook").first().json.body.map((json) => ({ json }));');
	const other = readFile('Other voice', path.join(files, OTHER_FILE));
	const ours = testbed.videoNode(NODE, PER_ITEM, { onError: 'continueErrorOutput' });
	const assignments = Object.entries(DOCUMENTED).map(([name, value]) => {
		return { id: randomUUID(), name, value, type: 'string' };
	});
	const parameters = { assignments: { assignments }, options: {} };
	const say = node('Said', 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
	const hook = await publish(testbed, (trigger) => {
		const wires = chain(trigger, ...testbed.mediaNodes(), other, rows, ours, noOp('After'));
		return workflow('Errors', ...wires, [ours, say, 1]);
	});
	workflowIds.push(hook.workflowId);
	const calls = names.map((cause, row) => ({ row, cause }));
	const ended = await hook.sendJson(calls, 'success');

	const jobOf = (name: string) => emulator.predictions().find(({ body }) => body.prompt === name);
	expect(itemsOf(ended, 'After').map(({ json }) => json.id)).toEqual([jobOf('good')?.id]);
	const said = itemsOf(ended, 'Said').map(({ json }) => json);
	expect(said.map(({ row }) => row)).toEqual(FAILURES.map((_cause, index) => String(index + 1)));
	for (const [index, { name, sentence, details, next }] of FAILURES.entries()) {
		const { row: _row, error, next_step, id, video_url, ...facts } = said[index]!;
		const job = jobOf(name);
		expect(String(error).slice(0, sentence.length)).toBe(sentence);
		expect(error).toContain(job ? `(job ${job.id}) [item ${index + 2}]` : ` [item ${index + 2}]`);
		expect(next_step).toContain(next);
		expect(id ?? undefined).toBe(job?.id);
		const known = Object.entries(facts).filter(([, fact]) => fact !== null);
		expect(Object.fromEntries(known)).toEqual(details);
		expect(video_url ?? undefined).toBe(name === 'download' ? job?.videoUrl : undefined);
	}
	// One was refused, two never got so far.
	expect(emulator.billing()).toMatchObject({ submitted: 5, billed: 4, refunded: 1 });
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

it('the API key is nowhere in failed executions, logs, database or stored files', async () => {
	const everything = await everythingOf(testbed, workflowIds);
	// Not by `toContain`: it would print everything.
	expect([KEY, WRONG_KEY].filter((key) => everything.includes(key))).toEqual([]);
	expect(everything.includes('Left Audio: ')).toBe(true);
	await expectNotOnDisk(testbed, path.dirname(shared().files), KEY, WRONG_KEY);
});
