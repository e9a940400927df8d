/** What n8n's server gives the engine for an execution, without its server and database. */
import { ExecutionLifecycleHooks, ExternalSecretsProxy } from 'n8n-core';
import type { IWorkflowExecuteAdditionalData, Workflow } from 'n8n-workflow';
import type { MemoryCredentials } from './credentials';
import { Container } from './injected';

/** Functions that need a database refuse. */
export function additionalDataFor(
	workflow: Workflow,
	credentialsHelper: MemoryCredentials,
	executionId: string,
): IWorkflowExecuteAdditionalData {
	const { id, name = '', settings } = workflow;
	const nodes = Object.values(workflow.nodes);
	const connections = workflow.connectionsBySourceNode;
	const stored = { id, name, nodes, connections, settings, active: false, isArchived: false };
	const dates = { createdAt: new Date(), updatedAt: new Date(), activeVersionId: null };
	const refuse = async () => {
		throw new Error('Not in these tests');
	};
	return {
		credentialsHelper,
		externalSecretsProxy: Container.get(ExternalSecretsProxy),
		executionId,
		hooks: new ExecutionLifecycleHooks('trigger', executionId, { ...stored, ...dates }),
		currentNodeExecutionIndex: 0,
		executeWorkflow: refuse,
		getRunExecutionData: refuse,
		getRuntimeCredential: refuse,
		startRunnerTask: refuse,
		logAiEvent: () => undefined,
		variables: {},
		...n8nUrls(),
	};
}

/** n8n's own addresses, by what it calls them. */
function n8nUrls() {
	const url = (path: string) => `http://127.0.0.1:5678/${path}`;
	return {
		restApiUrl: url('rest'),
		instanceBaseUrl: url(''),
		formBaseUrl: url('form'),
		formWaitingBaseUrl: url('form-waiting'),
		formTestBaseUrl: url('form-test'),
		webhookBaseUrl: url('webhook'),
		webhookWaitingBaseUrl: url('webhook-waiting'),
		webhookTestBaseUrl: url('webhook-test'),
		mcpBaseUrl: url('mcp'),
		mcpTestBaseUrl: url('mcp-test'),
	};
}
