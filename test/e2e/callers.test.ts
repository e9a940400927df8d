import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { binaryOf, chain, FROM_NODES, itemsOf, node, noOp, until, useTestbed } from '../testbed';
import { formOf, webhookTrigger, workflow } from '../testbed';
import type { Answer, Execution, Parameters } from '../testbed';
import { NEVER, NODE, videoOf } from './support/video-workflow';

const testbed = useTestbed({}, { reset: false });
const { client, emulator, jobOf } = videoOf(testbed);

/** Somebody who starts a workflow with our node. Its name stands in the prompt. */
interface Caller {
	readonly name: string;
	/** @param id of the trigger's address */
	trigger(id: string): INode;
	/** Nodes before and after ours. */
	readonly before?: readonly INode[];
	readonly after?: readonly INode[];
	/** What is sent where; JSON to the webhook unless given. */
	readonly body?: object;
	path?(id: string): string;
	/** For a workflow that is called by another one: whether that waits for its end. */
	readonly parentWaits?: boolean;
}

const byWebhook = (parameters: Parameters) => (id: string) => webhookTrigger(id, parameters);
const LAST = { responseMode: 'lastNode', responseData: 'firstEntryBinary' };
const BY_NODE = { responseMode: 'responseNode' };

const respond = (parameters: Parameters) =>
	node('Respond', 'n8n-nodes-base.respondToWebhook', parameters, { typeVersion: 1.4 });
const LINK = '={{ { redirectURL: $json.video_url } }}';

/** Up to version 2.1, forms can answer by Respond to Webhook; from then on by a page of their own. */
function byForm(
	responseMode: string,
	typeVersion = 2.2,
): Pick<Caller, 'trigger' | 'path' | 'body'> {
	const formFields = { values: [{ fieldLabel: 'Name' }] };
	const parameters = { formTitle: 'Video', formFields, responseMode, options: {} };
	return {
		trigger: (webhookId) =>
			node(
				'Form',
				'n8n-nodes-base.formTrigger',
				{ ...parameters, ...(typeVersion < 2.2 && { path: webhookId }) },
				{ typeVersion, webhookId },
			),
		path: (id) => `/form/${id}`,
		body: formOf({ 'field-0': 'Anna' }),
	};
}

const byChat = (webhookId: string) =>
	node(
		'Chat',
		'@n8n/n8n-nodes-langchain.chatTrigger',
		{ public: true, options: {} },
		{ typeVersion: 1.1, webhookId },
	);

const byWorkflow = () =>
	node(
		'Begin',
		'n8n-nodes-base.executeWorkflowTrigger',
		{ inputSource: 'passthrough' },
		{ typeVersion: 1.1 },
	);

const FORM_AT_THE_END = 'a form that answers at the end';

/** The video comes as the body, or as a link in it. */
const WAITING: readonly Caller[] = [
	{ name: 'a webhook that responds when the last node finishes', trigger: byWebhook(LAST) },
	{
		name: 'Respond to Webhook behind the node',
		trigger: byWebhook(BY_NODE),
		after: [respond({ respondWith: 'binary' })],
	},
	{ name: FORM_AT_THE_END, ...byForm('lastNode') },
	{
		name: 'a form with Respond to Webhook',
		...byForm('responseNode', 2.1),
		after: [respond({ respondWith: 'json', responseBody: LINK })],
	},
	{
		name: 'a chat',
		trigger: byChat,
		path: (id) => `/webhook/${id}/chat`,
		body: { action: 'sendMessage', sessionId: randomUUID(), chatInput: 'A video, please' },
	},
	{ name: 'a workflow that waits for its sub-workflow', trigger: byWorkflow, parentWaits: true },
];

const ANSWERED: readonly Caller[] = [
	{
		name: 'Respond to Webhook before the node',
		trigger: byWebhook(BY_NODE),
		before: [respond({ respondWith: 'text', responseBody: 'Thanks' })],
	},
	{ name: 'a form that answers at once', ...byForm('onReceived') },
	{
		name: 'a workflow that goes on without its sub-workflow',
		trigger: byWorkflow,
		parentWaits: false,
	},
];

interface Call {
	/** Of the execution with our node. */
	readonly id: string;
	readonly answer: Promise<Answer>;
	isAnswered: boolean;
}

