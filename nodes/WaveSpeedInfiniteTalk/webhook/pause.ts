/**
 * Pausing an execution until WaveSpeed calls back, and waking it.
 *
 * n8n stores a paused execution and frees the worker; it survives a restart. When a call comes, n8n
 * marks the paused node as disabled and passes on what its webhook gives. A disabled node cannot
 * fail, cannot use its error output and cannot be retried. So the call only wakes the node: the mark
 * is taken off again, and the node runs on from what it wrote down, like in any other run.
 */
import type {
	IExecuteData,
	IExecuteFunctions,
	INodeExecutionData,
	IRunExecutionData,
	ITaskMetadata,
	IWebhookDescription,
	IWebhookFunctions,
} from 'n8n-workflow';
import { NodeHelpers, NodeOperationError } from 'n8n-workflow';
import { parseWebUrl } from '../api/urls';
import type { JobError, JobErrorDetails } from '../job/jobError';

/**
 * Every node that waits in an execution is woken at the same address. With an ending of our own, a
 * call that comes late or twice finds nothing once the execution waits in another node.
 */
const PATH = 'wavespeed';

/**
 * The call that wakes a paused execution. n8n makes the address; there is nothing to register at
 * WaveSpeed beforehand, since each job is submitted with the address it is to call.
 */
export const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: PATH,
		restartWebhook: true,
		isFullPath: true,
	},
];

/** What one item waits for, written down for the time after the pause. */
export type WaitingItem =
	| { id: string; key: string; ended?: Record<string, unknown> }
	| { problem: { message: string; advice: string; details: JobErrorDetails } };

/** What a paused run of the node needs to go on. */
export interface WaitingRun {
	runIndex: number;
	/** The input of the node, in whose place the unfinished jobs wait. */
	input: INodeExecutionData[];
	items: WaitingItem[];
}

interface WaitingStore {
	waiting?: WaitingRun;
}

/** The parts of n8n's webhook context that its type does not show. */
interface PausedContext {
	executeData?: IExecuteData;
	runExecutionData?: IRunExecutionData | null;
}

/**
 * The address that wakes this execution, as n8n was told to be reached: it need not be a web address.
 * It carries a secret of the execution.
 */
export function resumeUrl(context: IExecuteFunctions): string {
	const address = String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0) ?? '');
	const url = parseWebUrl(address);
	if (!url) return address;
	url.pathname += `/${PATH}`;
	return url.href;
}

/** True when this n8n has what {@link wake} needs. */
export function canPause(context: IExecuteFunctions): boolean {
	return (context as PausedContext).runExecutionData !== undefined;
}

/** What this run was waiting for, when it has been woken; it is forgotten by asking. */
export function takeWaiting(context: IExecuteFunctions, runIndex: number): WaitingRun | undefined {
	const store = context.getContext('node') as WaitingStore;
	const { waiting } = store;
	delete store.waiting;
	return waiting?.runIndex === runIndex ? waiting : undefined;
}

/**
 * Puts the execution to wait. When nobody calls until then, n8n passes `unfinished` on as the node's
 * output (failed items to the error output, if it has one), or fails the node with `timeout`, now and
 * whenever the execution is retried.
 */
export async function pause(
	context: IExecuteFunctions,
	waiting: WaitingRun,
	until: Date,
	unfinished: INodeExecutionData[],
	timeout?: JobError,
): Promise<void> {
	(context.getContext('node') as WaitingStore).waiting = waiting;
	context.getExecuteData().data = { main: [unfinished] };
	if (timeout) {
		const { message, advice: description } = timeout;
		const error = new NodeOperationError(context.getNode(), message, { message, description });
		context.setMetadata({ resumeError: error });
	}
	await context.putExecutionToWait(until);
}

/** What the paused run waits for; undefined when it waits for nothing. */
export function peekWaiting(context: IWebhookFunctions): WaitingRun | undefined {
	const { runExecutionData } = context as PausedContext;
	if (!runExecutionData) return undefined;
	const store: WaitingStore = NodeHelpers.getContext(runExecutionData, 'node', context.getNode());
	return store.waiting;
}

/**
 * Lets the paused node run again.
 *
 * @returns the input that n8n is to give it
 */
export function wake(context: IWebhookFunctions, waiting: WaitingRun): INodeExecutionData[][] {
	const { executeData } = context as PausedContext;
	if (executeData) {
		executeData.node.disabled = false;
		const metadata: ITaskMetadata = { ...executeData.metadata };
		delete metadata.resumeError;
		executeData.metadata = metadata;
	}
	return [waiting.input];
}
