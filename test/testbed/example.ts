import { readFile } from 'node:fs/promises';
import type { INode } from 'n8n-workflow';
import type { StoredCredential, WorkflowJson } from './n8n/types';

/** The folder that the examples name: the one that n8n's container lets workflows use. */
export const EXAMPLE_FOLDER = '/home/node/.n8n-files';

export interface ExampleOptions {
	/** Folder to use in place of the one that the examples name. */
	readonly folder: string;
	/** Put into every node that asks for a credential of one of these types. */
	readonly credentials: readonly StoredCredential[];
}

/** Reads an example workflow and fits it to an n8n, as its user does by hand after the import. */
export async function readExample(file: string, options: ExampleOptions): Promise<WorkflowJson> {
	const example = JSON.parse(await readFile(file, 'utf8')) as WorkflowJson;
	// n8n takes forward slashes on Windows too, and in expressions only those are safe.
	const folder = options.folder.replaceAll('\\', '/');
	const fitted = mapStrings(example, (text) => text.replaceAll(EXAMPLE_FOLDER, folder));
	return { ...fitted, nodes: fitted.nodes.map((node) => withCredentials(node, options)) };
}

/** Name of the node at which a run by hand starts. */
export function manualStart({ name, nodes }: WorkflowJson): string {
	const trigger = nodes.find(({ type }) => type === 'n8n-nodes-base.manualTrigger');
	if (!trigger) throw new Error(`The workflow "${name}" has no manual trigger.`);
	return trigger.name;
}

function withCredentials(node: INode, { credentials }: ExampleOptions): INode {
	if (!node.credentials) return node;
	const chosen = { ...node.credentials };
	for (const { id, name, type } of credentials) if (type in chosen) chosen[type] = { id, name };
	return { ...node, credentials: chosen };
}

function mapStrings<T>(value: T, change: (text: string) => string): T {
	const walk = (part: unknown): unknown => {
		if (typeof part === 'string') return change(part);
		if (Array.isArray(part)) return part.map(walk);
		if (typeof part !== 'object' || part === null) return part;
		return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, walk(each)]));
	};
	return walk(value) as T;
}
