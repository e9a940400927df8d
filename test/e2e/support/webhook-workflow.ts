import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { formOf, webhookTrigger, type MediaFile, type Testbed } from '../../testbed';
import type { Execution, ExecutionStatus, WorkflowJson } from '../../testbed';

/** A published workflow that starts with a production webhook. */
export interface Hook {
	readonly workflowId: string;
	/** Sends JSON and waits for the end of the execution that it starts. */
	sendJson(body: object, ...statuses: ExecutionStatus[]): Promise<Execution>;
	/** Sends files as a form does, with their fields' names. */
	sendFiles(
		files: Readonly<Record<string, MediaFile>>,
		...statuses: ExecutionStatus[]
	): Promise<Execution>;
}

/**
 * Saves and publishes a workflow.
 *
 * @param make the workflow around the trigger
 */
export async function publish(
	{ client }: Testbed,
	make: (trigger: INode) => WorkflowJson,
): Promise<Hook> {
	const path = randomUUID();
	const { id: workflowId } = await client.createWorkflow(make(webhookTrigger(path)));
	await client.activate(workflowId);
	const run = async (body: object, ...statuses: ExecutionStatus[]): Promise<Execution> => {
		const known = (await client.executions({ workflowId })).map(({ id }) => id);
		const { status } = await client.post(`/webhook/${path}`, body);
		if (status !== 200) throw new Error(`The webhook answered ${status}`);
		const { id } = await client.nextExecution(workflowId, known);
		return await client.waitFor(id, statuses.length > 0 ? statuses : undefined);
	};
	return {
		workflowId,
		sendJson: run,
		sendFiles: async (files, ...statuses) => await run(formOf(files), ...statuses),
	};
}
