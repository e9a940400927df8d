import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * True when an AI agent runs the node as its tool. Since version 3, agents let the engine run their
 * tools like any node, and the context does not say so. But the node's type does: n8n makes a type for
 * the tool whose name ends with "Tool".
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}

/**
 * True when a failed item becomes an output item. As an agent's tool always: of what a node throws, the
 * model hears less than it needs to know (agents up to 2.2: nothing), and would pay again.
 */
export function continuesOnFail(context: IExecuteFunctions): boolean {
	return context.continueOnFail() || isTool(context);
}