const calls = new Map<string, Call>();
/** Who had an answer while all jobs were running. */
let early: readonly string[] = [];

async function publish(name: string, ...nodes: readonly INode[]): Promise<string> {
	const { id } = await client.createWorkflow(workflow(name, ...chain(...nodes)));
	await client.activate(id);
	return id;
}

async function call(caller: Caller): Promise<Call> {
	const { name, trigger, before = [], after = [noOp('After')], parentWaits } = caller;
	const { path = (id: string) => `/webhook/${id}`, body = {} } = caller;
	const ours = testbed.videoNode(NODE, { ...FROM_NODES, prompt: name });
	const id = randomUUID();
	const nodes = [trigger(id), ...before, ...testbed.mediaNodes(), ours, ...after];
	const workflowId = await publish(name, ...nodes);
	if (parentWaits !== undefined) await publishParent(id, workflowId, parentWaits);
	const answer = send(path(id), body);
	const made: Call = { id: (await client.nextExecution(workflowId)).id, answer, isAnswered: false };
	void answer.finally(() => (made.isAnswered = true)).catch(() => undefined);
	return made;
}

/** Its caller gets what the Execute Workflow node puts out. */
async function publishParent(address: string, workflowId: string, waits: boolean): Promise<void> {
	const parameters = {
		workflowId: { __rl: true, mode: 'id', value: workflowId },
		options: { waitForSubWorkflow: waits },
	};
	const type = 'n8n-nodes-base.executeWorkflow';
	const responseData = waits ? 'firstEntryBinary' : 'firstEntryJson';
	await publish(
		'Parent',
		webhookTrigger(address, { responseMode: 'lastNode', responseData }),
		node('Call', type, parameters, { typeVersion: 1.2 }),
	);
}

/** n8n registers forms and chats a moment after it says that the workflow is active. */
async function send(path: string, body: object): Promise<Answer> {
	const post = async () => {
		const answer = await client.post(path, body);
		return answer.status !== 404 && answer;
	};
	const answer = await until(post, { what: `an answer of ${path}` });
	if (answer.status !== 200) throw new Error(`${path} answered ${answer.body.toString()}`);
	return answer;
}

beforeAll(async () => {
	emulator.scriptJob(NEVER);
	const callers = [...WAITING, ...ANSWERED];
	for (const caller of callers) calls.set(caller.name, await call(caller));
	await emulator.until(() => emulator.predictions().length === callers.length);
	for (const { name } of ANSWERED) {
		await client.waitFor(calls.get(name)!.id, ['waiting']);
		await calls.get(name)!.answer;
	}
	early = callers.map(({ name }) => name).filter((name) => calls.get(name)!.isAnswered);
	await emulator.finishAll();
});

async function end({ id }: Call): Promise<Execution> {
	return await client.waitFor(id, ['success']);
}

describe('who waits for the answer gets the video, and the execution is not stored', () => {
	it.each(WAITING)('$name', async ({ name }) => {
		const { type, body } = await calls.get(name)!.answer;
		const job = jobOf(name);
		// n8n would be called for a stored execution.
		expect(job.webhook).toBeUndefined();
		expect(early).not.toContain(name);
		// n8n tells such a form's user no more than that the workflow has ended.
		if (name === FORM_AT_THE_END) expect(body.toString()).toBe('');
		else if (type.startsWith('video/mp4')) expect(body.subarray(4, 8).toString()).toBe('ftyp');
		else expect(body.toString()).toContain(job.videoUrl);
		const ended = await end(calls.get(name)!);
		expect(binaryOf(itemsOf(ended, NODE)[0], 'data').mimeType).toBe('video/mp4');
	});
});

describe('who has the answer already does not keep the execution in memory', () => {
	it.each(ANSWERED)('$name', async ({ name }) => {
		const made = calls.get(name)!;
		expect(jobOf(name).webhook).toContain(`/webhook-waiting/${made.id}/`);
		expect((await made.answer).body.toString()).not.toContain(jobOf(name).videoUrl);
		expect(itemsOf(await end(made), 'After')).toHaveLength(1);
	});
});

it('each caller has paid for one job', () => {
	const count = WAITING.length + ANSWERED.length;
	expect(emulator.billing()).toMatchObject({ submitted: count, billed: count });
});
