import { randomUUID } from 'node:crypto';
import { rm, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { errorOf, itemsOf, type Execution, type ExecutionStatus } from '../testbed/n8n';
import { shared } from '../testbed/jest/shared';
import { chain, code, items, node, noOp, readFile, workflow } from '../testbed/workflow';
import type { NodeOptions, Parameters } from '../testbed/workflow';
import { CAUSES, FAILURES, OTHER_FILE, PER_ITEM, type Cause } from './support/causes';
import { publish, type Hook } from './support/webhook-workflow';
import { REFUSALS } from './support/refusals';
import { everythingOf, expectKeyOnlyAtApi, expectNotOnDisk } from './support/secret';
import { NODE } from './support/video-workflow';
import { fixture, mediaFixtures } from '../testbed/fixtures';
import { useTestbed } from '../testbed/jest/use-testbed';
import { CREDENTIAL_TYPE, FROM_NODES, media } from '../testbed/video-node';

// Jobs are looked at after 2.5 to 5 seconds at the earliest.
jest.setTimeout(60_000);

const KEY = `wsk_${randomUUID()}`;
const WRONG_KEY = `wsk_wrong_${randomUUID()}`;

const testbed = useTestbed({ emulator: { apiKey: KEY, jobSeconds: 0 } });

const workflowIds: string[] = [];

afterEach(() => {
	expectKeyOnlyAtApi(testbed);
});

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

/** An Edit Fields node that puts out these expressions. */
function say(expressions: Readonly<Record<string, string>>): INode {
	const assignments = Object.entries(expressions).map(([name, value]) => {
		return { id: randomUUID(), name, value, type: 'string' };
	});
	const parameters = { assignments: { assignments }, options: {} };
	return node('Said', 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
}

/** Runs one item for each cause, by a production webhook. */
async function run(
	causes: readonly Cause[],
	status: ExecutionStatus,
	options: NodeOptions = {},
): Promise<Execution> {
	for (const cause of causes) cause.prepare(testbed.emulator);
	const rows = code('Rows', 'return $("Webhook").first().json.body.map((json) => ({ json }));');
	const other = readFile('Other voice', path.join(testbed.files, OTHER_FILE));
	const ours = testbed.videoNode(NODE, PER_ITEM, options);
	const hook = await publish(testbed, (trigger) => {
		const wires = chain(trigger, ...testbed.mediaNodes(), other, rows, ours, noOp('After'));
		const byError = options.onError === 'continueErrorOutput';
		return workflow('Errors', ...wires, ...(byError ? [[ours, say(DOCUMENTED), 1] as const] : []));
	});
	workflowIds.push(hook.workflowId);
	const body = causes.map(({ name }, row) => ({ row, cause: name }));
	return await hook.sendJson(body, status);
}

function idOf({ name }: Cause): string | undefined {
	return testbed.emulator.predictions().find(({ body }) => body.prompt === name)?.id;
}

/** The sentence of the service or of the node, and the job's ID as soon as there is one. */
function expectSentence(message: unknown, cause: Cause, item: number): void {
	const text = String(message);
	const { sentence = '' } = cause;
	expect(text.slice(0, sentence.length)).toBe(sentence);
	if (cause.hasJob) expect(text).toContain(`(job ${idOf(cause)})`);
	expect(text).toMatch(new RegExp(` \\[item ${item + 1}\\]$`));
}

describe('before anything is sent', () => {
	async function refused(parameters: Parameters, ...before: INode[]): Promise<Hook> {
		const ours = testbed.videoNode(NODE, parameters);
		const hook = await publish(testbed, (trigger) => {
			return workflow('Refused', ...chain(trigger, ...before, ours, noOp('After')));
		});
		workflowIds.push(hook.workflowId);
		return hook;
	}

	function expectNothingSent(ended: Execution): void {
		expect(itemsOf(ended, 'After')).toEqual([]);
		expect(testbed.emulator.requests).toEqual([]);
	}

	it.each(REFUSALS)('refuses $what', async ({ files, parameters, sentence, next }) => {
		const hook = await refused(parameters ?? {});
		const ended = await hook.sendFiles(files ?? mediaFixtures(), 'error');
		const error = errorOf(ended);
		expect(error?.message).toContain(sentence);
		expect(error?.message).toMatch(/ \[item 1\]$/);
		expect(error?.description).toContain(next);
		expectNothingSent(ended);
	});

	it('refuses a file of more than 200 MiB', async () => {
		const large = path.join(testbed.files, 'large.wav');
		await writeFile(large, fixture('left-tone.wav').content);
		await truncate(large, 200 * 1024 * 1024 + 1);
		const leftAudio = media('binary', "={{ $('Large').first().binary.data }}");
		const hook = await refused(
			{ ...FROM_NODES, leftAudio },
			...testbed.mediaNodes(),
			readFile('Large', large),
		);
		const ended = await hook.sendJson({}, 'error');
		await rm(large);
		expect(errorOf(ended)?.message).toMatch(
			/^Left Audio: the file "large.wav" is too large: .* at most 200 MiB/,
		);
		expectNothingSent(ended);
	});

	it('looks at all items, and names all that are wrong', async () => {
		const rows = items('Rows', { order: 'left_right' }, { order: 'no' }, { order: 'neither' });
		const own = { ...FROM_NODES, order: '={{ $json.order }}' };
		const hook = await refused(own, ...testbed.mediaNodes(), rows);
		const ended = await hook.sendJson({}, 'error');
		expect(errorOf(ended)?.message).toBe('Speaking Order: "no" is not known [item 2]');
		expect(errorOf(ended)?.description).toContain(
			'Item 3: Speaking Order: "neither" is not known.',
		);
		expectNothingSent(ended);
	});
});

describe('a node that stops at errors', () => {
	it.each(FAILURES)('says what happened and what to do: $name', async (cause) => {
		const ended = await run([cause], 'error');
		const error = errorOf(ended);
		expectSentence(error?.message, cause, 0);
		expect(error?.description).toContain(cause.next);
		expect(errorOf(ended, NODE)).toEqual(error);
		expect(itemsOf(ended, 'After')).toEqual([]);
		expect(testbed.emulator.predictions()).toHaveLength(cause.hasJob ? 1 : 0);
	});

	it('gives the unfinished job after a timeout when it is told to', async () => {
		const cause = CAUSES.find(({ name }) => name === 'timeout, output')!;
		const ended = await run([cause], 'success');
		expect(itemsOf(ended, 'After')).toMatchObject([
			{ json: { id: idOf(cause), status: 'processing', timed_out: true, video_url: null } },
		]);
	});
});

describe('a node that continues on errors', () => {
	it('puts all items out by its only output, failed ones with their error', async () => {
		const ended = await run(CAUSES, 'success', { onError: 'continueRegularOutput' });
		const out = itemsOf(ended, 'After');
		expect(itemsOf(ended, NODE).map(({ pairedItem }) => pairedItem)).toEqual(
			CAUSES.map((_cause, item) => ({ item })),
		);
		for (const [item, cause] of CAUSES.entries()) {
			const { json, binary } = out[item]!;
			if (cause.sentence === undefined) {
				expect(json).toMatchObject({ id: idOf(cause) });
				expect(json).not.toHaveProperty('error');
				continue;
			}
			const { message, ...details } = json.error as { message: string };
			expectSentence(message, cause, item);
			expect(details).toMatchObject(cause.details);
			expect(binary).toBeUndefined();
		}
		const [good] = out;
		expect(good?.binary?.data).toMatchObject({ mimeType: 'video/mp4' });
	});

	it('separates the outputs, and the error branch finds what the README names', async () => {
		const ended = await run(CAUSES, 'success', { onError: 'continueErrorOutput' });
		const survivors = CAUSES.filter(({ sentence }) => sentence === undefined);
		expect(itemsOf(ended, 'After').map(({ json }) => json.id)).toEqual(survivors.map(idOf));
		const said = itemsOf(ended, 'Said').map(({ json }) => json);
		expect(said.map(({ row }) => row)).toEqual(
			FAILURES.map((cause) => String(CAUSES.indexOf(cause))),
		);
		for (const [index, cause] of FAILURES.entries()) {
			const { error, next_step, id, video_url, step, status, ...rest } = said[index]!;
			expectSentence(error, cause, CAUSES.indexOf(cause));
			expect(next_step).toContain(cause.next);
			expect(id ?? undefined).toBe(cause.hasJob ? idOf(cause) : undefined);
			const { details } = cause;
			expect([step, status ?? undefined]).toEqual([details.step, details.status]);
			for (const key of ['code', 'http_status', 'input']) {
				const fact = details[key];
				expect(rest[key] ?? undefined).toBe(fact === undefined ? undefined : String(fact));
			}
			const video = testbed.emulator.predictions().find((job) => job.id === id)?.videoUrl;
			expect(video_url ?? undefined).toBe(step === 'download' ? video : undefined);
		}
		// Two were refused, two never got so far.
		expect(testbed.emulator.billing()).toMatchObject({ submitted: 7, billed: 5, refunded: 1 });
	});
});

describe('a key that is wrong', () => {
	it('is told from other causes, and not told to anybody', async () => {
		const { client, emulator } = testbed;
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
});

describe('the API key', () => {
	it('is nowhere in failed executions, logs, database or stored files', async () => {
		const everything = await everythingOf(testbed, workflowIds);
		// Not by `toContain`: it would print everything.
		expect([KEY, WRONG_KEY].filter((key) => everything.includes(key))).toEqual([]);
		expect(everything.includes('Left Audio: ')).toBe(true);
		await expectNotOnDisk(testbed, path.dirname(shared().files), KEY, WRONG_KEY);
	});
});
