import type {
	ExecutionStatus,
	IConnections,
	INode,
	IPinData,
	IRunExecutionData,
	IWorkflowSettings,
	WorkflowExecuteMode,
} from 'n8n-workflow';

/** What a workflow file holds, and what n8n's API takes. */
export interface WorkflowJson {
	name: string;
	nodes: INode[];
	connections: IConnections;
	settings?: IWorkflowSettings;
	pinData?: IPinData;
}

/** A workflow as n8n keeps it. */
export interface StoredWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
}

export interface StoredCredential {
	id: string;
	name: string;
	type: string;
}

/** What the editor shows after a credential test. */
export interface CredentialTest {
	status: 'OK' | 'Error';
	message: string;
}

export interface ExecutionSummary {
	id: string;
	workflowId: string;
	mode: WorkflowExecuteMode;
	status: ExecutionStatus;
	retryOf?: string | null;
}

/** An execution with its data decoded. */
export interface Execution extends ExecutionSummary {
	data: IRunExecutionData;
	customData?: Record<string, string>;
}

/** What n8n answers at an address of its own, such as a webhook's. */
export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly body: Buffer;
}

export type { ExecutionStatus };
