import { describe, expect, it } from '@jest/globals';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { callerWaits } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/callerWaits';

interface FakeNode {
	name: string;
	type: string;
	parameters?: IDataObject;
	disabled?: boolean;
	/** Absent when it has not run. */
	status?: 'success' | 'error';
	/** True for the node that the execution began with. */
	starts?: boolean;
}

interface Fake {
	mode?: string;
	before?: FakeNode[];
	after?: FakeNode[];
	data?: object;
	type?: string;
	isTool?: boolean;
}

const BASE = 'n8n-nodes-base.';
const RESPOND = { name: 'Respond', type: `${BASE}respondToWebhook` };

function trigger(type: string, parameters: IDataObject = {}): FakeNode {
	return { name: 'Start', type, parameters, status: 'success', starts: true };
}

function webhook(responseMode: string): FakeNode {
	return trigger(`${BASE}webhook`, { responseMode });
}

function form(responseMode: string): FakeNode {
	return trigger(`${BASE}formTrigger`, { responseMode });
}

/** A node that has run. */
function ran(type: string, parameters?: IDataObject): FakeNode {
	return { name: type, type, status: 'success', ...(parameters && { parameters }) };
}

const WAIT_FORM = { resume: 'form', responseMode: 'lastNode' };

interface Options {
	includeNodeParameters?: boolean;
}

/** Without the option, n8n leaves the parameters out. */
function listed(nodes: FakeNode[], options?: Options): FakeNode[] {
	if (options?.includeNodeParameters) return nodes;
	return nodes.map(({ parameters: _left, ...node }) => node);
}

function waits({ mode = 'webhook', before = [], after = [], data, type, isTool }: Fake): boolean {
	const ran = [...before, ...after].flatMap(({ name, status, starts }) =>
		status ? [[name, [{ executionStatus: status, source: starts ? [] : [null] }]]] : [],
	);
	const context = {
		runExecutionData: { resultData: { runData: Object.fromEntries(ran) }, ...data },
		getMode: () => mode,
		getNode: () => ({ name: 'Video', type: type ?? 'package.waveSpeedInfiniteTalk' }),
		isToolExecution: () => isTool === true,
		getParentNodes: (_name: string, options?: Options) => listed(before, options),
		// All of a workflow in a row: what comes behind a node is the rest before ours, and after it.
		getChildNodes: (name: string, options?: Options) =>
			listed(
				[...before.slice(before.findIndex((node) => node.name === name) + 1), ...after],
				options,
			),
	};
	return callerWaits(context as unknown as IExecuteFunctions);
}

describe('somebody waits for', () => {
	const cases: Array<[string, Fake]> = [
		['a webhook that responds at the end', { before: [webhook('lastNode')] }],
		['a webhook that streams', { before: [webhook('streaming')] }],
		['a webhook with an expression as its response mode', { before: [webhook('={{ $json.x }}')] }],
		['a Respond to Webhook later', { before: [webhook('responseNode')], after: [RESPOND] }],
		[
			'a Respond to Webhook that has failed',
			{ before: [webhook('responseNode'), { ...RESPOND, status: 'error' }] },
		],
		['the test call of a webhook', { mode: 'manual', before: [webhook('lastNode')] }],
		['a form that answers at the end', { before: [form('lastNode')] }],
		[
			'a form page before, with none after',
			{ before: [form('onReceived'), ran(`${BASE}form`, {})] },
		],
		[
			'the caller that resumed a Wait node and gets the end',
			{ before: [webhook('onReceived'), ran(`${BASE}wait`, { ...WAIT_FORM, resume: 'webhook' })] },
		],
		['a webhook without parameters', { before: [{ ...ran(`${BASE}webhook`), starts: true }] }],
		[
			'a webhook that another node follows',
			{ before: [webhook('responseNode'), ran(`${BASE}set`)] },
		],
		['a form of a Wait node', { before: [webhook('onReceived'), ran(`${BASE}wait`, WAIT_FORM)] }],
		[
			'a form before a Wait node that is no page',
			{ before: [form('lastNode')], after: [ran(`${BASE}wait`, { resume: 'webhook' })] },
		],
		['a form page without parameters', { before: [form('onReceived'), ran(`${BASE}form`)] }],
		['a chat by a trigger', { mode: 'trigger', before: [trigger('langchain.chatTrigger')] }],
		['a chat by hand', { mode: 'manual', before: [trigger('langchain.manualChatTrigger')] }],
		['a chat', { before: [trigger('@n8n/n8n-nodes-langchain.chatTrigger')] }],
		['a chat in the editor', { mode: 'chat' }],
		['an MCP server', { before: [trigger('@n8n/n8n-nodes-langchain.mcpTrigger')] }],
		['an agent', { isTool: true }],
		['an agent since version 3', { mode: 'manual', type: 'package.waveSpeedInfiniteTalkTool' }],
		['an agent above', { mode: 'trigger', data: { parentAgentRun: {} } }],
		[
			'a workflow that called this one and waits',
			{ mode: 'integrated', data: { parentExecution: { shouldResume: true } } },
		],
		['a parent of which nothing is known', { mode: 'integrated' }],
		['an evaluation', { mode: 'evaluation' }],
		['the command line', { mode: 'cli' }],
	];
	it.each(cases)('%s', (_what, fake) => expect(waits(fake)).toBe(true));
});

