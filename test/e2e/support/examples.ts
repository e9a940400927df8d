import { randomUUID } from 'node:crypto';
import path from 'node:path';
import type { INode } from 'n8n-workflow';
import { fetch } from 'undici';
import { binaryOf, fixture, formOf, itemsOf, ROOT, until, useTestbed } from '../../testbed';
import type { Execution, MediaFile, TestbedOptions, WorkflowJson } from '../../testbed';
import { readExample } from '../../testbed/example';
import type { ServiceStub } from '../stubs/web-services';

/** How an example is fitted to a test. */
interface Fitting {
	/** Stand-ins for what the example uses beside WaveSpeed. */
	readonly services?: readonly ServiceStub[];
	/** Other values in nodes of the type Edit Fields, by the node's name. */
	readonly fields?: Readonly<Record<string, Readonly<Record<string, string>>>>;
	/** Changes what was read from the example's file. */
	readonly edit?: (example: WorkflowJson) => void;
}

const MEDIA = ['pair.png', 'left-voice.wav', 'right-voice.wav'].map(fixture);

/** A testbed for the tests of a file, and what people do with examples in it. */
export function useExamples(options: TestbedOptions = {}) {
	const testbed = useTestbed(options);
	const { client } = testbed;

	/** Saves an example with the files of the testbed. */
	async function save(name: string, { services = [], fields = {}, edit }: Fitting) {
		const credentials = [testbed.credential];
		for (const { credential } of services) {
			credentials.push(await client.createCredential(...credential));
		}
		const options = { folder: testbed.files, credentials };
		const file = path.join(ROOT, 'examples', `${name}.json`);
		let example = await readExample(file, options);
		for (const { instead, url } of services) {
			if (instead) example = readdress(example, instead, url);
		}
		for (const [node, values] of Object.entries(fields)) setFields(example, node, values);
		edit?.(example);
		return await client.createWorkflow(example);
	}

	return {
		testbed,
		client,
		emulator: testbed.emulator,

		/** A server that is closed together with the testbed. */
		async using<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
			const server = await starting;
			testbed.onClose(async () => await server.close());
			return server;
		},

		/** Saves and publishes an example. */
		async publish(name: string, fitting: Fitting = {}): Promise<void> {
			const { id } = await save(name, fitting);
			await client.activate(id);
		},

		/** Starts an example by hand from one of its triggers; gives the execution's ID. */
		async start(
			name: string,
			fitting: Fitting = {},
			trigger = "When clicking 'Execute workflow'",
		): Promise<string> {
			return await client.run((await save(name, fitting)).id, trigger);
		},

		/** Starts it, and waits for its end. */
		async run(name: string, fitting?: Fitting, trigger?: string): Promise<Execution> {
			return await client.waitFor(await this.start(name, fitting, trigger), ['success']);
		},

		/** The video that a node put out. */
		async videoOf(execution: Execution, node = 'Make the video') {
			const { id = '', fileName = '' } = binaryOf(itemsOf(execution, node)[0], 'data');
			return { fileName, content: await client.download(id) };
		},

		/** Publishes an example and sends its form as a browser does, with a text or a file in each field. */
		async sendForm(
			name: string,
			fields: ReadonlyArray<string | MediaFile> = MEDIA,
			fitting: Fitting = {},
		): Promise<SentForm> {
			const form = randomUUID();
			const saved = await save(name, {
				...fitting,
				// Of its own, as another test may have published the same example.
				edit: (example) => (nodeOf(example, 'Form').webhookId = form),
			});
			await client.activate(saved.id);
			const address = `${testbed.url}/form/${form}`;
			await until(async () => (await fetch(address)).status === 200, { what: address });
			const body = formOf(
				Object.fromEntries(fields.map((field, index) => [`field-${index}`, field])),
			);
			const answer = await fetch(address, { method: 'POST', body });
			const { formWaitingUrl } = (await answer.json()) as { formWaitingUrl: string };
			const { id: execution } = await client.nextExecution(saved.id);
			return {
				execution,
				page: async () => await nextPage(formWaitingUrl),
				async choose(field, choice) {
					const body = formOf({ [`field-${field}`]: choice });
					const { status } = await fetch(formWaitingUrl, { method: 'POST', body });
					if (status !== 200) throw new Error(`The page answered ${status}`);
				},
				async reached(node) {
					const look = async () => {
						const state = await client.execution(execution);
						return itemsOf(state, node).length > 0 && state;
					};
					return await until(look, { what: `the node "${node}"` });
				},
			};
		},
	};
}

/** A form that was sent. */
interface SentForm {
	/** The execution that it has started. */
	readonly execution: string;
	/** The page that follows, when it is there. */
	page(): Promise<string>;
	/** Sends that page with this choice. */
	choose(field: number, choice: string): Promise<void>;
	/** The execution as soon as this node has given an item. */
	reached(node: string): Promise<Execution>;
}

/** Asks how the execution stands, as the page in the browser does, until the next page is there. */
async function nextPage(waitingUrl: string): Promise<string> {
	const status = new URL(waitingUrl);
	status.pathname += '/n8n-execution-status';
	const isThere = async () => (await (await fetch(status)).text()) === 'form-waiting';
	await until(isThere, { what: 'the next page of the form' });
	return await (await fetch(waitingUrl)).text();
}

/** The same workflow with one address in the place of another, wherever it stands. */
function readdress(flow: WorkflowJson, from: string, to: string): WorkflowJson {
	const text = JSON.stringify(flow);
	if (!text.includes(from)) throw new Error(`The example does not name ${from}.`);
	return JSON.parse(text.replaceAll(from, to)) as WorkflowJson;
}

function setFields(flow: WorkflowJson, name: string, values: Readonly<Record<string, string>>) {
	const { assignments } = nodeOf(flow, name).parameters as {
		assignments: { assignments: Array<{ name: string; value: string }> };
	};
	for (const [key, value] of Object.entries(values)) {
		const field = assignments.assignments.find((each) => each.name === key);
		if (!field) throw new Error(`"${name}" has no field ${key}.`);
		field.value = value;
	}
}

/** A node of the workflow, to be changed. */
export function nodeOf({ nodes }: WorkflowJson, name: string): INode {
	const found = nodes.find((node) => node.name === name);
	if (!found) throw new Error(`The example has no node "${name}".`);
	return found;
}
