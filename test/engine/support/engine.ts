/**
 * Runs workflows through n8n's own engine inside the test process: n8n-core's WorkflowExecute with
 * its request helpers and its binary store. Only n8n's database and its server are missing.
 */
// Before anything of n8n or of the node is loaded.
import './environment';
import { time } from './time';
import { parse, stringify } from 'flatted';
import { BinaryDataConfig, BinaryDataService, WebhookContext, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type INode,
	type INodeParameters,
	type IRunExecutionData,
	type ITaskMetadata,
	type IWebhookData,
	type IWebhookFunctions,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	type Workflow,
	type WorkflowExecuteMode,
} from 'n8n-workflow';
import type { Emulator } from '../../emulator/emulator';
import { Container } from './injected';
import { additionalDataFor, logs } from './server';
import type { TestItem } from './nodes';
import { Execution } from './execution';
import { createWorkflow, CREDENTIAL_ID } from './workflow';

export interface RunOptions {
	/** What the node *Files* puts out, directly before the node under test. Default: one item with the three files. */
	items?: readonly TestItem[];
	/** Sources before *Files*, by name, one after the other. */
	before?: Record<string, readonly TestItem[]>;
	/**
	 * Parameters of the node under test, *Video*; the others have their defaults, but each item gets a
	 * job of its own, and the execution is not stored, unless `options` says otherwise.
	 */
	parameters?: INodeParameters;
	/** Settings of the node under test, such as `onError` and `retryOnFail`. */
	node?: Partial<INode>;
	settings?: IWorkflowSettings;
	/** Runs *Video* this many times with the same items, in a loop of one execution. */
	loops?: number;
	/** Where n8n keeps files: on disk (its default) or inside the items. */
	binaryData?: 'filesystem' | 'memory';
	/** What is in the credential in place of the emulator's key and address. */
	credential?: { apiKey?: string; baseUrl?: string };
	/** What n8n was told that it can be reached at. */
	publicUrl?: string;
}

let executions = 0;

export class Engine {
	/** @param otherKeys API keys of further credentials, by their ID */
	constructor(
		private readonly emulator: Emulator,
		private readonly otherKeys: Readonly<Record<string, string>> = {},
	) {}

	/** Begins an execution, and gives what has come of it. */
	async run(planned: RunOptions = {}): Promise<Execution> {
		const { done } = await this.start(planned);
		return await done;
	}

	/** Begins an execution, which `cancel` stops as the user does; `done` is what has come of it. */
	async start(planned: RunOptions = {}) {
		const workflow = createWorkflow(planned);
		const startNode = Object.values(workflow.nodes)[0]!;
		return await this.launch(planned, workflow, undefined, (data) =>
			new WorkflowExecute(data, 'trigger').run({ workflow, startNode }),
		);
	}

	/**
	 * *Retry execution*: what n8n stored of a failed execution goes on where it stopped.
	 *
	 * @param changes the workflow as it is now; without them the one of the failed execution
	 */
	async retry(failed: Execution, changes?: RunOptions): Promise<Execution> {
		const planned = changes ?? failed.planned;
		const workflow = createWorkflow(planned);
		const stored = readStored(failed);
		// As n8n's execution service prepares it.
		delete stored.resultData.error;
		const last = stored.resultData.runData[stored.resultData.lastNodeExecuted ?? ''];
		if (last?.at(-1)?.error !== undefined) last.pop();
		for (const entry of changes ? stored.executionData!.nodeExecutionStack : []) {
			entry.node = workflow.getNode(entry.node.name) ?? entry.node;
		}
		return await this.goOn(planned, workflow, stored, 'retry');
	}

	/** What n8n does with a stored execution when its time has come. */
	async wake(stored: Execution): Promise<Execution> {
		const { planned, run, executionId } = stored;
		time.now = Math.max(time.now, run.waitTill?.getTime() ?? 0);
		const workflow = createWorkflow(planned);
		return await this.goOn(planned, workflow, readStored(stored), run.mode, executionId);
	}

	/**
	 * What n8n does with a stored execution when WaveSpeed calls it about a job.
	 *
	 * @returns the HTTP status, and how the execution went on if the call woke it
	 */
	async call(stored: Execution, id: string): Promise<{ status: number; execution?: Execution }> {
		const { planned, run, executionId } = stored;
		const workflow = createWorkflow(planned);
		const data = readStored(stored);
		// As n8n's `WaitingWebhooks` does it.
		const { lastNodeExecuted = '', runData } = data.resultData;
		const first = data.executionData!.nodeExecutionStack[0]!;
		first.node.disabled = true;
		delete data.waitTill;
		runData[lastNodeExecuted]?.pop();

		const node = workflow.getNode(lastNodeExecuted)!;
		const { webhook } = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
		let status = 200;
		const httpResponse = {
			status(code: number) {
				status = code;
				return { json: () => {} };
			},
		};
		const additional = this.additionalData(planned, workflow, executionId);
		Object.assign(additional, { httpRequest: { body: { id }, headers: {} }, httpResponse });
		const webhookData = {} as IWebhookData;
		const context = new WebhookContext(workflow, node, additional, run.mode, webhookData, [], data);
		const { workflowData } = await webhook!.call(context as IWebhookFunctions);
		if (!workflowData) return { status };
		first.data.main = workflowData;
		first.metadata = { ...first.metadata, forwardAllOutputs: true } as ITaskMetadata;
		return { status, execution: await this.goOn(planned, workflow, data, run.mode, executionId) };
	}

	private async goOn(
		planned: RunOptions,
		workflow: Workflow,
		stored: IRunExecutionData,
		mode: WorkflowExecuteMode,
		executionId?: string,
	): Promise<Execution> {
		const running = await this.launch(planned, workflow, executionId, (data) =>
			new WorkflowExecute(data, mode, stored).processRunExecutionData(workflow),
		);
		return await running.done;
	}

	private async launch(
		planned: RunOptions,
		workflow: Workflow,
		executionId = String(++executions),
		execute: (data: IWorkflowExecuteAdditionalData) => ReturnType<WorkflowExecute['run']>,
	) {
		const { binaryData = 'filesystem' } = planned;
		// In memory is what n8n calls `default`.
		Container.get(BinaryDataConfig).mode = binaryData === 'memory' ? 'default' : binaryData;
		await Container.get(BinaryDataService).init();
		const firstLog = logs.length;
		const running = execute(this.additionalData(planned, workflow, executionId));
		return {
			done: running.then((run) => new Execution(run, planned, logs.slice(firstLog), executionId)),
			cancel: () => running.cancel(),
		};
	}

	private additionalData(planned: RunOptions, workflow: Workflow, executionId: string) {
		const { credential, publicUrl } = planned;
		const { baseUrl, settings } = this.emulator;
		const own = { baseUrl, apiKey: settings.apiKey, ...credential };
		const others = Object.entries(this.otherKeys).map(([id, apiKey]) => [id, { ...own, apiKey }]);
		const credentials = { [CREDENTIAL_ID]: own, ...Object.fromEntries(others) };
		return additionalDataFor(workflow, executionId, credentials, publicUrl);
	}
}

/** The execution as n8n reads it from its database. */
function readStored({ run }: Execution): IRunExecutionData {
	return createRunExecutionData(parse(stringify(run.data)) as IRunExecutionData);
}
