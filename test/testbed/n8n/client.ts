import { parse } from 'flatted';
import type { INodeTypeDescription, IRunExecutionData } from 'n8n-workflow';
import { until } from '../lib/until';
import { N8nApiError, Session, type Login } from './session';
import type {
	CredentialTest,
	Execution,
	ExecutionStatus,
	ExecutionSummary,
	StoredCredential,
	StoredWorkflow,
	WebhookAnswer,
	WorkflowJson,
} from './types';

export const OWNER = {
	email: 'owner@example.com',
	password: 'Talking-Video-1',
	firstName: 'Olivia',
	lastName: 'Owner',
} as const;

/** Statuses in which an execution stays unless somebody acts. */
const ENDED: readonly ExecutionStatus[] = ['success', 'error', 'canceled', 'crashed'];

/**
 * While n8n starts, it marks each stored execution as crashed and then as waiting again. Milliseconds
 * after which one that is marked so has really crashed.
 */
const RECOVERY_MS = 5_000;

export interface WebhookRequest {
	readonly method?: 'GET' | 'POST';
	readonly body?: unknown;
	readonly headers?: Record<string, string>;
	readonly signal?: AbortSignal;
}

export interface WaitOptions {
	readonly timeoutMs?: number;
}

/** n8n as its editor drives it, over the API that the editor uses. */
export class N8nClient {
	readonly session: Session;

	/** @param login of an earlier client, which saves logging in: n8n allows five a minute */
	constructor(
		readonly url: string,
		login?: Login,
	) {
		this.session = new Session(url, login);
	}

	/** Logs in as the owner, creating the owner first in a new n8n. */
	async login(): Promise<void> {
		const { userManagement } = await this.session.call<{
			userManagement: { showSetupOnFirstLoad: boolean };
		}>('GET', '/rest/settings');
		if (userManagement.showSetupOnFirstLoad) {
			await this.session.call('POST', '/rest/owner/setup', OWNER);
			return;
		}
		await this.session.call('POST', '/rest/login', {
			emailOrLdapLoginId: OWNER.email,
			password: OWNER.password,
		});
	}

	/** All node types as the editor gets them. */
	async nodeTypes(): Promise<INodeTypeDescription[]> {
		return await this.session.call('GET', '/types/nodes.json');
	}

	/** All credential types as the editor gets them. */
	async credentialTypes(): Promise<Array<{ name: string; displayName: string }>> {
		return await this.session.call('GET', '/types/credentials.json');
	}

	async createCredential(
		type: string,
		data: Record<string, unknown>,
		name = type,
	): Promise<StoredCredential> {
		return await this.session.call('POST', '/rest/credentials', { name, type, data });
	}

	async updateCredential(
		credential: StoredCredential,
		data: Record<string, unknown>,
	): Promise<StoredCredential> {
		const { id, name, type } = credential;
		return await this.session.call('PATCH', `/rest/credentials/${id}`, { id, name, type, data });
	}

	async deleteCredential(id: string): Promise<void> {
		await this.session.call('DELETE', `/rest/credentials/${id}`);
	}

	/** Tests a stored credential, or one with other data than stored, like the editor's dialogue. */
	async testCredential(
		{ id, name, type }: StoredCredential,
		data?: Record<string, unknown>,
	): Promise<CredentialTest> {
		// As the editor has it, with secrets blanked out.
		const stored = `/rest/credentials/${id}?includeData=true`;
		const { data: held } = await this.session.call<{ data: object }>('GET', stored);
		return await this.session.call('POST', '/rest/credentials/test', {
			credentials: { id, name, type, data: data ?? held },
		});
	}

	/** All workflows, without their nodes. */
	async workflows(): Promise<Array<{ id: string; name: string; active: boolean }>> {
		return await this.session.call('GET', '/rest/workflows');
	}

	/** All credentials, without what they hold. */
	async credentials(): Promise<StoredCredential[]> {
		return await this.session.call('GET', '/rest/credentials');
	}

