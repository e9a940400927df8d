import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import type { Execution } from './types';

/** The items that a node sent out by its first output, in its last run. */
export function itemsOf(execution: Execution, node: string): INodeExecutionData[] {
	return execution.data.resultData.runData[node]?.at(-1)?.data?.main?.[0] ?? [];
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

/** Message and description of what ended an execution. */
export function errorOf({ data }: Execution): { message: string; description: string } | undefined {
	const { error } = data.resultData;
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
