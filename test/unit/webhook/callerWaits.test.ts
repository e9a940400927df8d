import { expect, it } from '@jest/globals';
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { callerWaits } from '../../../nodes/WaveSpeedInfiniteTalk/webhook/callerWaits';

interface FakeNode {
	name: string;
	type: string;
	parameters?: IDataObject;
	disabled?: boolean;
	/** Absent when it has not run. */
	status?: 'success' | 'error' | undefined;
	/** True for the node that the execution began with. */
	starts?: boolean;
}

interface Circumstances {
	mode?: string;
	data?: object;
	type?: string;
	isTool?: boolean;
}

const BASE = 'n8n-nodes-base.';
const RESPOND = { name: 'Respond', type: `${BASE}respondToWebhook` };
const RESPONDED: FakeNode = { ...RESPOND, status: 'success' };
const PAGE = { name: 'End', type: `${BASE}form` };
const WAIT_FORM = { resume: 'form', responseMode: 'lastNode' };
const WAIT_CALL = { resume: 'webhook', responseMode: 'lastNode' };

function trigger(type: string, parameters: IDataObject = {}): FakeNode {
	return { name: 'Start', type, parameters, status: 'success', starts: true };
}

function webhook(responseMode: string): FakeNode {
	return trigger(`${BASE}webhook`, { responseMode });
}

function form(responseMode: string): FakeNode {
	return trigger(`${BASE}formTrigger`, { responseMode });
}

/** A node of n8n that has run. */
function ran(type: string, parameters?: IDataObject): FakeNode {
	return { name: type, type: BASE + type, status: 'success', ...(parameters && { parameters }) };
}

/** Nodes before ours, nodes behind it, and what else n8n knows. */
type Row = [what: string, before: FakeNode[], after?: FakeNode[], more?: Circumstances];

function waits([, before, after = [], more = {}]: Row): boolean {
	const { mode = 'webhook', data, type = 'package.waveSpeedInfiniteTalk', isTool = false } = more;
	const runs = [...before, ...after].flatMap(({ name, status, starts }) =>
		status ? [[name, [{ executionStatus: status, source: starts ? [] : [null] }]]] : [],
	);
	const context = {
		runExecutionData: { resultData: { runData: Object.fromEntries(runs) }, ...data },
		getMode: () => mode,
		getNode: () => ({ name: 'Video', type }),
		isToolExecution: () => isTool,
		getParentNodes: () => before,
		// All of a workflow in a row: what comes behind a node is the rest before ours, and after it.
		getChildNodes: (name: string) => {
			const behind = before.slice(before.findIndex((node) => node.name === name) + 1);
			return [...behind, ...after];
		},
	};
	return callerWaits(context as unknown as IExecuteFunctions);
}

const ONE_STEP = { mode: 'manual', data: { startData: { runNodeFilter: ['Start', 'Video'] } } };
const parent = (shouldResume?: boolean) => ({ parentExecution: { shouldResume } });

const SOMEBODY: Row[] = [
	['a webhook that responds at the end', [webhook('lastNode')]],
	['a webhook with an expression as its response mode', [webhook('={{ $json.x }}')]],
	['a webhook without parameters', [{ ...ran('webhook'), starts: true }]],
	['the test call of a webhook', [webhook('lastNode')], [], { mode: 'manual' }],
	['a Respond to Webhook later', [webhook('responseNode'), ran('set')], [RESPOND]],
	['a failed Respond to Webhook', [webhook('responseNode'), { ...RESPOND, status: 'error' }]],
	['a form that answers at the end', [form('lastNode')]],
	['a form with a later page that is disabled', [form('lastNode')], [{ ...PAGE, disabled: true }]],
	['a form before a Wait node', [form('lastNode')], [ran('wait', { resume: 'webhook' })]],
	['a form page before, with none after', [form('onReceived'), ran('form', {})]],
	['a form of a Wait node', [webhook('onReceived'), ran('wait', WAIT_FORM)]],
	['who resumed a Wait node', [webhook('onReceived'), ran('wait', WAIT_CALL)]],
	['a chat by a trigger', [trigger('langchain.chatTrigger')], [], { mode: 'trigger' }],
	['a chat by hand', [trigger('langchain.manualChatTrigger')], [], { mode: 'manual' }],
	['a chat in the editor', [], [], { mode: 'chat' }],
	['an MCP server', [trigger('@n8n/n8n-nodes-langchain.mcpTrigger')]],
	['an agent', [], [], { isTool: true }],
	['an agent since version 3', [], [], { mode: 'manual', type: 'package.videoTool' }],
	['an agent above', [], [], { mode: 'trigger', data: { parentAgentRun: {} } }],
	['a parent that waits', [], [], { mode: 'integrated', data: parent(true) }],
	['a parent of which nothing is known', [], [], { mode: 'integrated' }],
	['an evaluation', [], [], { mode: 'evaluation' }],
];

const NOBODY: Row[] = [
	['a manual run', [trigger(`${BASE}manualTrigger`)], [], { mode: 'manual' }],
	['a schedule', [trigger(`${BASE}scheduleTrigger`)], [], { mode: 'trigger' }],
	['an error workflow', [], [], { mode: 'error', data: parent(false) }],
	['a parent that goes on', [], [], { mode: 'integrated', data: parent(false) }],
	['a retry', [webhook('lastNode')], [], { mode: 'retry' }],
	['one step that is run in the editor', [webhook('lastNode')], [], ONE_STEP],
	['a webhook that responds at once', [webhook('onReceived')]],
	['a webhook that has not run', [{ ...webhook('lastNode'), status: undefined }]],
	['a Respond to Webhook that has run', [webhook('responseNode'), RESPONDED]],
	['one that has run, beside one that has not', [webhook('responseNode'), RESPONDED], [RESPOND]],
	['a form that answers at once', [form('onReceived')]],
	['a form with a later page, which the browser polls', [form('lastNode')], [PAGE]],
	['a form with a later page of a Wait node', [form('lastNode')], [ran('wait', WAIT_FORM)]],
	['a form page with a later one', [form('onReceived'), ran('form')], [PAGE]],
	['a form whose end was shown', [form('onReceived'), ran('form', { operation: 'completion' })]],
	['a Wait node without parameters', [webhook('onReceived'), ran('wait')]],
	['a Wait node by time', [webhook('onReceived'), ran('wait', { resume: 'timeInterval' })]],
	['a trigger of another package', [trigger('other.mcpTrigger')], [], { mode: 'trigger' }],
	['another package in between', [webhook('onReceived'), { ...ran('set'), type: 'other.node' }]],
	['a trigger of n8n that is called', [trigger(`${BASE}githubTrigger`)]],
];

it.each(SOMEBODY)('somebody waits for %s', (...row) => expect(waits(row)).toBe(true));

it.each(NOBODY)('nobody waits for %s', (...row) => expect(waits(row)).toBe(false));