describe('nobody waits for', () => {
	const cases: Array<[string, Fake]> = [
		['a manual run', { mode: 'manual', before: [trigger(`${BASE}manualTrigger`)] }],
		['a schedule', { mode: 'trigger', before: [trigger(`${BASE}scheduleTrigger`)] }],
		['an error workflow', { mode: 'error', data: { parentExecution: { shouldResume: false } } }],
		['a retry', { mode: 'retry', before: [webhook('lastNode')] }],
		[
			'one step that is run in the editor',
			{
				mode: 'manual',
				before: [webhook('lastNode')],
				data: { startData: { runNodeFilter: ['Start', 'Video'] } },
			},
		],
		['a webhook that responds at once', { before: [webhook('onReceived')] }],
		[
			'a Respond to Webhook that has run',
			{ before: [webhook('responseNode'), { ...RESPOND, status: 'success' }] },
		],
		[
			'a webhook of another branch that has not run',
			{
				before: [
					{ name: 'Other', type: `${BASE}webhook`, parameters: { responseMode: 'lastNode' } },
				],
			},
		],
		['a form that answers at once', { before: [form('onReceived')] }],
		[
			'a form with a later page, which the browser polls',
			{ before: [form('lastNode')], after: [{ name: 'End', type: `${BASE}form` }] },
		],
		[
			'a Respond to Webhook that has run, beside one that has not',
			{ before: [webhook('responseNode'), { ...RESPOND, status: 'success' }], after: [RESPOND] },
		],
		[
			'a form whose end was shown',
			{ before: [form('onReceived'), ran(`${BASE}form`, { operation: 'completion' })] },
		],
		[
			'a form with a later page of a Wait node',
			{ before: [form('lastNode')], after: [ran(`${BASE}wait`, WAIT_FORM)] },
		],
		[
			'a form page with a later one',
			{
				before: [form('onReceived'), ran(`${BASE}form`)],
				after: [{ name: 'E', type: `${BASE}form` }],
			},
		],
		['a Wait node without parameters', { before: [webhook('onReceived'), ran(`${BASE}wait`)] }],
		['a trigger of another package', { mode: 'trigger', before: [trigger('other.mcpTrigger')] }],
		['a trigger of n8n that is called', { before: [trigger(`${BASE}githubTrigger`)] }],
		['another package in between', { before: [webhook('onReceived'), ran('other.node')] }],
		['what is no chat', { mode: 'trigger', before: [trigger('other.chatTriggers')] }],
		[
			'a Wait node by time',
			{ before: [webhook('onReceived'), ran(`${BASE}wait`, { resume: 'timeInterval' })] },
		],
		[
			'a workflow that called this one and goes on',
			{ mode: 'integrated', data: { parentExecution: { shouldResume: false } } },
		],
	];
	it.each(cases)('%s', (_what, fake) => expect(waits(fake)).toBe(false));
});

it('a later form page that is disabled counts as none', () => {
	const after = [{ name: 'End', type: `${BASE}form`, disabled: true }];
	expect(waits({ before: [form('lastNode')], after })).toBe(true);
});