	async createWorkflow(workflow: WorkflowJson): Promise<StoredWorkflow> {
		const { name, nodes, connections, settings = {}, pinData } = workflow;
		return await this.session.call('POST', '/rest/workflows', {
			name,
			nodes,
			connections,
			// n8n 1 asks for it.
			active: false,
			settings: { executionOrder: 'v1', ...settings },
			...(pinData ? { pinData } : {}),
		});
	}

	async getWorkflow(id: string): Promise<StoredWorkflow> {
		return await this.session.call('GET', `/rest/workflows/${id}`);
	}

	/** Saves a changed workflow; a published one stays as published until activated again. */
	async updateWorkflow(id: string, change: Partial<WorkflowJson>): Promise<StoredWorkflow> {
		const { versionId } = await this.getWorkflow(id);
		return await this.session.call('PATCH', `/rest/workflows/${id}?forceSave=true`, {
			...change,
			versionId,
		});
	}

	/** Publishes the workflow and waits until its production webhooks, if any, are registered. */
	async activate(id: string): Promise<StoredWorkflow> {
		const { versionId, nodes } = await this.getWorkflow(id);
		const active = await this.publish(id, versionId);
		for (const node of nodes) {
			if (node.type !== 'n8n-nodes-base.webhook' || node.disabled) continue;
			// n8n registers it a moment later. Asked for by a method that no webhook of ours has, it names
			// those that it does know for the path.
			const path = `/webhook/${String(node.parameters.path)}`;
			await until(
				async () => {
					const { statusCode, body } = await this.session.send('PUT', path);
					return (await body.text()).includes('not registered for PUT') && statusCode === 404;
				},
				{ what: `${path} to be registered` },
			);
		}
		return active;
	}

