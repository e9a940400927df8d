import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { FormData, Response } from 'undici';
import type { JobScript } from '../emulator/emulator';
import { useTestbed } from '../testbed/jest/use-testbed';
import { until } from '../testbed/lib/until';
import { binaryOf, itemsOf, type Execution } from '../testbed/n8n';
import { FROM_NODES } from '../testbed/video-node';
import { chain, node, noOp, webhookTrigger, workflow, type Parameters } from '../testbed/workflow';

const NODE = 'Make the video';
const NEVER: JobScript = { seconds: 'never', times: 'always' };

const testbed = useTestbed({}, { reset: false });
const { client, emulator } = testbed;

interface Answer {
	readonly type: string;
	readonly body: Buffer;
}

/** A workflow with our node, and somebody who starts it. */
interface Caller {
	readonly workflowId: string;
	readonly answer: Promise<Answer>;
}

interface Kind {
	readonly what: string;
	ask(prompt: string): Promise<Caller>;
}

const respond = (name: string, parameters: Parameters) =>
	node(name, 'n8n-nodes-base.respondToWebhook', parameters, { typeVersion: 1.4 });
const VIDEO = respond('Respond', { respondWith: 'binary' });
const LINK = respond('Respond', {
	respondWith: 'json',
	responseBody: '={{ { redirectURL: $json.video_url } }}',
});
const THANKS = respond('Respond', { respondWith: 'text', responseBody: 'Thanks' });

/** Saves and publishes: trigger → before → media → our node → after. */
async function publish(
	prompt: string,
	trigger: INode,
	{ before = [], after = [noOp('After')] }: { before?: INode[]; after?: INode[] } = {},
): Promise<string> {
	const ours = testbed.videoNode(NODE, { ...FROM_NODES, prompt });
	const wires = chain(trigger, ...before, ...testbed.mediaNodes(), ours, ...after);
	const { id } = await client.createWorkflow(workflow(prompt, ...wires));
	await client.activate(id);
	return id;
}

/** n8n registers forms and chats a moment after it says that the workflow is active. */
async function send(
	path: string,
	body: string | FormData,
	headers: Record<string, string> = {},
): Promise<Answer> {
	const encoded = new Response(body);
	const type = encoded.headers.get('content-type') ?? '';
	const bytes = Buffer.from(await encoded.arrayBuffer());
	return await until(
		async () => {
			const options = { headers: { 'content-type': type, ...headers }, body: bytes };
			const answer = await client.session.send('POST', path, options);
			const received = Buffer.from(await answer.body.arrayBuffer());
			if (answer.statusCode === 404) return undefined;
			expect(answer.statusCode).toBe(200);
			return { type: String(answer.headers['content-type']), body: received };
		},
		{ what: `an answer of ${path}`, timeoutMs: 90_000 },
	);
}

function byWebhook(parameters: Parameters, around: { before?: INode[]; after?: INode[] } = {}) {
	return async (prompt: string): Promise<Caller> => {
		const path = randomUUID();
		const trigger = webhookTrigger(path, parameters);
		const workflowId = await publish(prompt, trigger, around);
		return { workflowId, answer: send(`/webhook/${path}`, '') };
	};
}

/** Up to version 2.1, forms can answer by Respond to Webhook; from then on by a page of their own. */
function byForm(responseMode: string, typeVersion = 2.2, after = [noOp('After')]) {
	return async (prompt: string): Promise<Caller> => {
		const fields = { values: [{ fieldLabel: 'Name' }] };
		const webhookId = randomUUID();
		const parameters = {
			...{ formTitle: 'Video', formFields: fields, responseMode, options: {} },
			...(typeVersion < 2.2 && { path: webhookId }),
		};
		const options = { typeVersion, webhookId };
		const trigger = node('Form', 'n8n-nodes-base.formTrigger', parameters, options);
		const workflowId = await publish(prompt, trigger, { after });
		const form = new FormData();
		form.append('field-0', 'Anna');
		return { workflowId, answer: send(`/form/${webhookId}`, form) };
	};
}

async function byChat(prompt: string): Promise<Caller> {
	const webhookId = randomUUID();
	const options = { typeVersion: 1.1, webhookId };
	const type = '@n8n/n8n-nodes-langchain.chatTrigger';
	const trigger = node('Chat', type, { public: true, options: {} }, options);
	const workflowId = await publish(prompt, trigger);
	const message = { action: 'sendMessage', sessionId: randomUUID(), chatInput: 'A video, please' };
	const json = { 'content-type': 'application/json' };
	const answer = send(`/webhook/${webhookId}/chat`, JSON.stringify(message), json);
	return { workflowId, answer };
}

