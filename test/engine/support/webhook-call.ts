/** WaveSpeed's call to a stored execution, from n8n's web server to the node's `webhook()`. */
import type {
	IRunExecutionData,
	ITaskMetadata,
	IWebhookData,
	IWebhookFunctions,
	IWorkflowExecuteAdditionalData,
	Workflow,
	WorkflowExecuteMode,
} from 'n8n-workflow';
import { WebhookContext } from 'n8n-core';

export interface WebhookCall {
	body: unknown;
	headers?: Record<string, string>;
}

interface StoredExecution {
	workflow: Workflow;
	/** Changed as n8n's `WaitingWebhooks` changes it. */
	data: IRunExecutionData;
	mode: WorkflowExecuteMode;
}

/** @returns the HTTP status, and whether the execution goes on */
export async function callWebhook(
	{ workflow, data, mode }: StoredExecution,
	additionalData: IWorkflowExecuteAdditionalData,
	{ body, headers = {} }: WebhookCall,
): Promise<{ status: number; wakes: boolean }> {
	const { lastNodeExecuted = '', runData } = data.resultData;
	const first = data.executionData!.nodeExecutionStack[0]!;
	first.node.disabled = true;
	delete data.waitTill;
	runData[lastNodeExecuted]?.pop();

	const node = workflow.getNode(lastNodeExecuted)!;
	const nodeType = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	const [webhookDescription] = nodeType.description.webhooks!;
	const webhookData: IWebhookData = {
		httpMethod: 'POST',
		node: node.name,
		path: webhookDescription!.path,
		webhookDescription: webhookDescription!,
		workflowId: workflow.id,
		workflowExecuteAdditionalData: additionalData,
	};
	let status = 200;
	const httpResponse = {
		status(code: number) {
			status = code;
			return httpResponse;
		},
		json: () => httpResponse,
	};
	Object.assign(additionalData, {
		httpRequest: {
			body,
			headers,
			rawBody: Buffer.from(JSON.stringify(body)),
			query: {},
			params: {},
		},
		httpResponse,
	});
	const context = new WebhookContext(workflow, node, additionalData, mode, webhookData, [], data);
	const response = await nodeType.webhook!.call(context as IWebhookFunctions);
	if (response.noWebhookResponse || !response.workflowData) return { status, wakes: false };
	first.data.main = response.workflowData;
	first.metadata = { ...first.metadata, forwardAllOutputs: true } as ITaskMetadata;
	return { status, wakes: true };
}
