import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { Execution } from './types';

/**
 * The items that a node sent out.
 *
 * @param output number of the output: 0 is the first (success), 1 the error output of a node that
 * continues with it
 * @param run which run of the node, from 0; the last one unless given
 */
export function itemsOf(
	execution: Execution,
	node: string,
	output = 0,
	run?: number,
): INodeExecutionData[] {
	const runs = execution.data.resultData.runData[node] ?? [];
	const chosen = run === undefined ? runs.at(-1) : runs[run];
	return chosen?.data?.main?.[output] ?? [];
}

/** What the editor shows under the output of a node, as one text. */
export function hintsOf(execution: Execution, node: string): string {
	const hints = execution.data.resultData.runData[node]?.at(-1)?.hints ?? [];
	return hints.map(({ message }) => message).join('\n');
}

/** How often a node ran in an execution; tries of Retry On Fail count as one. */
export function runsOf(execution: Execution, node: string): number {
	return execution.data.resultData.runData[node]?.length ?? 0;
}

/** Message and description of what ended an execution, or failed a node within it. */
export function errorOf(
	execution: Execution,
	node?: string,
): { message: string; description: string } | undefined {
	const { resultData } = execution.data;
	const error = node ? resultData.runData[node]?.at(-1)?.error : resultData.error;
	if (!error) return undefined;
	return { message: error.message, description: String(error.description ?? '') };
}

/**
 * A binary of an item.
 *
 * @throws Error naming the fields that the item does have
 */
export function binaryOf(item: INodeExecutionData | undefined, field: string): IBinaryData {
	const binary = item?.binary?.[field];
	if (binary) return binary;
	const there = Object.keys(item?.binary ?? {}).join(', ') || 'none';
	throw new Error(`The item has no binary field "${field}"; it has: ${there}.`);
}