/** The caller of the parent gets what the Execute Workflow node puts out. */
function bySubWorkflow(waitForSubWorkflow: boolean) {
	return async (prompt: string): Promise<Caller> => {
		const type = 'n8n-nodes-base.executeWorkflowTrigger';
		const begin = node('Begin', type, { inputSource: 'passthrough' }, { typeVersion: 1.1 });
		const workflowId = await publish(prompt, begin);
		const path = randomUUID();
		const execute = node(
			'Call',
			'n8n-nodes-base.executeWorkflow',
			{
				workflowId: { __rl: true, mode: 'id', value: workflowId },
				options: { waitForSubWorkflow },
			},
			{ typeVersion: 1.2 },
		);
		const data = waitForSubWorkflow ? 'firstEntryBinary' : 'firstEntryJson';
		const trigger = webhookTrigger(path, { responseMode: 'lastNode', responseData: data });
		const parent = workflow(`Parent of ${prompt}`, ...chain(trigger, execute));
		const { id } = await client.createWorkflow(parent);
		await client.activate(id);
		return { workflowId, answer: send(`/webhook/${path}`, '') };
	};
}

const LAST = { responseMode: 'lastNode', responseData: 'firstEntryBinary' };
const BY_NODE = { responseMode: 'responseNode' };

const FORM_AT_THE_END = 'a form that answers at the end';

/** The video comes as the body, or as a link in it. */
const WAITING: readonly Kind[] = [
	{ what: 'a webhook that responds when the last node finishes', ask: byWebhook(LAST) },
	{ what: 'Respond to Webhook behind the node', ask: byWebhook(BY_NODE, { after: [VIDEO] }) },
	{ what: FORM_AT_THE_END, ask: byForm('lastNode') },
	{ what: 'a form with Respond to Webhook', ask: byForm('responseNode', 2.1, [LINK]) },
	{ what: 'a chat', ask: byChat },
	{ what: 'a workflow that waits for its sub-workflow', ask: bySubWorkflow(true) },
];

const ANSWERED: readonly Kind[] = [
	{ what: 'a webhook that responds at once', ask: byWebhook({ responseMode: 'onReceived' }) },
	{ what: 'Respond to Webhook before the node', ask: byWebhook(BY_NODE, { before: [THANKS] }) },
	{ what: 'a form that answers at once', ask: byForm('onReceived') },
	{ what: 'a workflow that goes on without its sub-workflow', ask: bySubWorkflow(false) },
];

const callers = new Map<string, { answer: Promise<Answer>; id: string }>();
const answered = new Set<string>();
/** Who had an answer while all jobs were running. */
let early: readonly string[] = [];

const caller = (what: string) => callers.get(what)!;

function jobOf(what: string) {
	const job = emulator.predictions().find(({ inputs }) => inputs.prompt === what);
	if (!job) throw new Error(`There is no job for ${what}`);
	return job;
}

beforeAll(async () => {
	emulator.scriptJob(NEVER);
	const kinds = [...WAITING, ...ANSWERED];
	for (const { what, ask } of kinds) {
		const { workflowId, answer } = await ask(what);
		void answer.then(
			() => answered.add(what),
			() => undefined,
		);
		const { id } = await client.nextExecution(workflowId);
		callers.set(what, { answer, id });
	}
	await emulator.until(() => emulator.predictions().length === kinds.length, 60_000);
	for (const { what } of ANSWERED) await client.waitFor(caller(what).id, ['waiting']);
	for (const { what } of ANSWERED) await caller(what).answer;
	early = [...answered];
	await emulator.finishAll();
});

async function end(what: string): Promise<Execution> {
	return await client.waitFor(caller(what).id, ['success']);
}

describe('who waits for the answer gets the video, and the execution is not stored', () => {
	it.each(WAITING)('$what', async ({ what }) => {
		const { type, body } = await caller(what).answer;
		const job = jobOf(what);
		// n8n would be called for a stored execution.
		expect(job.webhook).toBeUndefined();
		expect(early).not.toContain(what);
		// n8n tells such a form's user no more than that the workflow has ended.
		if (what === FORM_AT_THE_END) expect(body.toString()).toBe('');
		else if (type.startsWith('video/mp4')) expect(body.subarray(4, 8).toString()).toBe('ftyp');
		else expect(body.toString()).toContain(job.videoUrl);
		expect(binaryOf(itemsOf(await end(what), NODE)[0], 'data').mimeType).toBe('video/mp4');
	});
});

describe('who has the answer already does not keep the execution in memory', () => {
	it.each(ANSWERED)('$what', async ({ what }) => {
		const { id } = caller(what);
		expect(jobOf(what).webhook).toContain(`/webhook-waiting/${id}/`);
		const { body } = await caller(what).answer;
		expect(body.toString()).not.toContain(jobOf(what).videoUrl);
		expect(itemsOf(await end(what), 'After')).toHaveLength(1);
	});
});

it('each caller has paid for one job', () => {
	const count = WAITING.length + ANSWERED.length;
	expect(emulator.billing()).toMatchObject({ submitted: count, billed: count });
});
