import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { fetch, FormData } from 'undici';
import { readExample } from '../../testbed/example';
import { fixture, type MediaFile } from '../../testbed/fixtures';
import { ROOT } from '../../testbed/lib/paths';
import { until } from '../../testbed/lib/until';
import {
	itemsOf,
	type Execution,
	type StoredCredential,
	type WorkflowJson,
} from '../../testbed/n8n';
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

/** A form that was sent. */
export interface SentForm {
	/** The execution that it has started. */
	readonly execution: string;
	/** Address of the pages that follow. */
	readonly formWaitingUrl: string;
}

/** Publishes an example and sends its form as a browser does, with a text or a file in each field. */
export async function sendForm(
	{ client, url }: Testbed,
	example: WorkflowJson,
	fields: ReadonlyArray<string | MediaFile> = MEDIA,
): Promise<SentForm> {
	// Of its own, as another test may have published the same example.
	const webhookId = randomUUID();
	const flow = replace(example, 'Form', (node) => ({ ...node, webhookId }));
	const { id: workflowId } = await client.createWorkflow(flow);
	await client.activate(workflowId);
	const address = `${url}/form/${webhookId}`;
	await until(async () => (await fetch(address)).status === 200, { what: address });
	const form = new FormData();
	for (const [index, field] of fields.entries()) {
		if (typeof field === 'string') form.append(`field-${index}`, field);
		else {
			const { name, type, content } = field;
			form.append(`field-${index}`, new Blob([Uint8Array.from(content)], { type }), name);
		}
	}
	const answer = await fetch(address, { method: 'POST', body: form });
	const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl: string };
	const { id: execution } = await client.nextExecution(workflowId);
	return { execution, formWaitingUrl };
}

const MEDIA = ['pair.png', 'left-voice.wav', 'right-voice.wav'].map(fixture);

/** Asks how the execution stands, as the page in the browser does, until the next page is there. */
export async function nextPage(waitingUrl: string): Promise<string> {
	const status = new URL(waitingUrl);
	status.pathname += '/n8n-execution-status';
	const isThere = async () => (await (await fetch(status)).text()) === 'form-waiting';
	await until(isThere, { what: 'the next page of the form' });
	return await (await fetch(waitingUrl)).text();
}

/** The execution as soon as this node has given an item. */
export async function reached(
	{ client }: Testbed,
	execution: string,
	node: string,
): Promise<Execution> {
	const look = async () => {
		const state = await client.execution(execution);
		return itemsOf(state, node).length > 0 && state;
	};
	return await until(look, { what: `the node "${node}"` });
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
