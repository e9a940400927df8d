import type { IExecuteFunctions } from 'n8n-workflow';

/**
 * True when an AI agent runs the node as its tool. Agents since version 3 let the engine run their
 * tools like any node, with a context that does not say so; then the node's type tells: n8n makes the
 * tool from the node, and adds the word to its name.
 */
export function isTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}