	async deactivate(id: string): Promise<void> {
		await this.session.call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/**
	 * Runs a saved workflow by hand, like the editor's button, and returns the execution's ID.
	 *
	 * @param from name of the trigger node to start from
	 */
	async run(id: string, from: string): Promise<string> {
		const answer = await this.session.call<{ executionId?: string }>(
			'POST',
			`/rest/workflows/${id}/run`,
			{ triggerToStartFrom: { name: from } },
		);
		if (!answer.executionId) throw new Error(`n8n did not start: ${JSON.stringify(answer)}`);
		return answer.executionId;
	}

	/** Calls a production webhook; any status is an answer. */
	async webhook(path: string, options: WebhookRequest = {}): Promise<WebhookAnswer> {
		const { method = 'POST', body, headers = {}, signal } = options;
		const raw = typeof body === 'string' || Buffer.isBuffer(body);
		const answer = await this.session.send(method, `/webhook/${path}`, {
			headers: { ...(body === undefined || raw ? {} : JSON_BODY), ...headers },
			body: body === undefined ? null : raw ? body : JSON.stringify(body),
			...(signal ? { signal } : {}),
		});
		const bytes = Buffer.from(await answer.body.arrayBuffer());
		return {
			status: answer.statusCode,
			headers: answer.headers,
			body: bytes,
			json: () => JSON.parse(bytes.toString()) as unknown,
		};
	}

	/** Newest first. */
	async executions(filter: { workflowId?: string } = {}): Promise<ExecutionSummary[]> {
		const query = new URLSearchParams({ filter: JSON.stringify(filter), limit: '100' });
		const { results } = await this.session.call<{ results: ExecutionSummary[] }>(
			'GET',
			`/rest/executions?${query.toString()}`,
		);
		return results;
	}

	/** @throws N8nApiError with status 404 when n8n does not know it */
	async execution(id: string): Promise<Execution> {
		const stored = await this.session.call<
			(Omit<Execution, 'data'> & { data: string }) | undefined
		>('GET', `/rest/executions/${id}`);
		if (!stored) throw new N8nApiError('GET', `/rest/executions/${id}`, 404, 'No such execution');
		return { ...stored, data: parse(stored.data) as IRunExecutionData };
	}

	/**
	 * Waits until an execution has one of some statuses, by default until it has ended or waits.
	 *
	 * @throws Error when it ends in another status, or not in time (4 minutes unless given)
	 */
	async waitFor(
		id: string,
		statuses: readonly ExecutionStatus[] = [...ENDED, 'waiting'],
		{ timeoutMs = 240_000 }: WaitOptions = {},
	): Promise<Execution> {
		let last: Execution | undefined;
		let crashedSince: number | undefined;
		return await until(
			async () => {
				last = await this.execution(id);
				if (last.status !== 'crashed') crashedSince = undefined;
				else crashedSince ??= Date.now();
				const isRecovering = crashedSince !== undefined && Date.now() - crashedSince < RECOVERY_MS;
				if (isRecovering) return undefined;
				if (statuses.includes(last.status)) return last;
				if (ENDED.includes(last.status)) throw new Error(describe(last));
				return undefined;
			},
			{
				what: `execution ${id} to be ${statuses.join(' or ')}`,
				timeoutMs,
				explain: () => (last ? describe(last) : ''),
			},
		);
	}

	/** Waits for an execution of a workflow that is not among the ones already known. */
	async nextExecution(
		workflowId: string,
		known: readonly string[] = [],
	): Promise<ExecutionSummary> {
		return await until(
			async () => (await this.executions({ workflowId })).find(({ id }) => !known.includes(id)),
			{ what: `a new execution of workflow ${workflowId}` },
		);
	}

	async stopExecution(id: string): Promise<ExecutionSummary> {
		return await this.session.call('POST', `/rest/executions/${id}/stop`);
	}

	/**
	 * Retries a failed execution with the workflow as it was, or as it is now, and returns the new
	 * execution's ID as soon as it has one (n8n itself answers only when the retry has ended).
	 */
	async retryExecution(id: string, workflow: 'original' | 'current'): Promise<string> {
		const { workflowId } = await this.execution(id);
		const known = (await this.executions({ workflowId })).map((execution) => execution.id);
		let failure: unknown;
		this.session
			.call('POST', `/rest/executions/${id}/retry`, { loadWorkflow: workflow === 'current' })
			.catch((error: unknown) => {
				failure = error;
			});
		const retry = await until(
			async () => {
				if (failure instanceof N8nApiError) throw failure;
				const all = await this.executions({ workflowId });
				return all.find((execution) => execution.retryOf === id && !known.includes(execution.id));
			},
			{ what: `the retry of execution ${id}` },
		);
		return retry.id;
	}

	/** The bytes of a stored binary, by the `id` in an item's binary data. */
	async download(binaryId: string): Promise<Buffer> {
		const query = new URLSearchParams({ id: binaryId, action: 'download' });
		const path = `/rest/binary-data?${query.toString()}`;
		const answer = await this.session.send('GET', path);
		const bytes = Buffer.from(await answer.body.arrayBuffer());
		if (answer.statusCode === 200) return bytes;
		throw new N8nApiError('GET', path, answer.statusCode, bytes.toString());
	}

	async close(): Promise<void> {
		await this.session.close();
	}

	private async publish(id: string, versionId: string): Promise<StoredWorkflow> {
		const path = `/rest/workflows/${id}`;
		try {
			return await this.session.call('POST', `${path}/activate`, { versionId });
		} catch (error) {
			if (!(error instanceof N8nApiError) || error.status !== 404) throw error;
			// n8n 1 has no such address.
			return await this.session.call('PATCH', path, { active: true, versionId });
		}
	}
}

const JSON_BODY = { 'content-type': 'application/json' };

/** One line for a failure message. */
export function describe(execution: Execution): string {
	const { error, lastNodeExecuted } = execution.data.resultData;
	const cause = error
		? ` in "${lastNodeExecuted}": ${error.message} ${error.description ?? ''}`
		: '';
	return `Execution ${execution.id} is "${execution.status}"${cause}`;
}
