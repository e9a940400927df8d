/**
 * Runs workflows through n8n's own engine inside the test process: n8n-core's WorkflowExecute with
 * its request helpers and its binary store. Only n8n's database and its server are missing.
 */
import { storageFolder } from './environment';
// Before anything of n8n or of the node is loaded.
import { passTimeUntil } from './time';
import { parse, stringify } from 'flatted';
import { BinaryDataConfig, BinaryDataService, WorkflowExecute } from 'n8n-core';
import {
	createRunExecutionData,
	type INode,
	type INodeParameters,
	type IRun,
	type IRunExecutionData,
	type IWorkflowExecuteAdditionalData,
	type IWorkflowSettings,
	Workflow,
} from 'n8n-workflow';
import { mkdir } from 'node:fs/promises';
import type { Emulator } from '../../emulator/emulator';
import { additionalDataFor } from './additional-data';
import { MemoryCredentials } from './credentials';
import { Container } from './injected';
import { captureLogs, logs } from './logs';
import { createNodeTypes, type Sources, type TestItem } from './nodes';
import { Execution } from './execution';
import { mediaFixtures } from './files';
import { callWebhook, type WebhookCall } from './webhook-call';
import { plan } from './workflow';

export interface EngineOptions {
	emulator: Emulator;
	/** Where n8n keeps files: on disk (its default) or inside the items. */
	binaryData?: 'filesystem' | 'memory';
	/** The API key of the credential. Default: the emulator's. */
	apiKey?: string;
	baseUrl?: string;
	/** API keys of further credentials, by their ID. */
	otherKeys?: Readonly<Record<string, string>>;
	/** What n8n was told that it can be reached at. */
	publicUrl?: string;
}

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
}

/** What a call to a stored execution brought about. */
export interface CallResult {
	/** HTTP status; 200 when the call wakes the execution. */
	status: number;
	/** How the execution went on; absent when it stays stored. */
	execution?: Execution;
}

/** An execution under way. */
export interface RunningExecution {
	/** Resolves when the engine is done, also after {@link cancel}. */
	done: Promise<Execution>;
	/** What the user's Stop does. */
	cancel(): void;
}

export interface Engine {
	/** @param executionId of an execution that n8n begins again; a new one unless given */
	run(options?: RunOptions, executionId?: string): Promise<Execution>;
	start(options?: RunOptions, executionId?: string): RunningExecution;
	/**
	 * *Retry execution*: what n8n stored of a failed execution goes on where it stopped.
	 *
	 * @param changes the workflow as it is now; without them the one of the failed execution
	 */
	retry(failed: Execution, changes?: RunOptions): Promise<Execution>;
	/** What n8n does with a stored execution when its time has come. */
	wake(stored: Execution): Promise<Execution>;
	/** What n8n does with a stored execution when WaveSpeed calls. */
	call(stored: Execution, call: WebhookCall): Promise<CallResult>;
}

export const CREDENTIAL_ID = 'wavespeed-1';

let executions = 0;

export async function createEngine(options: EngineOptions): Promise<Engine> {
	const { emulator, binaryData = 'filesystem', baseUrl = emulator.baseUrl } = options;
	const { publicUrl = 'http://127.0.0.1:5678/' } = options;
	const apiKey = options.apiKey ?? emulator.settings.apiKey;
	captureLogs();
	await mkdir(storageFolder, { recursive: true });
	// In memory is what n8n calls `default`.
	Container.get(BinaryDataConfig).mode = binaryData === 'memory' ? 'default' : 'filesystem';
	await Container.get(BinaryDataService).init();
	const keys = Object.entries({ [CREDENTIAL_ID]: apiKey, ...options.otherKeys });
	const credentials = new MemoryCredentials(
		new Map(keys.map(([id, key]) => [id, { apiKey: key, baseUrl }])),
	);

	function additionalData(workflow: Workflow, executionId: string): IWorkflowExecuteAdditionalData {
		return {
			...additionalDataFor(workflow, credentials, executionId),
			webhookWaitingBaseUrl: `${publicUrl}webhook-waiting`,
		};
	}

	function launch(
		workflow: Workflow,
		execute: (additionalData: IWorkflowExecuteAdditionalData) => ReturnType<WorkflowExecute['run']>,
		planned: RunOptions,
		executionId = String(++executions),
	): RunningExecution {
		const firstLog = logs.length;
		const running = execute(additionalData(workflow, executionId));
		return {
			done: running.then(
				(run: IRun) => new Execution(run, planned, logs.slice(firstLog), executionId),
			),
			cancel: () => running.cancel(),
		};
	}

	async function goOn(stored: Execution, data: IRunExecutionData): Promise<Execution> {
		const { planned, executionId } = stored;
		const { workflow } = workflowOf(planned);
		const running = launch(
			workflow,
			(additional) =>
				new WorkflowExecute(additional, stored.run.mode, data).processRunExecutionData(workflow),
			planned,
			executionId,
		);
		return await running.done;
	}

	function start(planned: RunOptions = {}, executionId?: string): RunningExecution {
		const { workflow, startNode } = workflowOf(planned);
		return launch(
			workflow,
			(data) => new WorkflowExecute(data, 'trigger').run({ workflow, startNode }),
			planned,
			executionId,
		);
	}

	return {
		start,
		run: async (planned, executionId) => await start(planned, executionId).done,
		async retry(failed, changes) {
			const stored = storedForRetry(failed.run);
			const { workflow } = workflowOf(changes ?? failed.planned);
			const stack = changes ? stored.executionData?.nodeExecutionStack : [];
			for (const entry of stack ?? []) {
				entry.node = workflow.getNode(entry.node.name) ?? entry.node;
			}
			const running = launch(
				workflow,
				(data) => new WorkflowExecute(data, 'retry', stored).processRunExecutionData(workflow),
				changes ?? failed.planned,
			);
			return await running.done;
		},
		async wake(stored) {
			passTimeUntil(stored.run.waitTill ?? new Date(0));
			return await goOn(stored, readStored(stored));
		},
		async call(stored, call) {
			const data = readStored(stored);
			const { workflow } = workflowOf(stored.planned);
			const result = await callWebhook(
				{ workflow, data, mode: stored.run.mode },
				additionalData(workflow, stored.executionId),
				call,
			);
			return { ...result, ...(result.wakes && { execution: await goOn(stored, data) }) };
		},
	};
}

function workflowOf(planned: RunOptions): { workflow: Workflow; startNode: INode } {
	const { before = {}, items = [{ files: mediaFixtures }] } = planned;
	const sources: Sources = new Map(Object.entries({ ...before, Files: items }));
	const { nodes, connections } = plan(planned, CREDENTIAL_ID);
	const workflow = new Workflow({
		id: 'engine-test',
		name: 'Engine test',
		nodes,
		connections,
		active: false,
		nodeTypes: createNodeTypes(sources),
		settings: { executionOrder: 'v1', ...planned.settings },
	});
	return { workflow, startNode: workflow.getNode(nodes[0]!.name)! };
}

/** The execution as n8n reads it from its database. */
function readStored({ run }: Execution): IRunExecutionData {
	return createRunExecutionData(parse(stringify(run.data)) as IRunExecutionData);
}

/** As n8n's execution service prepares a stored execution for its retry. */
function storedForRetry(run: IRun): IRunExecutionData {
	const stored = parse(stringify(run.data)) as IRunExecutionData;
	const { resultData } = stored;
	delete resultData.error;
	const last = resultData.runData[resultData.lastNodeExecuted ?? ''];
	if (last?.at(-1)?.error !== undefined) last.pop();
	return createRunExecutionData(stored);
}
