import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * True when an AI agent runs the node as its tool. Since version 3, agents let the engine run their
 * tools like any node, and the context does not say so. But the node's type does: n8n makes a type for
 * the tool whose name ends with "Tool".
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
