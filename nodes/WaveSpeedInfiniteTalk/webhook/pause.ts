/**
 * Stores the execution, and has n8n run the node again: when a time has come, or when WaveSpeed calls.
 *
 * n8n disables the first entry of its stack when it wakes an execution, and passes that entry's data
 * on. So the first entry carries nothing, and a second one behind it, with the real input, runs the
 * node again like any other run: it can fail, be retried and use its error output.
 */
import type {
	IExecuteData,
	IExecuteFunctions,
	IRunExecutionData,
	ITaskMetadata,
	IWebhookDescription,
} from 'n8n-workflow';
import { parseWebUrl } from '../api/urls';

/**
 * All nodes that wait in an execution share n8n's resume address. With a path of our own, a late
 * call reaches no other kind of node.
 */
const WEBHOOK_PATH = 'wavespeed';

/** Marks the entry that runs the node again after a wait. */
const MARKER = 'waveSpeedWait';
/** Marks the entry that keeps n8n from retrying a waiting execution with the current workflow. */
const GUARD = 'waveSpeedGuard';

/** The call that wakes a stored execution. Nothing is registered: each job is submitted with the address. */
export const resumeWebhooks: IWebhookDescription[] = [
	{
		name: 'default',
		httpMethod: 'POST',
		responseMode: 'onReceived',
		path: WEBHOOK_PATH,
		restartWebhook: true,
		isFullPath: true,
	},
];

/** What the marked entry knows by itself, in case the stored state is lost. */
export interface WaitMarker {
	round: number;
	/** IDs of the jobs that are waited for. */
	ids: string[];
}

type MarkedMetadata = ITaskMetadata & { [MARKER]?: WaitMarker; [GUARD]?: true };

/** Part of n8n's execute context that its type does not show. */
interface ContextInternals {
	runExecutionData?: IRunExecutionData | null;
}

/** The address that wakes this execution, by the public address set in n8n. It carries a secret. */
export function resumeUrl(context: IExecuteFunctions): string {
	const address = String(context.evaluateExpression('{{ $execution.resumeUrl }}', 0) ?? '');
	const url = parseWebUrl(address);
	if (!url) return address;
	url.pathname += `/${WEBHOOK_PATH}`;
	return url.href;
}

/** True when this n8n has what {@link pause} needs. */
export function canPause(context: IExecuteFunctions): boolean {
	return (
		stackOf(context) !== undefined &&
		typeof context.putExecutionToWait === 'function' &&
		Array.isArray(context.getExecuteData?.().data?.main)
	);
}

/** The marker of the entry that is running; undefined unless n8n runs the node again after a wait. */
export function readMarker(context: IExecuteFunctions): WaitMarker | undefined {
	return metadataOf(context.getExecuteData())[MARKER];
}

/** Marks the entry that is running as the one that begins a round. */
export function writeMarker(context: IExecuteFunctions, marker: WaitMarker): void {
	const entry = context.getExecuteData();
	entry.metadata = { ...entry.metadata, [MARKER]: marker } as MarkedMetadata;
}

/** Removes the guard entry. Call this before anything that may fail: the guard must not stay behind. */
export function removeGuard(context: IExecuteFunctions): void {
	const stack = stackOf(context) ?? [];
	const guard = stack.findIndex((entry) => metadataOf(entry)[GUARD]);
	if (guard !== -1) stack.splice(guard, 1);
}

/**
 * Stores the execution and has n8n run the node again with its present input.
 *
 * @param until when, at the latest; n8n checks once a minute which waits are over
 */
export async function pause(
	context: IExecuteFunctions,
	marker: WaitMarker,
	until: Date,
): Promise<void> {
	const entry = context.getExecuteData();
	const { metadata, node } = entry;
	const again: IExecuteData = {
		...entry,
		node: { ...node },
		metadata: { ...metadata, [MARKER]: marker } as MarkedMetadata,
	};
	// n8n would otherwise let "Retry with currently saved workflow" of a waiting execution pass the
	// input on as if it were the result. It refuses when a node of the stack is missing.
	const guard: IExecuteData = {
		node: { ...node, name: `${node.name}: retry with the original workflow`, disabled: true },
		data: { main: [] },
		source: null,
		metadata: { [GUARD]: true } as MarkedMetadata,
	};
	stackOf(context)?.unshift(again, guard);
	const plain = { ...node, retryOnFail: false };
	delete plain.alwaysOutputData;
	delete plain.executeOnce;
	delete plain.onError;
	entry.node = plain;
	entry.data = { main: [] };
	await context.putExecutionToWait(until);
}

function stackOf(context: IExecuteFunctions): IExecuteData[] | undefined {
	const { runExecutionData } = context as ContextInternals;
	const stack = runExecutionData?.executionData?.nodeExecutionStack;
	return Array.isArray(stack) ? stack : undefined;
}

function metadataOf(entry: IExecuteData | undefined): MarkedMetadata {
	return (entry?.metadata ?? {}) as MarkedMetadata;
}
