import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { readExample } from '../../testbed/example';
import { ROOT } from '../../testbed/lib/paths';
import type { Execution, StoredCredential, WorkflowJson } from '../../testbed/n8n';
import type { Testbed } from '../../testbed/testbed';

const EXAMPLES = path.join(ROOT, 'examples');

/** An example with the files of the testbed, its WaveSpeed credential and these credentials. */
export async function loadExample(
	testbed: Testbed,
	name: string,
	credentials: readonly StoredCredential[] = [],
): Promise<WorkflowJson> {
	return await readExample(path.join(EXAMPLES, `${name}.json`), {
		folder: testbed.files,
		credentials: [testbed.credential, ...credentials],
	});
}

/** Saves a workflow, runs it by hand from one of its triggers, and waits for its end. */
export async function runFrom(
	testbed: Testbed,
	flow: WorkflowJson,
	trigger: string,
): Promise<Execution> {
	const { id } = await testbed.client.createWorkflow(flow);
	return await testbed.client.waitFor(await testbed.client.run(id, trigger), ['success']);
}

/** The same workflow with one address in the place of another, wherever it stands. */
export function readdress(flow: WorkflowJson, from: string, to: string): WorkflowJson {
	const text = JSON.stringify(flow);
	if (!text.includes(from)) throw new Error(`The example does not name ${from}.`);
	return JSON.parse(text.replaceAll(from, to)) as WorkflowJson;
}

/** The same workflow with other values in a node of the type Edit Fields. */
export function withFields(
	flow: WorkflowJson,
	name: string,
	values: Readonly<Record<string, string>>,
): WorkflowJson {
	const { assignments } = nodeOf(flow, name).parameters.assignments as {
		assignments: Array<{ name: string; value: string }>;
	};
	const unknown = Object.keys(values).filter(
		(key) => !assignments.some((each) => each.name === key),
	);
	if (unknown.length > 0) throw new Error(`"${name}" has no fields ${unknown.join(', ')}.`);
	const changed = assignments.map((each) => ({ ...each, value: values[each.name] ?? each.value }));
	return replace(flow, name, (node) => ({
		...node,
		parameters: { ...node.parameters, assignments: { assignments: changed } },
	}));
}

/** The same workflow with one node exchanged; it keeps its wires. */
export function replace(
	flow: WorkflowJson,
	name: string,
	change: (node: INode) => INode,
): WorkflowJson {
	const changed = change(nodeOf(flow, name));
	return { ...flow, nodes: flow.nodes.map((node) => (node.name === name ? changed : node)) };
}

export function nodeOf({ nodes }: WorkflowJson, name: string): INode {
	const found = nodes.find((node) => node.name === name);
	if (!found) throw new Error(`The example has no node "${name}".`);
	return found;
}
