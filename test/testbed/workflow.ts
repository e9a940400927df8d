import { randomUUID } from 'node:crypto';
import type { IConnections, IDataObject, INode, NodeParameterValueType } from 'n8n-workflow';
import type { StoredCredential, WorkflowJson } from './n8n/types';

export type Parameters = Record<string, NodeParameterValueType>;

export interface NodeOptions extends Partial<Omit<INode, 'name' | 'type' | 'parameters'>> {
	/** Credentials by their type. */
	readonly use?: readonly StoredCredential[];
}

/** One node of a workflow. */
export function node(
	name: string,
	type: string,
	parameters: Parameters = {},
	{ use = [], ...options }: NodeOptions = {},
): INode {
	const credentials = Object.fromEntries(use.map(({ id, name, type }) => [type, { id, name }]));
	return {
		id: randomUUID(),
		name,
		type,
		typeVersion: 1,
		position: [0, 0],
		parameters,
		...(use.length > 0 ? { credentials } : {}),
		...options,
	};
}

/** The start by hand, "When clicking Execute". */
export function manualTrigger(name = 'Start'): INode {
	return node(name, 'n8n-nodes-base.manualTrigger');
}

/** A production webhook, which answers at once unless the parameters say otherwise. */
export function webhookTrigger(path: string, parameters: Parameters = {}): INode {
	const all = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {}, ...parameters };
	return node('Webhook', 'n8n-nodes-base.webhook', all, {
		typeVersion: 2,
		webhookId: randomUUID(),
	});
}

/** JavaScript in a Code node, run once for all items. */
export function code(name: string, jsCode: string): INode {
	return node(name, 'n8n-nodes-base.code', { jsCode }, { typeVersion: 2 });
}

/** Sends out fixed JSON, one item for each object. */
export function items(name: string, ...objects: readonly IDataObject[]): INode {
	return code(name, `return ${JSON.stringify(objects.map((json) => ({ json })))};`);
}

/** Makes each item anew, of these fields. */
export function editFields(name: string, values: Readonly<Record<string, string>>): INode {
	const assignments = Object.entries(values).map(([field, value]) => {
		return { id: randomUUID(), name: field, value, type: 'string' };
	});
	const parameters = { assignments: { assignments }, options: {} };
	return node(name, 'n8n-nodes-base.set', parameters, { typeVersion: 3.4 });
}

/** Does nothing; a place to look at what arrives. */
export function noOp(name: string): INode {
	return node(name, 'n8n-nodes-base.noOp');
}

/** Reads a file from disk into a binary field of the item. */
export function readFile(name: string, path: string, field = 'data'): INode {
	const parameters = { fileSelector: path, options: { dataPropertyName: field } };
	return node(name, 'n8n-nodes-base.readWriteFile', parameters);
}

/** `[from, to]`, or with the number of the output (0 is the first) and of the input. */
export type Wire = readonly [from: INode, to: INode, output?: number, input?: number];

/** The nodes one after the other: `chain(a, b, c)` wires a to b and b to c. */
export function chain(...nodes: readonly INode[]): Wire[] {
	return nodes.slice(1).map((to, index) => [nodes[index] as INode, to]);
}

/** A workflow of all the nodes that the wires name, laid out from left to right. */
export function workflow(name: string, ...wires: readonly Wire[]): WorkflowJson {
	const nodes = [...new Set(wires.flatMap(([from, to]) => [from, to]))];
	nodes.forEach((each, index) => {
		each.position = [index * 220, 0];
	});
	const connections: IConnections = {};
	for (const [from, to, output = 0, input = 0] of wires) {
		const outputs = ((connections[from.name] ??= {}).main ??= []);
		while (outputs.length <= output) outputs.push([]);
		(outputs[output] ??= []).push({ node: to.name, type: 'main', index: input });
	}
	return { name, nodes, connections };
}
