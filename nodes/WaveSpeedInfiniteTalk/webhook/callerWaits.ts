/** Finds out whether somebody waits, in an open request, for the result of this execution. */
import type { IExecuteFunctions, IRunExecutionData, NodeTypeAndVersion } from 'n8n-workflow';
import { isTool } from '../n8n/tool';

/** Part of n8n's execute context that its type does not show. */
interface ContextInternals {
	runExecutionData?: (IRunExecutionData & { parentAgentRun?: unknown }) | null;
}

/** Modes in which nobody waits unless a node in the workflow says so. Other modes are not known. */
const MODES: ReadonlySet<string> = new Set([
	'manual',
	'trigger',
	'webhook',
	'error',
	'retry',
	'integrated',
]);

const BASE = 'n8n-nodes-base.';

/**
 * True when a caller gets the result of this execution, or when that cannot be ruled out: a stored
 * wait would send that caller an answer without the video (chat, agent tools, webhooks and forms that
 * respond at the end, parents of sub-workflows).
 */
export function callerWaits(context: IExecuteFunctions): boolean {
	const { runExecutionData: data } = context as ContextInternals;
	const mode = context.getMode();
	if (isTool(context) || !data || !MODES.has(mode)) return true;
	if (data.parentAgentRun !== undefined) return true;
	// A waiting parent goes on when its first child ends and loses the other results, and its own
	// caller would get an answer at once (n8n 2.40).
	if (data.parentExecution) return data.parentExecution.shouldResume !== false;
	if (mode === 'integrated') return true;
	// Whoever called the first execution has gone.
	if (mode === 'retry') return false;
	// The editor's own button, not a test call of a webhook.
	if (mode === 'manual' && data.startData?.runNodeFilter) return false;
	return holdsOpenRequest(context, data, mode);
}

function holdsOpenRequest(
	context: IExecuteFunctions,
	{ resultData: { runData } }: IRunExecutionData,
	mode: string,
): boolean {
	const options = { includeNodeParameters: true };
	const after = (name: string) =>
		context.getChildNodes(name, options).filter(({ disabled }) => !disabled);
	const hasResponded = (name: string) =>
		after(name).some(
			(node) =>
				node.type === `${BASE}respondToWebhook` &&
				runData[node.name]?.some(({ executionStatus }) => executionStatus === 'success'),
		);
	const respondsLater = ({ name, parameters }: NodeTypeAndVersion) =>
		parameters?.responseMode === 'responseNode'
			? !hasResponded(name)
			: parameters?.responseMode !== 'onReceived';
	return context
		.getParentNodes(context.getNode().name, options)
		.filter(({ name }) => (runData[name]?.length ?? 0) > 0)
		.some((node) => {
			const { name, type, parameters } = node;
			switch (type) {
				case `${BASE}webhook`:
					return respondsLater(node);
				case `${BASE}formTrigger`:
					// With a later form page, the browser polls instead of waiting.
					return !after(name).some(isFormPage) && respondsLater(node);
				case `${BASE}form`:
					return parameters?.operation !== 'completion' && !after(name).some(isFormPage);
				case `${BASE}wait`:
					return ['webhook', 'form'].includes(String(parameters?.resume)) && respondsLater(node);
				default: {
					const isStart = runData[name]?.[0]?.source.length === 0;
					if (!isStart) return false;
					if (/\.(manualC|c)hatTrigger$/.test(type)) return true;
					// Triggers of other packages answer as they like (MCP, for instance).
					return mode === 'webhook' && !type.startsWith(BASE);
				}
			}
		});
}

function isFormPage({ type, parameters }: NodeTypeAndVersion): boolean {
	return type === `${BASE}form` || (type === `${BASE}wait` && parameters?.resume === 'form');
}
