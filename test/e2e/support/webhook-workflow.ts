import { randomUUID } from 'node:crypto';
import type { INode } from 'n8n-workflow';
import { FormData, Response } from 'undici';
import { webhookTrigger, type MediaFile, type Testbed } from '../../testbed';
import type { Execution, ExecutionStatus, WebhookAnswer, WorkflowJson } from '../../testbed';

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
	const run = async (
		send: () => Promise<WebhookAnswer>,
		statuses: readonly ExecutionStatus[],
	): Promise<Execution> => {
		const known = (await client.executions({ workflowId })).map(({ id }) => id);
		const answer = await send();
		if (answer.status !== 200) throw new Error(`The webhook answered ${answer.status}`);
		const { id } = await client.nextExecution(workflowId, known);
		return await client.waitFor(id, statuses.length > 0 ? statuses : undefined);
	};
	return {
		workflowId,
		sendJson: async (body, ...statuses) =>
			await run(async () => await client.webhook(path, { body }), statuses),
		sendFiles: async (files, ...statuses) =>
			await run(async () => await client.webhook(path, await form(files)), statuses),
	};
}

/** The body and the header of a multipart form. */
async function form(
	files: Readonly<Record<string, MediaFile>>,
): Promise<{ body: Buffer; headers: Record<string, string> }> {
	const data = new FormData();
	for (const [field, { name, type, content }] of Object.entries(files)) {
		data.append(field, new Blob([Uint8Array.from(content)], { type }), name);
	}
	const encoded = new Response(data);
	const contentType = encoded.headers.get('content-type') ?? '';
	return {
		body: Buffer.from(await encoded.arrayBuffer()),
		headers: { 'content-type': contentType },
	};
}
