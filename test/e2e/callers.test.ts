/** Who starts a workflow with our node, and may wait for its video. The rules are in a unit test. */
import { randomUUID } from 'node:crypto';
import { expect, it } from '@jest/globals';
import type { INode } from 'n8n-workflow';
import { chain, FROM_NODES, formOf, node, noOp, until, webhookTrigger, workflow } from '../testbed';
import type { Answer, Parameters } from '../testbed';
import { NEVER, NODE, useVideo } from './support/video-workflow';

const { testbed, client, emulator, expectPaid, expectVideos } = useVideo();

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
	/** What the answer is if it is neither the video nor its link. */
	readonly says?: string;
}

const byWebhook = (parameters: Parameters) => (id: string) => webhookTrigger(id, parameters);
const BY_NODE = byWebhook({ responseMode: 'responseNode' });

const respond = (parameters: Parameters) =>
	node('Respond', 'n8n-nodes-base.respondToWebhook', parameters, { typeVersion: 1.4 });

function byForm(webhookId: string): INode {
	const formFields = { values: [{ fieldLabel: 'Name' }] };
	const parameters = { formTitle: 'Video', formFields, responseMode: 'lastNode', options: {} };
	return node('Form', 'n8n-nodes-base.formTrigger', parameters, { typeVersion: 2.2, webhookId });
}

function byChat(webhookId: string): INode {
	const type = '@n8n/n8n-nodes-langchain.chatTrigger';
	return node('Chat', type, { public: true, options: {} }, { typeVersion: 1.1, webhookId });
}

function byWorkflow(): INode {
	const type = 'n8n-nodes-base.executeWorkflowTrigger';
	return node('Begin', type, { inputSource: 'passthrough' }, { typeVersion: 1.1 });
}

const WAITING: readonly Caller[] = [
	{
		name: 'a webhook that responds when the last node finishes',
		trigger: byWebhook({ responseMode: 'lastNode', responseData: 'firstEntryBinary' }),
	},
	{
		name: 'Respond to Webhook behind the node',
		trigger: BY_NODE,
		after: [noOp('After'), respond({ respondWith: 'binary' })],
	},
	{
		name: 'a form that answers at the end',
		trigger: byForm,
		path: (id) => `/form/${id}`,
		body: formOf({ 'field-0': 'Anna' }),
		// n8n tells its user no more than that the workflow has ended.
		says: '',
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
		trigger: BY_NODE,
		before: [respond({ respondWith: 'text', responseBody: 'Thanks' })],
	},
	{
		name: 'a workflow that goes on without its sub-workflow',
		trigger: byWorkflow,
		parentWaits: false,
	},
];

async function publish(name: string, ...nodes: readonly INode[]): Promise<string> {
	const { id } = await client.createWorkflow(workflow(name, ...chain(...nodes)));
	await client.activate(id);
	return id;
}

/** Calls a workflow whose job runs; gives its execution, and the answer that may come at its end. */
async function call(caller: Caller): Promise<{ execution: string; answer: Promise<Answer> }> {
	const { name, trigger, before = [], after = [noOp('After')], parentWaits } = caller;
	const { path = (id: string) => `/webhook/${id}`, body = {} } = caller;
	emulator.scriptJob(NEVER);
	const ours = testbed.videoNode(NODE, { ...FROM_NODES, prompt: name });
	const id = randomUUID();
	const nodes = [trigger(id), ...before, ...testbed.mediaNodes(), ours, ...after];
	const workflowId = await publish(name, ...nodes);
	if (parentWaits !== undefined) await publishParent(id, workflowId, parentWaits);
	const answer = send(path(id), body);
	const { id: execution } = await client.nextExecution(workflowId);
	await emulator.until(() => emulator.predictions().length === 1);
	return { execution, answer };
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

it.each(WAITING)('$name gets the video, and the execution is not stored', async (caller) => {
	const { execution, answer } = await call(caller);
	const job = emulator.predictions()[0]!;
	// n8n would be called for a stored execution.
	expect(job.webhook).toBeUndefined();
	await emulator.finishAll();
	const { type, body } = await answer;
	if (caller.says !== undefined) expect(body.toString()).toBe(caller.says);
	else if (type.startsWith('video/mp4')) expect(body.subarray(4, 8).toString()).toBe('ftyp');
	else expect(body.toString()).toContain(job.videoUrl);
	await expectVideos(execution, caller.name);
	expectPaid({ submitted: 1 });
});

it.each(ANSWERED)('$name has the answer already: the execution is stored', async (caller) => {
	const { execution, answer } = await call(caller);
	const { webhook, videoUrl } = emulator.predictions()[0]!;
	expect(webhook).toContain(`/webhook-waiting/${execution}/`);
	expect((await answer).body.toString()).not.toContain(videoUrl);
	await client.waitFor(execution, ['waiting']);
	await emulator.finishAll();
	await expectVideos(execution, caller.name);
	expectPaid({ submitted: 1 });
});
